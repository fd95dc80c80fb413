"""How the tools behave: tip, mirror, smoothing, protected classes, gaps, selection mode."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.session.tip_shelf import TipShelf
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.document.selection import Selection, SelectionMode
from oasis_studio.core.pixels.gaps import MOST_GAP
from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.core.pixels.tip_shape import TipShape
from oasis_studio.core.tools import ToolOptions


class ToolSettings(QObject):
    """Widgets read the properties, call the methods and listen to ``changed``."""

    changed = Signal()

    def __init__(self, palette: Palette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self.tip = Tip.ROUND
        self.shape: TipShape | None = None
        """A tip of any other shape, in place of ``tip``."""
        self.shelf = TipShelf(self)
        self.gap = 0
        self.smoothing = 0.0
        self.tolerance = 24
        self.fills_contiguous = True
        """Do fill, region and wand take only what hangs together?"""
        self.is_mirrored = False
        self.aims_at_guides = False
        """Do shapes, paths and what is moved go to guides that are near?"""
        self.feels_pressure = True
        self.protects = False
        self.protected: frozenset[int] = frozenset()
        self.selection_mode = SelectionMode.REPLACE

    def set_tip(self, tip: Tip) -> None:
        self.shape, had_shape = None, self.shape is not None
        self._put("tip", tip)
        if had_shape:
            self.changed.emit()

    def set_shape(self, shape: TipShape) -> None:
        """Paint with a tip of another shape until a round or square one is chosen."""
        self._put("shape", shape)

    def set_gap(self, pixels: int) -> None:
        """Openings that a fill does not run through, kept within 0..8 pixels."""
        self._put("gap", max(0, min(pixels, MOST_GAP)))

    def set_smoothing(self, share: float) -> None:
        """0 follows the hand exactly, 1 steadies it most."""
        self._put("smoothing", max(0.0, min(share, 1.0)))

    def set_tolerance(self, difference: int) -> None:
        """How far colours may differ from the one that the wand touched, 0..255."""
        self._put("tolerance", max(0, min(difference, 255)))

    def set_contiguous(self, is_contiguous: bool) -> None:
        self._put("fills_contiguous", is_contiguous)

    def set_mirrored(self, is_mirrored: bool) -> None:
        self._put("is_mirrored", is_mirrored)

    def set_pressure(self, is_felt: bool) -> None:
        self._put("feels_pressure", is_felt)

    def set_selection_mode(self, mode: SelectionMode) -> None:
        self._put("selection_mode", mode)

    def set_protects(self, protects: bool) -> None:
        """Keep the protected classes from being painted over, or not; the list of them stays."""
        self._put("protects", protects)

    def toggle_protected(self, label: int) -> None:
        """Protect one class more or one less. To protect the first one switches the protection on."""
        self.protected = self.protected ^ {label}
        self.protects = bool(self.protected) and (self.protects or label in self.protected)
        self.changed.emit()

    def is_protected(self, label: int) -> bool:
        """Would painting leave that class alone now?"""
        return self.protects and label in self.protected

    def fit(self, palette: Palette) -> None:
        """Other classes: none of them is protected yet."""
        if palette != self._palette:
            self._palette, self.protected, self.protects = palette, frozenset(), False
            self.changed.emit()

    def options(
        self, label: int, size: int, selection: Selection | None, snaps: bool = False, subtracts: bool = False
    ) -> ToolOptions:
        """What a tool is told at its press."""
        return ToolOptions(
            label,
            size,
            tip=self.tip,
            shape=self.shape,
            selection=selection,
            protected=self.protected if self.protects else frozenset(),
            is_mirrored=self.is_mirrored,
            smoothing=self.smoothing,
            snaps=snaps,
            subtracts=subtracts,
            gap=self.gap,
        )

    def _put(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()
