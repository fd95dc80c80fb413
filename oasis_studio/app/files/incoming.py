"""What a file that was dropped or opened probably is."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PIL import Image

from oasis_studio.core.disk.endings import LABEL_FORMATS, PHOTO_FORMATS, ending, is_label_map
from oasis_studio.core.disk.openable import DRAWING, MODEL, OPENRASTER, is_openable
from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.core.files.pictures.picture import open_picture
from oasis_studio.errors import StudioError

_FORMATS = sorted({*LABEL_FORMATS, *PHOTO_FORMATS})
_SIDE = 256
_MOST_LABEL_COLORS = 192
"""A small copy with more colours than this is a photo: no drawing shows so many classes."""


class Incoming(Enum):
    """What a file that a person opens or drops is."""

    DRAWING = "drawing"
    MODEL = "model"
    OPENRASTER = "openraster"
    LABELS = "labels"
    PHOTO = "photo"


def kind_of(path: Path) -> Incoming | None:
    """By ending, and for images that may be either by what is in them; None for a file that is nothing for us."""
    if not is_openable(path):
        return None
    by_name = {
        DRAWING: Incoming.DRAWING,
        MODEL: Incoming.MODEL,
        OPENRASTER: Incoming.OPENRASTER,
        ".npy": Incoming.LABELS,
    }
    if (kind := by_name.get(ending(path))) is not None:
        return kind
    return _kind_of_image(path) if is_label_map(path) else Incoming.PHOTO


def _kind_of_image(path: Path) -> Incoming:
    """A damaged image counts as labels: the import tells best what is wrong with it."""
    try:
        picture = open_picture(read_bytes(path), path.name, _FORMATS)
        if picture.image.mode in ("P", "L", "1", "I", "I;16"):
            return Incoming.LABELS
        picture.image.draft("RGB", (_SIDE, _SIDE))
        small = Image.fromarray(picture.converted("RGB")).resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    except StudioError:
        return Incoming.LABELS
    return Incoming.LABELS if small.getcolors(_MOST_LABEL_COLORS) else Incoming.PHOTO
