"""Where the panels lie: as usual, as the person has them, or out of the way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QTabWidget

from oasis_studio.ui.docks.dock import WIDTH, Dock

_TALL = 880
"""Lines of a window in which classes, regions and layers fit below each other with five regions in the list."""
_FIRST_HIDDEN = ("dataset", "variations")
"""Panels that come when there is something to show in them."""


class DockLayout(QObject):
    """``docks`` are those of the right side from top to bottom, then the strip below the canvases, "variations".

    The first stands alone; of the others, those behind the second share tabs. In a low window the second shares them,
    too, so that its list has room.
    """

    changed = Signal()
    """A panel was shown, hidden or laid out anew."""

    def __init__(self, window: QMainWindow, docks: Sequence[Dock]) -> None:
        super().__init__(window)
        self._window = window
        self.docks = {dock.objectName(): dock for dock in docks}
        self._hidden: list[Dock] = []
        window.setDockNestingEnabled(True)
        window.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        for dock in docks:
            dock.toggleViewAction().toggled.connect(self.changed)
            dock.visibilityChanged.connect(self.changed)
        self.reset()

    def reset(self) -> None:
        """Every panel where it is at the first start, in its usual size."""
        first, second, *others = (dock for name, dock in self.docks.items() if name != "variations")
        strip = self.docks["variations"]
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.fold(False)
            self._window.removeDockWidget(dock)
        right = Qt.DockWidgetArea.RightDockWidgetArea
        for dock in (first, second, *others):
            self._window.addDockWidget(right, dock)
        tabs = others if self._window.height() >= _TALL else [second, *others]
        for before, after in pairwise(tabs):
            self._window.tabifyDockWidget(before, after)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, strip)
        for dock in self.docks.values():
            dock.setVisible(dock in self._usual)
        tabs[0].raise_()
        self._window.resizeDocks([first, second], [WIDTH, WIDTH], Qt.Orientation.Horizontal)
        self._hidden = []
        self.changed.emit()

    @property
    def shown(self) -> list[Dock]:
        """The panels that are shown, also those behind another's tab."""
        return [dock for dock in self.docks.values() if dock.toggleViewAction().isChecked()]

    @property
    def _usual(self) -> list[Dock]:
        return [dock for name, dock in self.docks.items() if name not in _FIRST_HIDDEN]

    @property
    def are_put_away(self) -> bool:
        """Did :meth:`toggle_all` hide panels that are still hidden?"""
        return bool(self._hidden) and not self.shown

    def toggle_all(self) -> None:
        """Hide every panel, or show again those that were hidden."""
        shown = self.shown
        for dock in shown or self._hidden or self._usual:
            dock.setVisible(not shown)
        self._hidden = shown

    def is_seen(self, name: str) -> bool:
        """Is the panel shown, and not behind another's tab?"""
        return self.docks[name].isVisible() and not self.docks[name].visibleRegion().isEmpty()

    def toggle(self, name: str) -> bool:
        """Hide the panel if it is seen, else bring it to the front; is it there now?"""
        dock = self.docks[name]
        if self.is_seen(name):
            dock.hide()
            return False
        dock.show()
        dock.raise_()
        return True
