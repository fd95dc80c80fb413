"""A window that a file is dragged over says that it takes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from tests.ui.desk import NO_KEY, Desk


def drag_over(desk: Desk, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDragEnterEvent(QPoint(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NO_KEY)
    QApplication.sendEvent(desk.window, event)


@pytest.mark.parametrize(("name", "is_shown"), [("lake.oasis", True), ("photo.jpg", True), ("letter.txt", False)])
def test_what_can_be_opened_shows_where_to_drop_it(desk: Desk, tmp_path: Path, name: str, is_shown: bool) -> None:
    path = tmp_path / name
    path.write_bytes(b"anything")
    drag_over(desk, path)
    assert desk.window.drop_target.isVisible() is is_shown
    if is_shown:
        assert desk.window.drop_target.geometry() == desk.window.rect()
    QApplication.sendEvent(desk.window, QDragLeaveEvent())
    assert not desk.window.drop_target.isVisible()
