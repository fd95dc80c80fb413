"""Carrying a drawing from one model's classes to another's."""

from __future__ import annotations

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED, Palette


def class_map(old: Palette, new: Palette) -> tuple[np.ndarray, list[int]]:
    """((256,) uint8 new id of every old one, ids of ``old`` that ``new`` does not name).

    Classes meet by name, ignoring case; one without a namesake becomes unpainted, so that the layer below shows.
    """
    ids = new.namesakes(old.classes)
    table = np.full(256, UNPAINTED, np.uint8)
    table[list(ids)] = list(ids.values())
    return table, [entry.id for entry in old.classes if entry.id not in ids]


def background_of(old: Palette, background: int, new: Palette) -> int:
    """The class of ``new`` that takes the place of the background class of ``old``."""
    name = old.classes[background].name if background < len(old) else ""
    namesake = new.by_name(name)
    if namesake is not None:
        return namesake.id
    return next((entry.id for entry in new.classes if entry.id != new.dont_care), 0)
