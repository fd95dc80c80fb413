"""Which files the window opens, by their names: dropped, named at the start, or handed over by a second start."""

from __future__ import annotations

from pathlib import PurePath

from oasis_studio.core.disk.endings import ending, is_label_map, is_photo

DRAWING = ".oasis"
OPENRASTER = ".ora"
"""A drawing of this or of another program."""
MODEL = ".oasismodel"
"""A model that was passed on as one file; it is installed."""
WEIGHTS = (".pth", ".pt", ".ckpt", ".safetensors")
"""Weights that somebody published; they are installed once it is known what their classes are."""


def is_openable(path: PurePath) -> bool:
    """Whether the window has a use for a file of that name."""
    return ending(path) in (DRAWING, OPENRASTER, MODEL) or is_photo(path) or is_label_map(path)
