"""What names a region."""

from __future__ import annotations

from typing import NamedTuple

BACKGROUND_LAYER = 0
"""Stands for the layer of pixels that nobody painted; the ids of layers begin at 1."""


class RegionKey(NamedTuple):
    """The pixels of class ``label`` that the layer with id ``layer_id`` contributes."""

    layer_id: int
    label: int


WHOLE_IMAGE = RegionKey(-1, -1)
"""Its style is that of every region without a style of its own."""
