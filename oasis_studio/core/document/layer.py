"""One layer of painted labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED

_next_id = count(1)


class ColorTag(StrEnum):
    """A mark in the layers list; the theme says which colour it is."""

    NONE = "none"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"
    GREY = "grey"


@dataclass(eq=False)
class LabelLayer:
    """``labels`` (H, W) uint8 class ids, 255 = unpainted. ``id`` is unique while the program runs."""

    name: str
    labels: np.ndarray
    is_visible: bool = True
    is_locked: bool = False
    opacity: float = 1.0
    """Of its display only; a half transparent label is still that label."""
    group: str = ""
    """Neighbours in the list with the same name form a group; "" belongs to none. It never changes the label map."""
    color_tag: ColorTag = ColorTag.NONE
    id: int = field(default_factory=lambda: next(_next_id))

    @classmethod
    def blank(cls, name: str, width: int, height: int) -> LabelLayer:
        """A layer on which nothing is painted."""
        return cls(name, np.full((height, width), UNPAINTED, np.uint8))
