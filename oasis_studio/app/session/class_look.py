"""How the classes look on the screen: their own colours or safer ones, plain or hatched."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.classes.safe_colors import safe_palette_colors


class ClassLook(QObject):
    """For the eye only: what is written to files has the classes' own colours."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_safe = False
        """Colours that colour-blind people tell apart."""
        self.has_patterns = False
        """A hatch pattern on every class but the first."""

    def colors(self, palette: Palette) -> np.ndarray:
        """(256, 3) uint8 look-up table."""
        return safe_palette_colors(palette) if self.is_safe else palette.colors

    def hex(self, palette: Palette, label: int) -> str:
        """The colour of one class as #rrggbb."""
        return "#{:02x}{:02x}{:02x}".format(*self.colors(palette)[label])

    def make_safe(self, is_safe: bool) -> None:
        self._put("is_safe", is_safe)

    def show_patterns(self, has_patterns: bool) -> None:
        self._put("has_patterns", has_patterns)

    def _put(self, name: str, value: bool) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()
