"""Hands and eyes for the gallery: what every part of the tour of the window needs."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QWidget

from oasis_studio.core.document.reference import Reference
from oasis_studio.errors import StudioError
from oasis_studio.ui.window.main_window import MainWindow
from tests.journeys.camera import Camera
from tests.ui.desk import wait_until

PATIENCE = 60.0


class Visitor:
    """Hands and eyes in the program's window."""

    def __init__(self, window: MainWindow, camera: Camera) -> None:
        self.window, self.camera = window, camera
        self.studio, self.session, self.folder = window._studio, window._studio.session, camera.folder
        self.failed = False

    def refuse_to_wait(self, _parent: QWidget | None, error: StudioError) -> None:
        """In the place of a dialog for which nobody is there."""
        print(f"told: {error.message}", file=sys.stderr)
        self.failed = True

    def whole(self, name: str) -> None:
        self.camera.shoot(self.window, name)

    def show(self, name: str, dialog: QDialog, prepare: Callable[[], object] | None = None) -> None:
        dialog.show()
        self.camera.shoot(dialog, name)
        dialog.close()
        dialog.deleteLater()

    def dock(self, name: str) -> QWidget:
        found = self.window.findChild(QDockWidget, name)
        assert found is not None, name
        return found

    def trigger(self, name: str) -> None:
        self.window.actions_by_id[name].trigger()
        QApplication.processEvents()

    def wait_for_photo(self) -> None:
        wait_until(lambda: self.studio.feed.image_HW3 is not None and not self.studio.feed.is_rendering, PATIENCE)

    def photo(self) -> np.ndarray:
        image = self.studio.feed.image_HW3
        assert image is not None
        return image.copy()

    def reference(self) -> Reference:
        document = self.session.document
        return Reference.fitted(self.photo(), document.width, document.height)
