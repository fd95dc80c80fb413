"""Two of the manual's tutorials in the real window: ``python -m tests.journeys.follow_the_tutorials FOLDER``.

The steps are those of the pages ``tutorial-lake`` and ``tutorial-film``, with mouse and keys, and after them the
drawing is what the pages promise. Leaves the pictures that the pages show in FOLDER.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from oasis_studio.__main__ import main
from oasis_studio.app.files.drawings import samples
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.ui.dialogs.animate import AnimateDialog
from oasis_studio.ui.dialogs.new_document import NewDocumentDialog
from tests.journeys.paint_a_scene import CONTROL, LEFT, PATIENCE, SHIFT
from tests.journeys.style_the_regions import NO_KEY, RegionJourney
from tests.ui.desk import wait_until

SKY, TREE, GRASS, WATER, MOUNTAIN, BUILDING = 0, 1, 2, 3, 4, 6
"""Classes of the starter."""
_PEAKS = [(-6, 100), (65, 55), (130, 95), (215, 30), (295, 90), (390, 60), (390, 170), (-6, 170)]


class TutorialJourney(RegionJourney):
    """The same window and hand, the steps of the manual."""

    def steps(self) -> Iterable[Callable[[], None]]:
        return self.paint_a_lake, self.find_its_style, self.build_a_house, self.animate_the_water

    def paint_a_lake(self) -> None:
        self.answer(NewDocumentDialog, self._make_it_wide)
        self.press_key(Qt.Key.Key_N, CONTROL)
        document = self.session.document
        assert (document.width, document.height) == (384, 256)
        assert (self.session.labels_HW == SKY).all(), "a new drawing is full of sky"
        self.take(Qt.Key.Key_5, Qt.Key.Key_N)
        self.corners(_PEAKS)
        self.take(Qt.Key.Key_3, Qt.Key.Key_R)
        self.drag((-6, 165), (390, 262))
        self.take(Qt.Key.Key_2, Qt.Key.Key_B)
        self.session.resize_brush(20)
        for left, right in ((6, 95), (150, 240), (300, 378)):
            self.drag((left, 160), (right, 157))
        self.take(Qt.Key.Key_4, Qt.Key.Key_O)
        self.drag((65, 185), (335, 240))
        self.settled()
        labels = self.session.labels_HW
        assert set(np.unique(labels)) == {SKY, TREE, GRASS, WATER, MOUNTAIN}
        assert not (labels[120:, [0, -1]] == SKY).any(), "shapes that begin beyond the picture reach its edge"
        self.shoot_window("lake-painted")

    def find_its_style(self) -> None:
        for _throw in range(2):
            self.press_key(Qt.Key.Key_D)
            self.settled()
        sky, water = self.key_of(SKY), self.key_of(WATER)
        self.session.regions.choose([sky])
        self.press_key(Qt.Key.Key_D, CONTROL)
        self.settled()
        self.press_key(Qt.Key.Key_K)
        assert self.studio.locks.is_locked(sky)
        self.session.regions.choose([water])
        self.press_key(Qt.Key.Key_F6)
        wait_until(lambda: bool(self.studio.variations.all) and not self.studio.variations.is_running, PATIENCE)
        self.shoot_window("lake-finished")
        kept = len(self.session.document.results)
        self.press_key(Qt.Key.Key_K, CONTROL)
        wait_until(lambda: not self.studio.jobs.is_busy)
        assert len(self.session.document.results) > kept
        self.press_key(Qt.Key.Key_F6)
        self.session.history.mark_saved()

    def build_a_house(self) -> None:
        self.window.files.open_sample(next(each for each in samples() if each.path.stem == "mountain-lake"))
        self.settled()
        layers = len(self.session.document.layers)
        self.press_key(Qt.Key.Key_N, CONTROL | SHIFT)
        assert len(self.session.document.layers) == layers + 1
        self.take(Qt.Key.Key_7, Qt.Key.Key_R)
        self.drag((155, 163), (226, 223))
        self.press_key(Qt.Key.Key_N)
        self.corners([(147, 163), (190, 128), (234, 163)])
        self.settled()
        self.click_photo(190, 195)
        (house,) = self.session.regions.chosen
        assert house.label == BUILDING
        self.press_key(Qt.Key.Key_D, CONTROL)
        self.settled()
        self.press_key(Qt.Key.Key_K)
        assert self.studio.locks.is_locked(house)
        self.click_photo(280, 190)
        (water,) = self.session.regions.chosen
        assert water.label == WATER
        self.shoot_window("film-chosen")

    def animate_the_water(self) -> None:
        """What the page says of the dialog; a loop itself is written in another journey."""
        seen: list[QDialog] = []
        self.answer(AnimateDialog, seen.append)
        self.trigger("region.animate")
        (dialog,) = seen
        assert isinstance(dialog, AnimateDialog)
        assert (dialog.frames.value(), dialog.per_second.value()) == (48, 24)

    # -- hands and eyes -----------------------------------------------------------------------------------------

    def answer(self, kind: type[QDialog], work: Callable[[QDialog], object]) -> None:
        """Do ``work`` with the dialog that opens next, and leave it if that did not."""
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind):
            QTimer.singleShot(50, lambda: self.answer(kind, work))
            return
        work(dialog)
        if dialog.isVisible():
            dialog.reject()

    def _make_it_wide(self, dialog: QDialog) -> None:
        assert isinstance(dialog, NewDocumentDialog)
        dialog.width_field.setValue(384)
        dialog.accept()

    def take(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.press_key(key)

    def corners(self, points: Sequence[tuple[float, float]]) -> None:
        """Click them one by one; a double click on the last ends."""
        for point in points[:-1]:
            QTest.mouseClick(self.canvas, LEFT, NO_KEY, self.at(*point))
        QTest.mouseClick(self.canvas, LEFT, NO_KEY, self.at(*points[-1]))
        QTest.mouseDClick(self.canvas, LEFT, NO_KEY, self.at(*points[-1]))
        QTest.mouseRelease(self.canvas, LEFT, NO_KEY, self.at(*points[-1]))

    def click_photo(self, x: int, y: int) -> None:
        photo = self.window.canvases.photo
        QTest.mouseClick(photo, LEFT, NO_KEY, self.window.canvases.view.transform(photo.size()).map(QPoint(x, y)))

    def key_of(self, label: int) -> RegionKey:
        return next(region.key for region in self.session.regions.all if region.key.label == label)

    def shoot_window(self, name: str) -> None:
        for _turn in range(4):
            QApplication.processEvents()
        assert self.window.grab().save(str(self.folder / f"{name}.png"))


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(TutorialJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
