"""Every command of the Region menu in the real window: ``python -m tests.journeys.command_every_region FOLDER``.

Commands are given as the menus give them, dialogs are typed into, and after each the drawing, the photo or the file
is what the command promises. At its end it checks that no command of the menu was left out. Screenshots are left in
FOLDER.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu

from oasis_studio.__main__ import main
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import IMAGE_SEED, Brushed, Linear, Mix, OwnSeed, Radial, StoredVector
from oasis_studio.core.files.projects.swatches import SUFFIX
from oasis_studio.ui.dialogs.animate import AnimateDialog
from oasis_studio.ui.questions.name import NameDialog
from tests.journeys.paint_a_scene import CONTROL, LEFT, PATIENCE
from tests.journeys.style_the_regions import NO_KEY, RegionJourney
from tests.ui.desk import wait_until

FRAMES = 8


class CommandJourney(RegionJourney):
    """The same window and hand, other steps."""

    @property
    def drives(self) -> list[str]:
        """Commands that have to be given on the way."""
        return [spec.id for spec in self.window.actions_by_id.specs if spec.menu == "region"]

    def steps(self) -> Iterable[Callable[[], None]]:
        yield from (self.choose_all_and_none, self.roll_and_step, self.copy_and_paste, self.lock_and_unlock)
        yield from (self.split_and_join, self.slide, self.brush, self.grade, self.cut, self.keep_swatches)
        yield from (self.stop_and_pick, self.write_loops)

    def choose_all_and_none(self) -> None:
        self.trigger("region.all")
        assert self.session.regions.chosen == {region.key for region in self.session.regions.all}
        self.trigger("region.none")
        assert not self.session.regions.chosen

    def roll_and_step(self) -> None:
        """Styles there were come back, pixel for pixel; the dice of nothing chosen is that of the image."""
        seed = self.session.document.seed
        self.trigger("region.dice")
        assert self.session.document.seed != seed
        self.sky = self.key_at(200, 20)
        self.session.regions.choose([self.sky])
        photos = [self.settled()]
        for _roll in range(2):
            self.trigger("region.dice")
            photos.append(self.settled())
        assert not np.array_equal(photos[0], photos[1]) and not np.array_equal(photos[1], photos[2])
        for before in (photos[1], photos[0]):
            self.trigger("region.back")
            assert np.array_equal(self.settled(), before)
        self.trigger("region.forth")
        assert np.array_equal(self.settled(), photos[1])

    def copy_and_paste(self) -> None:
        self.water = next(region.key for region in self.session.regions.all if region.key.label == 3)
        self.trigger("region.copy")
        self.session.regions.choose([self.water])
        self.trigger("region.paste")
        assert self.source(self.water) == self.source(self.sky) != IMAGE_SEED
        self.trigger("region.reset")
        assert self.source(self.water) == IMAGE_SEED

    def lock_and_unlock(self) -> None:
        """Veil and lock; then another seed for everything changes nothing in there."""
        photo = self.window.canvases.photo
        plain = photo.grab().toImage()
        self.trigger("region.reach")
        assert photo.grab().toImage() != plain
        self.shoot("reach")
        self.trigger("region.reach")
        kept = self.settled()
        self.trigger("region.lock")
        self.panel.fields.feather.setValue(24)
        assert self.session.document.locks[self.water].feather == 24
        self.press_key(Qt.Key.Key_D)
        self.wait_for_photo()
        mask = self.session.regions.map.mask(self.water)
        assert np.array_equal(self.photo()[mask], kept[mask]) and not np.array_equal(self.photo(), kept)
        self.shoot("feather")
        self.trigger("region.unlock_all")
        assert not self.session.document.locks
        self.settled()
        assert not np.array_equal(self.photo()[mask], kept[mask])

    def split_and_join(self) -> None:
        """Two ponds far from each other are one region, then two, then one."""
        self.press_key(Qt.Key.Key_B)
        self.press_key(Qt.Key.Key_7)
        self.session.resize_brush(30)
        for x in (40, 330):
            self.drag((x, 120), (x + 15, 125))
        pond = self.key_at(45, 122)
        assert pond == self.key_at(335, 122)
        self.session.regions.choose([pond])
        self.trigger("region.split")
        parts = self.key_at(45, 122), self.key_at(335, 122)
        assert parts[0] != parts[1]
        self.session.regions.choose([parts[0]])
        self.trigger("region.dice")
        assert self.source(parts[0]) != self.source(parts[1])
        self.settled()
        self.shoot("split")
        self.session.regions.choose(parts)
        self.trigger("region.join")
        assert self.key_at(45, 122) == self.key_at(335, 122)

    def slide(self) -> None:
        """Strength from 0 to 1.2, and a mix, with the arrow keys on the sliders and a seed that is typed."""
        fields = self.panel.fields
        self.session.regions.choose([self.sky])
        photos = []
        for percent in (120, 60, 0):
            fields.strength.setValue(percent)
            assert self.studio.styles.style(self.sky).strength == percent / 100
            photos.append(self.settled())
        assert not np.array_equal(photos[0], photos[1]) and not np.array_equal(photos[1], photos[2])
        fields.seed.setValue(1)
        assert np.array_equal(self.settled(), photos[2]), "without strength all seeds are one"
        fields.strength.setValue(60)
        fields.seed.setValue(4711)
        assert self.source(self.sky) == OwnSeed(4711)
        fields.mix.setValue(50)
        mixed = self.source(self.sky)
        assert isinstance(mixed, Mix) and mixed.share == 0.5 and mixed.first == OwnSeed(4711)
        self.settled()
        self.shoot("mixed")

    def brush(self) -> None:
        """The middle of the stroke is full, its edge soft."""
        self.session.regions.choose([self.sky])
        self.trigger("tool.style_brush")
        self.studio.styles.set_second(OwnSeed(3))
        self.session.resize_brush(60)
        self.drag((120, 40), (260, 40))
        (paint,) = self.studio.styles.style(self.sky).paints
        assert isinstance(paint.shape, Brushed) and len(np.unique(paint.shape.amounts_hw)) > 50
        self.settled()
        self.trigger("region.clear")
        assert not self.studio.styles.style(self.sky).paints

    def grade(self) -> None:
        self.trigger("tool.gradient")
        plain = self.settled()
        for keys, kind in ((NO_KEY, Linear), (CONTROL, Radial)):
            self.drag((100, 20), (300, 60), keys)
            assert isinstance(self.studio.styles.style(self.sky).paints[-1].shape, kind)
            assert not np.array_equal(self.settled(), plain)
        self.shoot("gradient")
        self.trigger("region.clear")
        assert np.array_equal(self.settled(), plain)

    def cut(self) -> None:
        self.session.regions.choose([self.water])
        self.trigger("tool.cut")
        box, count = self.session.regions.map.box(self.water), len(self.session.regions.all)
        middle = (box.left + box.right) / 2
        self.drag((middle, box.top - 3), (middle, box.bottom + 3))
        assert len(self.session.regions.all) == count + 1
        self.trigger("edit.undo")
        self.press_key(Qt.Key.Key_B)

    def keep_swatches(self) -> None:
        """One is kept under a name, passed on as a file, removed, taken in again, used."""
        self.session.regions.choose([self.sky])
        there = len(self.studio.swatches.all)
        QTimer.singleShot(0, lambda: self.answer_name("Journey"))
        self.swatch_command("Keep")
        assert [each.name for each in self.studio.swatches.all][there:] == ["Journey"]
        file = self.folder / f"mine{SUFFIX}"
        self.name_next(file)
        self.swatch_command("Export")
        assert file.stat().st_size > 100
        self.swatch_command("Remove", "Journey")
        assert len(self.studio.swatches.all) == there
        self.name_next(file)
        self.swatch_command("Import")
        assert len(self.studio.swatches.all) >= there + 1
        self.session.regions.choose([self.water])
        self.swatch_command("Journey")
        source = self.source(self.water)
        assert isinstance(source, StoredVector) and source.name == "Journey"
        self.settled()

    def stop_and_pick(self) -> None:
        """Rendering variations is stopped on the way; what is there stays. A grid is ranked, and the best is taken."""
        self.session.regions.choose(())
        self.studio.variations.count = 36
        self.trigger("region.variations")
        wait_until(lambda: any(each.image_HW3 is not None for each in self.studio.variations.all), PATIENCE)
        self.trigger("region.stop_variations")
        wait_until(lambda: not self.studio.variations.is_running, PATIENCE)
        assert 0 < len(self.studio.variations.all) < 36
        self.studio.variations.count = 8
        self.trigger("region.grid")
        wait_until(lambda: not self.studio.variations.is_running, PATIENCE)
        wait_until(lambda: all(each.score is not None for each in self.studio.variations.all), PATIENCE)
        ranked = [self.studio.variations.all[index].score or 0.0 for index in self.studio.variations.order]
        assert ranked == sorted(ranked, reverse=True) and len(ranked) == 16
        grid = self.window.variations.grid
        assert grid is not None
        self.shoot("ranked")
        grid.close()
        steps, best = self.session.history.undo_count, self.studio.variations.order[0]
        self.studio.variations.pick(best)
        assert self.session.history.undo_count == steps + 1
        assert self.session.document.seed == self.studio.variations.all[best].seed

    def write_loops(self) -> None:
        """One loop in each format; the frames are really different."""
        self.settled()
        source = self.source(self.sky)
        for number, name in enumerate(("loop.mp4", "loop.gif", "loop.webp", "loop-frames")):
            self.session.regions.choose([self.sky])
            self.trigger("region.animate")
            dialog = next(each for each in self.window.findChildren(AnimateDialog) if each.isVisible())
            dialog.kind.setCurrentIndex(number)
            dialog.frames.setValue(FRAMES)
            self.name_next(self.folder / name)
            dialog.accept()
            self.shoot("animating")
            wait_until(lambda dialog=dialog: not dialog.isVisible(), PATIENCE)
            frames = _frames(self.folder / name)
            assert len(frames) == FRAMES, (name, len(frames))
            assert np.abs(frames[0].astype(int) - frames[FRAMES // 2]).mean() > 0.5, name
        assert self.source(self.sky) == source, "the drawing itself is not looped"

    # -- hands --------------------------------------------------------------------------------------------------

    def source(self, key: RegionKey) -> object:
        return self.session.styling.style(key).source if key == WHOLE_IMAGE else self.studio.styles.style(key).source

    def swatch_command(self, *titles: str) -> None:
        """In the menu of swatches, the entry that begins so; then in the menu that it opens."""
        menu = QMenu(self.window)
        self.window.regions.swatches.fill(menu)
        found = None
        for title in titles:
            inside = menu if found is None else found.menu()
            assert isinstance(inside, QMenu)
            found = next(each for each in inside.actions() if each.text().replace("&", "").startswith(title))
        assert found is not None and found.isEnabled()
        found.trigger()
        QApplication.processEvents()

    def answer_name(self, name: str) -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NameDialog)
        dialog.field.setText(name)
        QTest.mouseClick(dialog.accept_button, LEFT)

    def name_next(self, path: Path) -> None:
        """Type a name into the file dialog that opens next."""
        QTimer.singleShot(300, lambda: self._type(path))

    def _type(self, path: Path) -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog), dialog
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit)
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)


def _frames(path: Path) -> list[np.ndarray]:
    if path.is_dir():
        return [np.asarray(Image.open(file).convert("RGB")) for file in sorted(path.glob("*.png"))]
    if path.suffix == ".mp4":
        video, found = cv2.VideoCapture(str(path)), []
        while (read := video.read())[0]:
            found.append(read[1])
        return found
    with Image.open(path) as image:
        found = []
        for number in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(number)
            found.append(np.asarray(image.convert("RGB")))
        return found


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(CommandJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
