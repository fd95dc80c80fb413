"""What a file that was dropped or opened probably is."""

from __future__ import annotations

import warnings
from enum import Enum
from pathlib import Path

from PIL import Image

from oasis_studio.core.files.label_reading import FORMATS

_SIDE = 256
_MOST_LABEL_COLORS = 192
"""A small copy with more colours than this is a photo: no drawing shows so many classes."""


class Incoming(Enum):
    DRAWING = "drawing"
    OPENRASTER = "openraster"
    LABELS = "labels"
    PHOTO = "photo"


def kind_of(path: Path) -> Incoming | None:
    """By ending, and for images by what is in them; None for a file that is nothing for us."""
    ending = path.suffix.lower()
    if ending in (".oasis", ".ora", ".npy"):
        return {".oasis": Incoming.DRAWING, ".ora": Incoming.OPENRASTER, ".npy": Incoming.LABELS}[ending]
    if ending in (".jpg", ".jpeg"):
        return Incoming.PHOTO
    if ending in (".png", ".webp", ".tif", ".tiff", ".bmp", ".gif"):
        return _kind_of_image(path)
    return None


def _kind_of_image(path: Path) -> Incoming:
    """A damaged image counts as labels: the import tells best what is wrong with it."""
    try:
        with warnings.catch_warnings(), Image.open(path, formats=FORMATS) as image:
            warnings.simplefilter("ignore")
            if image.mode in ("P", "L", "1", "I", "I;16"):
                return Incoming.LABELS
            image.draft("RGB", (_SIDE, _SIDE))
            small = image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Incoming.LABELS
    return Incoming.LABELS if small.getcolors(_MOST_LABEL_COLORS) else Incoming.PHOTO
