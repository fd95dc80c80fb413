"""An axis-aligned rectangle of pixels."""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    """Half-open pixel rectangle: columns [left, right), rows [top, bottom)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        return max(0, self.bottom - self.top)

    @property
    def is_empty(self) -> bool:
        return self.width == 0 or self.height == 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of an (H, W, …) array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def clipped(self, width: int, height: int) -> Box:
        """The part inside a ``width`` × ``height`` canvas (possibly empty)."""
        left, top = min(max(self.left, 0), width), min(max(self.top, 0), height)
        return Box(left, top, max(left, min(self.right, width)), max(top, min(self.bottom, height)))

    def united(self, other: Box) -> Box:
        """The smallest box around both; an empty box adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


EMPTY = Box(0, 0, 0, 0)
