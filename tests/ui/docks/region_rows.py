"""Clicks on rows of the list of regions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.ui.docks.regions import RegionPanel


def press(panel: RegionPanel, key: RegionKey, place: Callable) -> None:
    """Click on the row of ``key``, at ``place`` or in the rectangle that it gives for the row's own."""
    row = panel.items.row(key)
    assert row is not None
    rect = panel.view.visualRect(panel.items.index(row))
    at = place(rect).center() if callable(place) else place
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
