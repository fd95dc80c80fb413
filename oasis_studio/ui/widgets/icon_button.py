"""A flat button with an icon that follows the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtWidgets import QToolButton, QWidget

from oasis_studio.ui.widgets.icons import SMALL_ICON, icon

CELL = 28


class IconButton(QToolButton):
    """``tip`` names what it does, with the key; it is the button's name for screen readers too."""

    def __init__(self, name: str, tip: str, parent: QWidget | None = None, role: str = "dim") -> None:
        super().__init__(parent)
        self._name = name
        self._role = role
        self.setObjectName("iconButton")
        self.setAutoRaise(True)
        self.setFixedSize(CELL, CELL)
        self.setIconSize(QSize(SMALL_ICON, SMALL_ICON))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setIcon(icon(name, role))

    @classmethod
    def of(cls, action: QAction, name: str, parent: QWidget | None = None) -> IconButton:
        """A button that does what ``action`` does, as long as that can be done."""
        button = cls(name, action.toolTip(), parent)
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        action.changed.connect(lambda: button.show_tip(action.toolTip()))
        button.setEnabled(action.isEnabled())
        return button

    def show_tip(self, tip: str) -> None:
        if tip != self.toolTip():
            self.setToolTip(tip)
            self.setAccessibleName(tip)

    def show_icon(self, name: str, role: str = "dim") -> None:
        self._name, self._role = name, role
        self.setIcon(icon(name, role))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.setIcon(icon(self._name, self._role))
        super().changeEvent(event)


class WheelButton(IconButton):
    """An icon button over which the wheel steps something: ``step`` is called with -1 or +1."""

    def __init__(self, name: str, tip: str, step: Callable[[int], None], parent: QWidget | None = None) -> None:
        super().__init__(name, tip, parent)
        self._step = step

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned:
            self._step(1 if turned > 0 else -1)
        event.accept()
