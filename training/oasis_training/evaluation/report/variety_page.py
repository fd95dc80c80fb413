"""The report's part on what one label map can become."""

from __future__ import annotations

from html import escape

import torch

from oasis_studio.core.classes.palette import Palette
from oasis_studio.i18n import _
from oasis_training.evaluation.judgement import Column
from oasis_training.evaluation.report.page_pictures import label_tag, picture_tag

_SCENES = 4
_BRIGHTER = 4
"""So that small changes are seen; half of the range is white."""


def variety_section(column: Column, labels: torch.Tensor, palette: Palette) -> str:
    """Several seeds of some scenes, and one region's noise drawn anew; nothing for a column without them."""
    variety = column.variety
    if variety is None:
        return ""
    chosen = torch.linspace(0, len(variety.rows) - 1, min(_SCENES, len(variety.rows))).round().long().tolist()
    lines = []
    for index in chosen:
        tags = [f"<figure>{label_tag(labels[variety.rows[index]], palette)}</figure>"]
        tags += [f"<figure>{picture_tag(picture)}</figure>" for picture in variety.seeds[index]]
        lines.append(f"<div class=strip>{''.join(tags)}</div>")
    text = _part(
        _("{model}: one label map, several seeds").format(model=column.name),
        _("The further the pictures are from each other, the more there is to choose from."),
        "".join(lines),
    )
    local = [index for index in range(len(variety.rows)) if variety.has_region[index]][:_SCENES]
    if local:
        text += _part(
            _("{model}: one region anew").format(model=column.name),
            _("Only the noise of the bright region differs between the second and the third picture; "
              "the last shows where anything changed."),
            "".join(_local(column, labels, palette, index) for index in local),
        )  # fmt: skip
    return text


def _local(column: Column, labels: torch.Tensor, palette: Palette, index: int) -> str:
    variety = column.variety
    assert variety is not None
    before, after, region = variety.seeds[index, 0], variety.changed[index], variety.region[index]
    ids = labels[variety.rows[index]]
    shade = torch.from_numpy(palette.colors[ids.numpy()]).permute(2, 0, 1) / 127.5 - 1
    shade = torch.where(region, shade, shade * 0.35 - 0.6)
    change = (after - before).abs().mean(dim=0, keepdim=True).expand(3, -1, -1) * _BRIGHTER - 1
    tags = "".join(f"<figure>{picture_tag(picture)}</figure>" for picture in (shade, before, after, change))
    return f"<div class=strip>{tags}</div>"


def _part(title: str, lead: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p class=dim>{escape(lead)}</p><div class=strips>{body}</div></section>"
