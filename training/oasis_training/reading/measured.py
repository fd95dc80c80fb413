"""How well photos are read: readings against label maps, over all pixels of all photos together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from oasis_studio.core.classes.palette import Palette
from oasis_studio.synthesis.photos.critic import LabelledImage, class_iou, confusion, mean_iou
from oasis_studio.synthesis.photos.reading import PhotoReader
from oasis_studio.synthesis.photos.segmenting import segment


def reading_figures(reader: PhotoReader, photos: Iterable[LabelledImage], palette: Palette) -> dict[str, Any]:
    """Number of photos, mean IoU over the classes that occur, share of the pixels read rightly, IoU of every class."""
    classes = len(palette)
    counts, number = np.zeros((classes, classes), np.int64), 0
    for image, labels in photos:
        counts += confusion(labels, segment(reader, image, dont_care=palette.dont_care).labels_HW, classes)
        number += 1
    by_class = {
        entry.name: round(float(value), 3)
        for entry, value in zip(palette.classes, class_iou(counts), strict=True)
        if np.isfinite(value)
    }
    return {
        "reading_photos": number,
        "reading_mean_iou": round(mean_iou(counts), 4),
        "reading_pixel_accuracy": round(float(np.diag(counts).sum() / max(counts.sum(), 1)), 4),
        "reading_iou": by_class,
    }
