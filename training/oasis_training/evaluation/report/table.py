"""A judgement as a person reads it in a terminal."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oasis_studio.core.models.card import READER_FILE, ModelCard
from oasis_studio.i18n import _
from oasis_training.evaluation.judgement import Judgement, remark
from oasis_training.evaluation.measures import Better, measures
from oasis_training.evaluation.resampling import Estimate

_SIGNS: dict[Better, str] = {"less": "↓", "more": "↑", "alike": "≈"}
UNSURE = 0.3
"""Below this IoU on photos, a class is not read well enough to judge pictures by it."""


def print_judgement(judgement: Judgement, to: Console) -> None:
    """One row per measure, one column per model; the photos' own numbers and the controls say what is possible."""
    to.print(
        _("{count} scenes of {data} at {size} pixels").format(
            count=len(judgement.names), data=judgement.data, size=judgement.size
        )
    )
    for card in judgement.readers:
        to.print(reader_name(card))
    to.print(_measures(judgement))
    if judgement.readers:
        to.print(_classes(judgement))
    for note in (*judgement.notes, remark()):
        to.print(note)


def reader_name(card: ModelCard) -> str:
    """Which reader judged: the model it comes with and its hash."""
    return _("reader of {model}, {hash}").format(model=card.name, hash=card.sha256[READER_FILE][:12])


def _measures(judgement: Judgement) -> Table:
    table = _table(judgement, _("measure"))
    for measure in measures():
        found = [column.values.get(measure.key) for column in judgement.columns]
        if any(found):
            table.add_row(
                f"{measure.title} {_SIGNS[measure.better]}", *(shown(value, measure.digits) for value in found)
            )
    return table


def _classes(judgement: Judgement) -> Table:
    table = _table(judgement, _("IoU of"))
    photos = judgement.columns[0]
    for entry, real in zip(judgement.palette.classes, photos.iou, strict=True):
        if math.isnan(real.value):
            continue
        mark = " ?" if real.value < UNSURE else ""
        table.add_row(entry.name + mark, *(shown(column.iou[entry.id], 3) for column in judgement.columns))
    if any(real.value < UNSURE for real in photos.iou):
        table.caption = _("? the reader reads this class badly in photos, too")
    return table


def _table(judgement: Judgement, title: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0), caption_justify="left")
    table.add_column(title, no_wrap=True)
    for column in judgement.columns:
        style = "" if column.kind == "model" else "dim"
        table.add_column(column.name, justify="right", overflow="fold", style=style)
    return table


def shown(value: Estimate | None, digits: int) -> Text:
    """The number and, smaller, how far the interval reaches to either side."""
    if value is None or math.isnan(value.value):
        return Text("–", style="dim")
    text = Text(f"{value.value:.{digits}f}")
    if not math.isnan(value.high):
        text.append(f" ±{value.high - value.value:.{digits}f}", style="dim")
    return text
