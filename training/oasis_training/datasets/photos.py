"""Photos of a data set, decoded on demand by the program's one reader of photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from oasis_studio.core.disk.endings import PHOTO_ENDINGS, ending
from oasis_studio.core.files.pictures.photo import photo_format, photo_pixels
from oasis_training.datasets.model import Blob


@dataclass(frozen=True)
class Photo:
    """A picture file as it is, turned upright."""

    blob: Blob

    def read(self) -> np.ndarray:
        return photo_pixels(self.blob.read(), self.blob.name)

    def original(self) -> tuple[str, bytes] | None:
        """The ending is that of what the file holds, whatever it is called."""
        data = self.blob.read()
        kind, named = photo_format(data, self.blob.name), ending(self.blob.name)
        if PHOTO_ENDINGS.get(named) == kind:
            return named, data
        return next(each for each, known in PHOTO_ENDINGS.items() if known == kind), data


@dataclass(frozen=True)
class HalfPhoto:
    """The left or right half of a picture file."""

    blob: Blob
    side: Literal["left", "right"]

    def read(self) -> np.ndarray:
        return half(Photo(self.blob).read(), self.side)

    def original(self) -> tuple[str, bytes] | None:
        return None


def half(image: np.ndarray, side: Literal["left", "right"]) -> np.ndarray:
    """One half of (H, W, …); a middle column of an odd width belongs to neither."""
    width = image.shape[1] // 2
    return image[:, :width] if side == "left" else image[:, image.shape[1] - width :]
