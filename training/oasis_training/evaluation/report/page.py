"""A judgement as one HTML file: numbers, classes and pictures, with nothing to load from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from pathlib import Path

import torch

from oasis_studio.core.disk.atomic import write_bytes
from oasis_studio.i18n import _, decimal, ngettext
from oasis_training.evaluation.judgement import Column, Judgement, remark
from oasis_training.evaluation.measures import Better, Measure, measures
from oasis_training.evaluation.report.page_pictures import label_tag, picture_tag
from oasis_training.evaluation.report.page_style import STYLE
from oasis_training.evaluation.report.scale import scale
from oasis_training.evaluation.report.table import UNSURE, reader_name
from oasis_training.evaluation.report.variety_page import variety_section
from oasis_training.evaluation.resampling import Estimate

LARGE = ("kid_e", "fd_e", "mean_iou", "diversity")
"""Keys of the measures that stand in large figures at the top of the report."""
_SHOWN = 12
_EXTREMES = 4
_BETTER: dict[Better, str] = {"less": "↓", "more": "↑", "alike": "≈"}


def write_page(path: Path, judgement: Judgement, labels: torch.Tensor) -> None:
    """Write the report; ``labels`` (N, S, S) are the label maps of the scenes."""
    write_bytes(path, page(judgement, labels).encode())


def page(judgement: Judgement, labels: torch.Tensor) -> str:
    """The whole file."""
    title = ", ".join(column.name for column in judgement.models)
    parts = [
        _head(judgement, title),
        _measures(judgement),
        _classes(judgement),
        _pictures(judgement, labels),
        *(variety_section(column, labels, judgement.palette) for column in judgement.models),
        _meanings(judgement),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<style>{STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def _head(judgement: Judgement, title: str) -> str:
    count = len(judgement.names)
    facts = [
        ngettext("{count} scene", "{count} scenes", count).format(count=count),
        _("{size}×{size} pixels").format(size=judgement.size),
        *(reader_name(card) for card in judgement.readers),
    ]
    notes = "".join(f"<p>{escape(note)}</p>" for note in (*judgement.notes, remark()))
    return (
        f"<header><h1>{escape(title)}</h1><p class=dim>{escape(judgement.data)} · {escape(' · '.join(facts))}</p>"
        f"{_figures(judgement)}<div class=note>{notes}</div></header>"
    )


def _figures(judgement: Judgement) -> str:
    """The few numbers that most people want, large."""
    cards = []
    chosen = [measure for measure in measures() if measure.key in LARGE]
    for number, column in enumerate(judgement.models):
        for measure in chosen:
            value = column.values.get(measure.key)
            if value is None or math.isnan(value.value):
                continue
            photos = judgement.columns[0].values.get(measure.key)
            compare = "" if photos is None else f"<small>{escape(_('photos'))} {_number(photos, measure)}</small>"
            cards.append(
                f"<div class=figure><span class=dim><i class=m{number % 4}></i>{escape(column.name)}</span>"
                f"<b>{value.value:.{measure.digits}f}</b><span>{escape(measure.title)} {_BETTER[measure.better]}</span>"
                f"{compare}</div>"
            )
    return f"<div class=figures>{''.join(cards)}</div>"


def _measures(judgement: Judgement) -> str:
    rows = []
    for measure in measures():
        found = [column.values.get(measure.key) for column in judgement.columns]
        if not any(found):
            continue
        cells = "".join(_cell(column, value, measure) for column, value in zip(judgement.columns, found, strict=True))
        rows.append(
            f'<tr title="{escape(measure.meaning)}"><th>{escape(measure.title)} <span class=dim>'
            f"{_BETTER[measure.better]}</span></th><td class=scale>{scale(judgement.columns, measure)}</td>{cells}</tr>"
        )
    return _section(
        _("Numbers"),
        _table(_("measure"), judgement, rows),
        _("Photos are measured as the models are: one half of them against the other. ± is half of a 95 % interval."),
    )


def _cell(column: Column, value: Estimate | None, measure: Measure) -> str:
    kind = "" if column.kind == "model" else " class=dim"
    return f"<td{kind}>{'–' if value is None else _number(value, measure)}</td>"


def _number(value: Estimate, measure: Measure) -> str:
    if math.isnan(value.value):
        return "–"
    reach = "" if math.isnan(value.high) else f" <small>±{value.high - value.value:.{measure.digits}f}</small>"
    return f"{value.value:.{measure.digits}f}{reach}"


def _table(title: str, judgement: Judgement, rows: list[str]) -> str:
    heads, number = [f"<th>{escape(title)}</th><th></th>"], 0
    for column in judgement.columns:
        mark = ""
        if column.kind == "model":
            mark, number = f"<i class=m{number % 4}></i>", number + 1
        heads.append(f"<th>{mark}{escape(column.name)}</th>")
    head, body = "".join(heads), "".join(rows)
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _classes(judgement: Judgement) -> str:
    photos = judgement.columns[0]
    rows = []
    for entry, real in zip(judgement.palette.classes, photos.iou, strict=False):
        if math.isnan(real.value):
            continue
        bars = [_bar("photo", real.value)]
        bars += [_bar(f"m{number % 4}", c.iou[entry.id].value) for number, c in enumerate(judgement.models)]
        mark = f' <abbr title="{escape(_("read badly in photos too"))}">?</abbr>' if real.value < UNSURE else ""
        shown = [(column.kind, decimal(column.iou[entry.id].value, 2)) for column in judgement.columns]
        numbers = "".join(f"<td{'' if kind == 'model' else ' class=dim'}>{text}</td>" for kind, text in shown)
        rows.append(
            f'<tr><th><span class=chip style="background:{entry.hex}"></span>{escape(entry.name)}{mark}</th>'
            f"<td class=bars>{''.join(bars)}</td>{numbers}</tr>"
        )
    if not rows:
        return ""
    return _section(
        _("Classes"),
        _table(_("IoU of"), judgement, rows),
        _("How well the reader finds each class where the label map has it. More than photos is no praise: "
          "a picture can be plainer than any photo."),
    )  # fmt: skip


def _bar(kind: str, share: float) -> str:
    return f'<span class="bar {kind}" style="width:{100 * max(0.0, min(1.0, share)):.1f}%"></span>'


def _pictures(judgement: Judgement, labels: torch.Tensor) -> str:
    rows = torch.linspace(0, len(labels) - 1, min(_SHOWN, len(labels))).round().long().tolist()
    body = _grid(judgement, labels, rows)
    text = _section(_("Pictures"), body, _("Evenly out of all scenes, nothing chosen."))
    first = judgement.models[0]
    if first.accuracies is not None and len(labels) > _SHOWN:
        order = first.accuracies.argsort().tolist()
        text += _section(
            _("Least and most agreement"),
            _grid(judgement, labels, order[:_EXTREMES]) + _grid(judgement, labels, order[-_EXTREMES:]),
            _("The pictures of {model} whose reading agrees least and most with the label map.").format(
                model=first.name
            ),
        )
    return text


def _grid(judgement: Judgement, labels: torch.Tensor, rows: Iterable[int]) -> str:
    shown = [column for column in judgement.columns if column.kind != "control"]
    scenes = []
    for row in rows:
        tags = [f"<figure>{label_tag(labels[row], judgement.palette)}<figcaption>&nbsp;</figcaption></figure>"]
        for column in shown:
            caption = escape(column.name)
            if column.accuracies is not None:
                caption += f" <b>{decimal(100 * float(column.accuracies[row]))} %</b>"
            tags.append(f"<figure>{picture_tag(column.pictures[row])}<figcaption>{caption}</figcaption></figure>")
        scenes.append(f'<div class=scene title="{escape(judgement.names[row])}">{"".join(tags)}</div>')
    return f"<div class=scenes>{''.join(scenes)}</div>"


def _meanings(judgement: Judgement) -> str:
    known = {key for column in judgement.columns for key in column.values}
    rows = "".join(
        f"<dt>{escape(measure.title)} {_BETTER[measure.better]}</dt><dd>{escape(measure.meaning)}</dd>"
        for measure in measures()
        if measure.key in known
    )
    signs = _("↓ less is better · ↑ more is better · ≈ the nearer to the photos' number, the better")
    return _section(_("What the numbers say"), f"<dl>{rows}</dl>", signs)


def _section(title: str, body: str, lead: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p class=dim>{escape(lead)}</p>{body}</section>"
