"""Events of a mouse and of a pen that the hands of a desk do not make: any button, any target, any pressure."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.desk import Desk

PRESS, MOVE, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease
LEFT, RIGHT, MIDDLE, NONE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.NoButton,
)
NO_KEY = Qt.KeyboardModifier.NoModifier


def send(target: QWidget, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    QApplication.sendEvent(target, QMouseEvent(kind, at, QPointF(target.mapToGlobal(at)), button, held, NO_KEY))


def pen(
    desk: Desk,
    kind: QEvent.Type,
    x: float,
    y: float,
    pressure: float,
    pointer: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen,
) -> None:
    """One event of a pen on the label canvas, at a document pixel."""
    can = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    device = QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, pointer, can, 1, 1)
    at = desk.at(x, y)
    is_move = kind == QEvent.Type.TabletMove
    button = Qt.MouseButton.NoButton if is_move else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else Qt.MouseButton.LeftButton
    everywhere = QPointF(desk.labels.mapToGlobal(at))
    event = QTabletEvent(kind, device, at, everywhere, pressure, 0, 0, 0, 0, 0, NO_KEY, button, held)
    QApplication.sendEvent(desk.labels, event)


def hover_with_pen(desk: Desk, x: float, y: float, kind: QEvent.Type = QEvent.Type.TabletMove) -> None:
    tablet, at = QPointingDevice.primaryPointingDevice(), desk.at(x, y)
    place = QPointF(desk.labels.mapToGlobal(at))
    event = QTabletEvent(kind, tablet, at, place, 0.0, 0, 0, 0, 0, 0, NO_KEY, NONE, NONE)
    target = QApplication.instance() if kind is QEvent.Type.TabletLeaveProximity else desk.labels
    assert target is not None
    QApplication.sendEvent(target, event)
