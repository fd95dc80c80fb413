"""Carrying a drawing from one model's classes to another's."""

from __future__ import annotations

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.document.document import Document
from oasis_studio.core.history.commands import SetModel


def class_map(old: Palette, new: Palette) -> np.ndarray:
    """(256,) uint8, the new id of every old one.

    Classes meet by name, ignoring case; one without a namesake becomes unpainted, so that the layer below shows.
    """
    ids = new.namesakes(old.classes)
    table = np.full(256, UNPAINTED, np.uint8)
    table[list(ids)] = list(ids.values())
    return table


def background_of(old: Palette, background: int, new: Palette) -> int:
    """The class of ``new`` that takes the place of the background class of ``old``."""
    name = old.classes[background].name if background < len(old) else ""
    namesake = new.by_name(name)
    if namesake is not None:
        return namesake.id
    return next((entry.id for entry in new.classes if entry.id != new.dont_care), 0)


def to_model(document: Document, model: str, palette: Palette) -> SetModel:
    """The step that gives a drawing another model, and with it classes of the same names."""
    background = background_of(document.palette, document.background, palette)
    return SetModel(model, palette, background, class_map(document.palette, palette))
