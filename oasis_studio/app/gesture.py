"""What a hand does on the label canvas, whichever tool it holds."""

from __future__ import annotations

from typing import Protocol


class Gesture(Protocol):
    """Coordinates are document pixels as floats; ``control`` and ``shift`` are the keys held at that moment.

    ``press`` raises StudioError if it cannot begin. Some stay open after the release, until ``finish`` or ``cancel``.
    """

    @property
    def is_open(self) -> bool: ...

    def press(self, x: float, y: float, control: bool = False, shift: bool = False, pressure: float = 1.0) -> None: ...

    def move(self, x: float, y: float, shift: bool = False, pressure: float = 1.0) -> None: ...

    def release(self, x: float, y: float, shift: bool = False) -> None: ...

    def finish(self) -> None:
        """Enter or a double click: end what stays open after the release."""
        ...

    def take_back(self) -> None:
        """Backspace: forget the last corner."""
        ...

    def cancel(self) -> None:
        """Escape: as if nothing had begun."""
        ...
