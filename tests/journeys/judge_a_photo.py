"""The critic as a person uses it, in the real window: ``python -m tests.journeys.judge_a_photo FOLDER``.

Heat map and hatching over the photo, another seed for the worst region, labels and a style read from a photo.
Ends with an error if something is not as it should be. Screenshots are left in FOLDER.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication

from oasis_studio.__main__ import main
from oasis_studio.core.document.style import Origin, StoredVector
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.ui.dialogs.photo_labels import PhotoLabelsDialog
from oasis_studio.ui.dialogs.photo_style import PhotoStyleDialog
from tests.journeys.paint_a_scene import Journey
from tests.ui.desk import wait_until

Dialog = TypeVar("Dialog", PhotoStyleDialog, PhotoLabelsDialog)

PATIENCE = 200.0
"""Two slow cores and other work beside."""


class CriticJourney(Journey):
    """The same window and hand, other steps."""

    @property
    def drives(self) -> list[str]:
        return [spec.id for spec in self.window.actions_by_id.specs if spec.id.startswith(("critic.", "photo."))]

    def look_around(self) -> None:
        wait_until(lambda: self.feed.image_HW3 is not None and not self.feed.is_rendering, PATIENCE)
        self.critic = self.window._studio.critic
        self.failures: list[str] = []
        self.critic.failed.connect(lambda error: self.failures.append(error.message))
        for step in (self.see_the_heat, self.see_the_reading, self.fix_the_worst, self.style_it, self.label_a_photo):
            step()
            assert not self.failures, self.failures
        self.session.history.mark_saved()

    see_the_sample = look_around
    paint = undo_and_redo = change_the_seed = save_and_reopen = lambda self: None

    def see_the_heat(self) -> None:
        plain = self.window.canvases.photo.grab().toImage()
        self.trigger("critic.realism")
        wait_until(lambda: self.critic.critique is not None and not self.critic.is_judging, PATIENCE)
        assert self.window.canvases.photo.grab().toImage() != plain
        self.shoot("heat")

    def see_the_reading(self) -> None:
        self.trigger("critic.reading")
        wait_until(lambda: not self.critic.is_judging, PATIENCE)
        self.shoot("reading")
        if self.critic.misread:
            menu = self.window.critic_actions.overlay.menu(self.critic.misread[0])
            menu.popup(self.window.canvases.photo.mapToGlobal(QPoint(80, 80)))
            self.shoot("reading-menu")
            menu.close()
        self.trigger("critic.reading")

    def fix_the_worst(self) -> None:
        told: list[str] = []
        self.critic.told.connect(told.append)
        self.trigger("critic.fix")
        wait_until(lambda: any("seed" in text and "…" not in text for text in told), PATIENCE)
        self.wait_for_photo()
        self.shoot("fixed")

    def style_it(self) -> None:
        """Its own photo of another seed is the reference: the classes are in it for sure."""
        self.file = self.folder / "evening.png"
        write_photo(self.file, self.photo()[:, ::-1], {})
        self.name_the_file()
        self._when_open(PhotoStyleDialog, self._look_for_the_style)
        self.trigger("photo.style")
        found = [trail.style.source for trail in self.session.document.styles.values()]
        assert any(isinstance(each, StoredVector) and each.origin is Origin.PHOTO for each in found)
        self.wait_for_photo()
        self.shoot("styled")

    def _look_for_the_style(self, dialog: PhotoStyleDialog) -> None:
        wait_until(dialog.search.isEnabled, PATIENCE)
        self.shoot("style-dialog")
        dialog.toggle()
        wait_until(lambda: dialog.found is not None and dialog.found.share >= 0.2, PATIENCE)
        self.shoot("style-found")
        dialog.toggle()
        dialog.accept()

    def label_a_photo(self) -> None:
        self.file = self.folder / "walk.png"
        write_photo(self.file, np.ascontiguousarray(self.photo()), {})
        self.session.history.mark_saved()
        self.name_the_file()
        self._when_open(PhotoLabelsDialog, self._take_the_labels)
        self.trigger("photo.labels")
        assert self.session.document.reference is not None and self.session.document.layers[0].name == "walk"
        self.wait_for_photo()
        self.shoot("labelled")

    def _take_the_labels(self, dialog: PhotoLabelsDialog) -> None:
        wait_until(lambda: dialog.found is not None, PATIENCE)
        self.shoot("labels-dialog")
        dialog.accept()

    def _when_open(self, kind: type[Dialog], work: Callable[[Dialog], None]) -> None:
        """Use the dialog once it is there; the one for the file comes and goes before."""
        timer = QTimer(self.window, interval=50)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, kind):
                timer.stop()
                work(dialog)

        timer.timeout.connect(look)
        timer.start()


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(CriticJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
