"""Classes dragged from the palette onto the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from oasis_studio.core.history.commands import ChangeLayer
from oasis_studio.ui.docks import class_chip
from oasis_studio.ui.widgets.class_drag import packed, unpacked
from tests.ui.desk import NO_KEY, Desk

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton


def drop(desk: Desk, data: QMimeData, x: float, y: float) -> bool:
    """Drag ``data`` over a document pixel and let go; False if the canvas does not want it."""
    at = desk.at(x, y)
    enter = QDragEnterEvent(at.toPoint(), COPY, data, LEFT, NO_KEY)
    QApplication.sendEvent(desk.labels, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(desk.labels, QDropEvent(at, COPY, data, LEFT, NO_KEY))
    return True


def test_a_class_travels_whole() -> None:
    assert unpacked(packed(17)) == 17 and unpacked(QMimeData()) is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_dropped_class_fills_and_can_be_undone(desk: Desk) -> None:
    desk.session.document.layers[0].labels[:, 30:34] = 1
    desk.session.update_labels(desk.session.document.bounds)
    assert drop(desk, packed(2), 5, 5)
    assert desk.session.labels_HW[5, 5] == 2 and desk.session.labels_HW[5, 60] == 0
    desk.trigger("edit.undo")
    assert desk.session.labels_HW[5, 5] == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nothing_is_filled_beside_the_canvas_or_on_a_locked_layer(desk: Desk) -> None:
    drop(desk, packed(2), -4, 5)
    desk.session.do(ChangeLayer(desk.session.document.layers[0].id, "Lock", is_locked=True))
    drop(desk, packed(2), 5, 5)
    assert not desk.session.labels_HW.any()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_canvas_leaves_files_to_the_window(desk: Desk) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a.txt")])
    assert not drop(desk, data, 5, 5)


def test_a_class_is_dragged_once_and_its_shield_never(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []

    class Drag:
        def __init__(self, source: object) -> None:
            begun.append(source)

        def setMimeData(self, _data: QMimeData) -> None: ...

        def setPixmap(self, _picture: object) -> None: ...

        def exec(self, _action: Qt.DropAction) -> None: ...

    monkeypatch.setattr(class_chip, "QDrag", Drag)
    chip = desk.window.findChild(class_chip.ClassChip)
    assert chip is not None
    for start, count in ((chip.shield_rect().center(), 0), (QPoint(6, 6), 1)):
        QTest.mousePress(chip, LEFT, NO_KEY, start)
        for step in (40, 80):
            at = QPointF(start + QPoint(step, 30))
            move = QMouseEvent(QEvent.Type.MouseMove, at, QPointF(chip.mapToGlobal(at)), LEFT, LEFT, NO_KEY)
            QApplication.sendEvent(chip, move)
        assert len(begun) == count and chip.isDown() is False
        QTest.mouseRelease(chip, LEFT, NO_KEY, start)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_class_of_a_drawing_that_is_gone_fills_nothing(desk: Desk) -> None:
    drop(desk, packed(77), 5, 5)
    assert not desk.session.labels_HW.any() and desk.session.history.undo_count == 0
