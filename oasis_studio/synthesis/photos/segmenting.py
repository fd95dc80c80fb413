"""A photo as a label map in a model's own classes, as its reader or its critic reads it."""

from __future__ import annotations

import numpy as np

from oasis_studio.core.tools.cleanup import without_specks
from oasis_studio.core.work.jobs import Segmentation
from oasis_studio.synthesis.photos.reading import PhotoReader

_SMALLEST_SHARE = 2_000
"""A piece smaller than one pixel in so many is a speck."""


def segment(
    reader: PhotoReader, image_HW3: np.ndarray, smallest: int = 0, dont_care: int | None = None
) -> Segmentation:
    """The likeliest class of every pixel of a photo of any size; never ``dont_care``, which is no thing to be seen.

    Pieces of fewer than ``smallest`` pixels (0: as suits the size; 1: none) take the class around them.
    """
    priors = np.ones(reader.classes, np.float32)
    if dont_care is not None and len(priors) > 1:
        priors[dont_care] = 0
    labels, sure = reader.read(image_HW3).named(priors)
    return Segmentation(without_specks(labels, smallest or max(1, labels.size // _SMALLEST_SHARE)), sure)
