"""A window under test, and hands to use it with."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.ui.window.main_window import MainWindow
from tests.app.scene import InstantRenderer

NO_KEY = Qt.KeyboardModifier.NoModifier


def wait_until(is_done: Callable[[], bool], patience: float = 120) -> None:
    """Let events run until ``is_done``; for programs without pytest."""
    deadline = time.monotonic() + patience
    pulse = QTimer(interval=5)  # a loop that never waits takes a core from what it waits for
    pulse.start()
    while not is_done():
        assert time.monotonic() < deadline, "nothing happened"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


class Desk:
    """``window`` over ``studio`` with a fake ``renderer``; points are document pixels."""

    def __init__(self, studio: Studio, window: MainWindow, renderer: InstantRenderer) -> None:
        self.studio, self.window, self.renderer = studio, window, renderer
        self.session, self.feed = studio.session, studio.feed
        self.labels, self.photo = window.canvases.labels, window.canvases.photo
        self.view = window.canvases.view

    def trigger(self, action_id: str) -> None:
        """Do it, and wait for the file that is written behind the window, if one is."""
        self.window.actions_by_id[action_id].trigger()
        wait_until(lambda: not self.studio.jobs.is_busy)

    def at(self, x: float, y: float) -> QPointF:
        """Where the middle of document pixel (x, y) lies on the label canvas."""
        return self.view.origin(self.labels.size()) + QPointF(x + 0.5, y + 0.5) * self.view.zoom

    def mouse(
        self,
        kind: QEvent.Type,
        x: float,
        y: float,
        keys: Qt.KeyboardModifier = NO_KEY,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        at = self.at(x, y)
        event = QMouseEvent(kind, at, QPointF(self.labels.mapToGlobal(at)), button, pressed, keys)
        QApplication.sendEvent(self.labels, event)

    def stroke(self, *points: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEY) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, *points[0], keys=keys)
        for point in points[1:]:
            self.mouse(QEvent.Type.MouseMove, *point, keys=keys)
        self.mouse(QEvent.Type.MouseButtonRelease, *points[-1], keys=keys)

    def hover(self, x: float, y: float) -> None:
        at = self.at(x, y)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            at,
            QPointF(self.labels.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            NO_KEY,
        )
        QApplication.sendEvent(self.labels, event)

    def wheel(self, target: QWidget, notches: int, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        at = QPointF(target.rect().center())
        event = QWheelEvent(
            at,
            QPointF(target.mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, event)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(self.labels, key, keys)

    def color(self, x: float, y: float) -> tuple[int, int, int]:
        """Colour that the label canvas shows at a document pixel, with the mouse gone."""
        self.view.point(None)
        image = self.labels.grab().toImage()
        ratio = image.devicePixelRatio()
        at = self.at(x, y) * ratio
        color = QColor(image.pixel(int(at.x()), int(at.y())))
        return color.red(), color.green(), color.blue()

    def class_color(self, label: int) -> tuple[int, int, int]:
        return self.session.document.palette.classes[label].color
