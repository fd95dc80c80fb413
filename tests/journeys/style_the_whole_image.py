"""One photo's style for the whole scene, in the real window: ``python -m tests.journeys.style_the_whole_image FOLDER``.

The model takes a style code (its id is ``coded``): what its regions cannot do is said, a photo gives the code, the code
is mixed, kept as a swatch and saved with the drawing; then the starter's photo of the same scene lies under the wipe.
Ends with an error if something is not as it should be. Screenshots are left in FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from oasis_studio.__main__ import main
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.style import Mix, Origin, StoredVector
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.ui.bars.compare_bar import CompareBar
from oasis_studio.ui.canvas.other_photo import OtherPhoto
from oasis_studio.ui.docks.region_row import dice_rect
from oasis_studio.ui.docks.regions import RegionPanel
from oasis_studio.ui.docks.whole_style import WholeStyle
from tests.journeys.paint_a_scene import CONTROL, LEFT, PATIENCE, Journey
from tests.ui.desk import wait_until

NO_KEY = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
_SQUARE = 16
_NEAR = 8
"""Grey levels between the mean colours of a square on the screen and in the image, whose edges differ a little."""
SENTENCE = "This model gives the whole image one style: regions cannot differ."


class StyleJourney(Journey):
    """The same window and hand, other steps."""

    def look_around(self) -> None:
        self.studio = self.window._studio
        wait_until(lambda: self.feed.image_HW3 is not None and not self.feed.is_rendering, PATIENCE)
        panel, whole = self.window.findChild(RegionPanel), self.window.findChild(WholeStyle)
        assert isinstance(panel, RegionPanel) and isinstance(whole, WholeStyle)
        self.panel, self.whole = panel, whole
        self.starter, self.starters_photo = self.session.document.model, self.photo()
        for step in (self.use_the_model, self.ask_a_region, self.style_it, self.mix, self.keep_a_swatch, self.reopen):
            step()
        self.compare()
        self.session.history.mark_saved()

    see_the_sample = look_around
    paint = undo_and_redo = change_the_seed = save_and_reopen = lambda self: None

    def use_the_model(self) -> None:
        menu = QMenu()
        self.window.chooser.fill(menu)
        self.pick(menu, "coded")
        assert self.session.document.model == "coded"
        self.render_again()
        assert not np.array_equal(self.photo(), self.starters_photo)

    def ask_a_region(self) -> None:
        """Its dice does nothing, and the panel says why; what keeps pixels works for every model."""
        key = self.session.regions.all[0].key
        self.session.regions.choose([key])
        assert self.whole.sentence.isVisible() and self.whole.sentence.text() == SENTENCE
        fields = self.panel.fields
        assert not any(field.isEnabled() for field in (fields.seed, fields.strength, fields.mix, fields.second))
        for name in ("region.dice", "tool.style_brush", "tool.gradient"):
            action = self.window.actions_by_id[name]
            assert not action.isEnabled() and SENTENCE in action.toolTip()
        photo = self.photo()
        self.press_key(Qt.Key.Key_D, CONTROL)
        self.wait_for_photo()
        assert np.array_equal(self.photo(), photo) and WHOLE_IMAGE not in self.session.document.styles
        self.press_key(Qt.Key.Key_K)
        assert self.studio.locks.is_locked(key)
        self.shoot("regions")
        self.press_key(Qt.Key.Key_K)
        self.session.regions.choose(())
        assert self.whole.photo.isVisible() and self.whole.photo.isEnabled()

    def style_it(self) -> None:
        """By the button in the panel, from a photo that is another than the one on the screen."""
        self.file = self.folder / "evening.png"
        write_photo(self.file, evening(self.starters_photo), {})
        before = self.photo()
        self.name_the_file()
        QTest.mouseClick(self.whole.photo, LEFT)
        wait_until(lambda: WHOLE_IMAGE in self.session.document.styles, PATIENCE)
        self.wait_for_photo()
        source = self.studio.styles.style(WHOLE_IMAGE).source
        assert isinstance(source, StoredVector) and (source.origin, source.name) == (Origin.PHOTO, "evening")
        self.styled, self.code = self.photo(), source
        assert np.abs(self.styled.astype(int) - before).mean() > 0.5, "the code changes the photo"
        self.shoot("styled")
        self.press_key(Qt.Key.Key_Z, CONTROL)
        self.render_again()
        assert np.array_equal(self.photo(), before)
        self.press_key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        self.render_again()
        assert np.array_equal(self.photo(), self.styled)

    def mix(self) -> None:
        """Half of it and half of a seed."""
        self.panel.fields.mix.setValue(50)
        self.render_again()
        assert isinstance(self.studio.styles.style(WHOLE_IMAGE).source, Mix)
        assert not np.array_equal(self.photo(), self.styled)
        self.shoot("mixed")
        self.press_key(Qt.Key.Key_Left, ALT)
        self.render_again()
        assert np.array_equal(self.photo(), self.styled)

    def keep_a_swatch(self) -> None:
        """Kept, diced away in the list, and brought back from the menu in the panel."""
        self.studio.swatches.keep(WHOLE_IMAGE, "dusk")
        row = self.panel.view.visualRect(self.panel.items.index(self.panel.items.row(WHOLE_IMAGE) or 0))
        QTest.mouseClick(self.panel.view.viewport(), LEFT, NO_KEY, dice_rect(row).center())
        self.render_again()
        assert not np.array_equal(self.photo(), self.styled)
        menu = self.whole.swatches.menu()
        assert menu is not None
        menu.popup(self.whole.swatches.mapToGlobal(QPoint(0, 0)))
        self.shoot("swatches")
        self.pick(menu, "dusk")
        menu.close()
        self.render_again()
        assert np.array_equal(self.photo(), self.styled)

    def reopen(self) -> None:
        self.file = self.folder / "scene.oasis"
        self.save_and_reopen_as_it_was()
        assert np.array_equal(self.photo(), self.styled), "the photo is in the file"
        self.render_again()
        assert np.array_equal(self.photo(), self.styled), "and so is the code"

    def save_and_reopen_as_it_was(self) -> None:
        self.name_the_file()
        self.press_key(Qt.Key.Key_S, CONTROL)
        wait_until(lambda: not self.studio.jobs.is_busy)
        self.name_the_file()
        self.press_key(Qt.Key.Key_O, CONTROL)
        assert self.session.path == self.file and not self.session.is_modified

    def compare(self) -> None:
        """The starter's photo lies left of the divider, the styled one right of it."""
        menu = QMenu()
        self.window.models.fill_compare(menu)
        card = self.session.library.find(self.starter)[1]
        self.pick(menu, card.name)
        comparison = self.studio.model_comparison
        wait_until(lambda: comparison.photo is not None, PATIENCE)
        bar = self.window.findChild(CompareBar)
        assert isinstance(bar, CompareBar) and bar.isVisible() and bar.slider.isVisible()
        assert comparison.photo is not None and not np.array_equal(comparison.photo, self.styled)
        for percent in (50, 80):
            bar.slider.setValue(percent)
            self.shoot(f"wiped-{percent}")
            for share in (0.2, 0.65, 0.9):
                is_other = 100 * share < percent
                assert self.shows(comparison.photo if is_other else self.styled, share), (percent, share)
                assert not self.shows(self.styled if is_other else comparison.photo, share), (percent, share)
        QTest.mouseClick(bar.side_button, LEFT)
        beside = self.window.findChild(OtherPhoto)
        assert isinstance(beside, OtherPhoto) and beside.isVisible()
        assert self.shows(self.styled, 0.2)
        self.shoot("beside")
        comparison.compare(None)
        assert not bar.isVisible()

    # -- hands and eyes -----------------------------------------------------------------------------------------

    def pick(self, menu: QMenu, text: str) -> None:
        next(action for action in menu.actions() if action.text() == text).trigger()
        QApplication.processEvents()

    def render_again(self) -> None:
        """Wait for a photo of what is asked now."""
        self.press_key(Qt.Key.Key_F5)
        self.wait_for_photo()

    def shows(self, image_HW3: np.ndarray, share: float) -> bool:
        """Does the photo's canvas show that image in a square at ``share`` of its width? By its mean colour."""
        photo, (height, width) = self.window.canvases.photo, image_HW3.shape[:2]
        QApplication.processEvents()
        left, top = round(share * width) - _SQUARE // 2, height // 2
        place = self.window.canvases.view.transform(photo.size())
        corners = [place.map(QPointF(left + side, top + side)).toPoint() for side in (0, _SQUARE)]
        shown = photo.grab(QRect(*corners)).toImage().convertToFormat(QImage.Format.Format_RGB888)
        pixels = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), shown.bytesPerLine())
        seen = pixels[:, : 3 * shown.width()].reshape(-1, 3).mean(axis=0)
        expected = image_HW3[top : top + _SQUARE, left : left + _SQUARE].reshape(-1, 3).mean(axis=0)
        return bool(np.abs(seen - expected).max() <= _NEAR)


def evening(image_HW3: np.ndarray) -> np.ndarray:
    """Another light: dark, and red in the west."""
    glow = np.linspace(1.4, 0.5, image_HW3.shape[1])[None, :, None] * np.array([1.2, 0.6, 0.35])
    return cv2.GaussianBlur((image_HW3 * glow).clip(0, 255).astype(np.uint8), (0, 0), 1)


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(StyleJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
