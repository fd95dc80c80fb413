"""The numbers of a judgement: their names, which way is better, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oasis_studio.i18n import _

Better = Literal["less", "more", "alike"]


@dataclass(frozen=True)
class Measure:
    """``better``: less, more, or alike = as near to the photos' own number as can be."""

    key: str
    title: str
    better: Better
    digits: int
    meaning: str


def measures() -> tuple[Measure, ...]:
    """All of them, in the order in which they are shown."""
    return (
        Measure("kid_s", _("KID-S"), "less", 3, _("kernel distance of the segmenter's features to photos")),
        Measure("fd_s", _("FD-S"), "less", 1, _("Fréchet distance of the segmenter's features to photos")),
        Measure("kid_r", _("KID-R"), "less", 3, _("kernel distance of fixed random features to photos")),
        Measure(
            "mean_iou", _("mean IoU"), "more", 3, _("the segmenter's reading of the picture against the label map")
        ),
        Measure("accuracy", _("pixel accuracy"), "more", 3, _("share of the pixels read as their class")),
        Measure("iou_ratio", _("mean IoU, of photos'"), "more", 3, _("mean IoU over that of the photos themselves")),
        Measure("precision", _("precision"), "more", 3, _("pictures that lie among photos")),
        Measure("recall", _("recall"), "more", 3, _("photos that lie among pictures")),
        Measure("density", _("density"), "more", 3, _("how many photos a picture has around it; 1 = as photos have")),
        Measure("coverage", _("coverage"), "more", 3, _("photos that have a picture near them")),
    )
