"""The drawing's name in the top row is never cut in the middle of a letter."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from oasis_studio.ui.bars.top_bar import DocumentTitle
from tests.ui.desk import Desk


def test_a_name_without_room_is_shortened_or_left_out(desk: Desk) -> None:
    title = desk.window.findChild(DocumentTitle)
    assert title is not None
    title.show_name("A name that is longer than any window is wide " * 4)
    QApplication.processEvents()
    assert title.text().endswith("…") and title.fontMetrics().horizontalAdvance(title.text()) <= title.width()
    title.resize(10, title.height())
    assert title.text() == ""
    title.resize(400, title.height())
    assert title.text().startswith("A name")
