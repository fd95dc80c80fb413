"""Where the rulers of a window are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from oasis_studio.ui.canvas.pane import Pane
from oasis_studio.ui.canvas.ruler import Ruler
from tests.ui.desk import Desk


def ruler(desk: Desk, orientation: Qt.Orientation) -> Ruler:
    """One of those around the label canvas."""
    framed = desk.labels.parentWidget()
    pane = None if framed is None else framed.parentWidget()
    assert isinstance(pane, Pane) and any(child.text() == "Labels" for child in pane.findChildren(QLabel))
    return pane.ruled.rulers[0 if orientation is Qt.Orientation.Horizontal else 1]
