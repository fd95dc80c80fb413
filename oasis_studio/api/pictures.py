"""Files as arrays: label maps and photos."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oasis_studio.api import arrays
from oasis_studio.api.requests import painted
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.files.label_maps import files
from oasis_studio.core.files.pictures import photo as photos

if TYPE_CHECKING:
    from oasis_studio.api.model import Model


def read_photo(path: str | PathLike[str]) -> np.ndarray:
    """(H, W, 3) uint8 RGB, upright, from PNG, JPEG, WebP or TIFF; StudioError if it is none."""
    return photos.read_photo(Path(path))


def write_photo(path: str | PathLike[str], photo_HW3: Any, facts: Mapping[str, str] | None = None) -> None:
    """Write PNG, JPEG, WebP or TIFF, as the ending says; whole or not at all. ``facts`` go into the metadata."""
    photos.write_photo(Path(path), arrays.photo(photo_HW3), dict(facts or {}))


def read_labels(path: str | PathLike[str], model: Model) -> np.ndarray:
    """(H, W) uint8 ids of the model's classes, from indexed, grey or coloured pixels; 255 is unpainted.

    StudioError, in one sentence, if the file is no label map in the classes or colours of the model.
    """
    return files.read_labels(Path(path), model.card.palette)


def write_labels(path: str | PathLike[str], labels_HW: Any, model: Model) -> None:
    """An index PNG in the model's colours, or an array for the ending ``.npy``; whole or not at all."""
    files.write_labels(Path(path), arrays.label_map(labels_HW, model.card), model.card.palette)


def read_painted_labels(path: Path, palette: Palette) -> np.ndarray:
    """(H, W) uint8 ids of ``palette``; unpainted pixels become its don't-care class, or a StudioError."""
    return painted(files.read_labels(path, palette), palette, path.name)
