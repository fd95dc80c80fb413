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
        Measure("kid_e", _("KID-E"), "less", 3, _("kernel distance of EfficientNet's features to photos'; no FID")),
        Measure("fd_e", _("FD-E"), "less", 1, _("Fréchet distance of EfficientNet's features to photos'; no FID")),
        Measure("mean_iou", _("mean IoU"), "more", 3, _("the reader's reading of the picture against the label map")),
        Measure("accuracy", _("pixel accuracy"), "more", 3, _("share of the pixels read as their class")),
        Measure("iou_ratio", _("mean IoU, of photos'"), "more", 3, _("mean IoU over that of the photos themselves")),
        Measure("fid", _("FID"), "less", 1, _("of your own Inception file, all photos against all pictures")),
        Measure("kid_i", _("KID"), "less", 3, _("kernel distance of your own Inception file's features")),
        Measure("own_iou", _("mean IoU (yours)"), "more", 3, _("read by your own segmenter")),
        Measure("own_accuracy", _("accuracy (yours)"), "more", 3, _("read by your own segmenter")),
        Measure("precision", _("precision"), "more", 3, _("pictures that lie among photos")),
        Measure("recall", _("recall"), "more", 3, _("photos that lie among pictures")),
        Measure("density", _("density"), "more", 3, _("how many photos a picture has around it; 1 = as photos have")),
        Measure("coverage", _("coverage"), "more", 3, _("photos that have a picture near them")),
        Measure("diversity", _("diversity"), "more", 3, _("features' distance of two seeds (photos: of two scenes)")),
        Measure("ms_ssim", _("MS-SSIM"), "less", 3, _("likeness of two seeds (photos: of two scenes)")),
        Measure("locality", _("locality"), "more", 1, _("a region's new noise: change inside over change outside")),
        Measure("patches", _("patches"), "less", 0, _("sliced Wasserstein distance of small patches to photos'")),
        Measure("spectrum", _("spectrum, dB"), "less", 2, _("how far the power at all frequencies is from photos'")),
        Measure("colours", _("colours, χ²"), "less", 3, _("how far the colours of the classes are from photos'")),
        Measure("grid", _("grid, dB"), "alike", 2, _("power at a 16-pixel grid's frequencies over that nearby")),
        Measure("repetition", _("repetition"), "alike", 3, _("how much large regions repeat a pattern")),
        Measure("sharpness", _("sharpness"), "alike", 1, _("mean difference of neighbouring pixels")),
        Measure(
            "copying", _("copying"), "alike", 2, _("nearest photo trained on over nearest other; below 0.9: alarm")
        ),
        Measure("copying_pixels", _("copying, patches"), "alike", 2, _("the same with patches of the pictures")),
    )
