"""From photos to a model in the drawing: ``python -m tests.journeys.train_a_model FOLDER [SECONDS [DATA]]``.

The window is used as a person uses it: the wizard page by page, the monitor, the banner at the end. The training lasts
for some hundred photos, or for SECONDS; its photos are painted, or those in DATA. From first to last preview the
open scene has to change, and in SECONDS of the starter to come nearer to their colours. The new model then reads a
painted photo that it never saw, in its own classes, and the labels are painted on. Screenshots are left in FOLDER.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from oasis_studio.__main__ import main
from oasis_studio.app.training.data_findings import ProblemKind
from oasis_studio.app.training.progress import RunStatus
from oasis_studio.ui.dialogs.photo_labels import PhotoLabelsDialog
from oasis_studio.ui.dialogs.welcome import Welcome
from oasis_studio.ui.training.check_page import CheckPage
from oasis_studio.ui.training.classes_page import ClassesPage
from oasis_studio.ui.training.data_page import DataPage
from oasis_studio.ui.training.length_page import LengthPage
from oasis_studio.ui.training.monitor import Monitor
from oasis_studio.ui.training.start_page import StartPage
from oasis_studio.ui.training.wizard import Wizard
from oasis_studio.ui.window.main_window import MainWindow
from tests.ui.desk import wait_until

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 900.0
"""Seconds for whatever a busy machine needs to import torch and take ten steps."""
LEAST_IMAGES = 480
"""Before that, nobody can see what the model learned."""


class Journey:
    """The window, and a hand on the mouse."""

    def __init__(self, folder: Path, seconds: float, data: Path | None) -> None:
        self.folder, self.seconds = folder, seconds
        self.is_painted = data is None
        self.data = data or folder / "garden"
        if self.is_painted:
            paint_pairs(self.data)

    def __call__(self) -> int:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
        self.studio = self.window._studio
        self.session, self.training = self.studio.session, self.studio.training
        wait_until(lambda: self.studio.feed.image_HW3 is not None and not self.studio.feed.is_rendering, PATIENCE)
        self.go_through_the_wizard()
        self.watch()
        self.stop_and_use_the_model()
        if self.is_painted:
            self.label_a_new_photo()
        self.session.history.mark_saved()  # a dialog would wait for a person
        self.window.close()
        assert not self.window.isVisible()
        return 0

    def go_through_the_wizard(self) -> None:
        for welcome in self.window.findChildren(Welcome):
            QTest.keyClick(welcome, Qt.Key.Key_Escape)
        self.window.actions_by_id["train.fine_tune"].trigger()
        wizard = self.window.training.wizard
        assert wizard is not None
        data = wizard.page
        assert isinstance(data, DataPage) and not wizard.next_button.isEnabled()
        self.shoot("photos")
        data.take(self.data)
        self.click(wizard.next_button)
        check = wizard.page
        assert isinstance(check, CheckPage)
        wait_until(lambda: check.is_ready, PATIENCE)
        found = check.plan.findings
        assert found is not None and check.plan.pairs >= 12
        if self.is_painted:
            assert found.problems[0].kind is ProblemKind.NO_LABELS and found.problems[0].names == ("lonely",)
        self.shoot("check")
        self.click(wizard.next_button)
        classes = wizard.page
        assert isinstance(classes, ClassesPage)
        if not self.seconds:
            self.begin_with(classes, "Tiny seedling")
        targets = {choice.found.name: choice.target for choice in classes.plan.choices}
        assert all(name == target for name, target in targets.items()), targets
        assert not self.is_painted or list(targets) == ["sky", "grass", "barn"], targets
        self.shoot("classes")
        self.click(wizard.next_button)
        self.measure(wizard)
        start = wizard.page
        assert isinstance(start, StartPage)
        start.name.setText("My garden")
        self.shoot("start")
        self.click(wizard.next_button)
        wait_until(lambda: self.training.process is not None or wizard.problem.isVisible(), PATIENCE)
        assert self.training.process is not None, wizard.problem.text()

    def begin_with(self, classes: ClassesPage, name: str) -> None:
        row = classes.base.findText(name)
        assert row >= 0
        classes.base.setCurrentIndex(row)
        classes.base.activated.emit(row)

    def measure(self, wizard: Wizard) -> None:
        length = wizard.page
        assert isinstance(length, LengthPage)
        self.shoot("measuring")
        wait_until(lambda: length.is_ready or length.retry_button.isVisible(), PATIENCE)
        assert length.is_ready, length._doing.text()
        length.choices["evening"].setChecked(True)
        self.shoot("length")
        self.click(wizard.next_button)

    def watch(self) -> None:
        monitor = self.window.training.monitor
        assert isinstance(monitor, Monitor)
        progress = self.training.progress
        assert progress is not None
        self.shoot("starting")
        wait_until(lambda: bool(progress.losses) or progress.status.is_end, PATIENCE)
        assert progress.status is RunStatus.RUNNING and progress.photos, progress.message
        if self.is_painted:
            assert "barn" in (self.training.process.folder / "classes.json").read_text()
        self.ask_preview(monitor)
        self.shoot("begun")
        end = time.monotonic() + self.seconds
        wait_until(lambda: time.monotonic() > end and progress.images >= LEAST_IMAGES, PATIENCE + self.seconds)
        self.ask_preview(monitor)
        self.shoot("watching")
        scenes = self.training.scenes
        assert scenes[-1].image_HW3.shape == self.studio.feed.image_HW3.shape
        before, after = (self.distance_to_photos(scene.image_HW3) for scene in (scenes[0], scenes[-1]))
        print(f"Lab units to the photos' colours: {before:.1f} after {scenes[0].images} photos, ", end="")
        print(f"{after:.1f} after {scenes[-1].images}")
        if self.seconds:  # a tiny model learns too slowly for that
            assert after < 0.9 * before
        else:
            assert not np.array_equal(scenes[0].image_HW3, scenes[-1].image_HW3)
        self.click(monitor.pause_button)
        wait_until(lambda: progress.status is RunStatus.PAUSED, PATIENCE)
        self.shoot("paused")
        self.click(monitor.pause_button)
        wait_until(lambda: progress.status is RunStatus.RUNNING, PATIENCE)

    def stop_and_use_the_model(self) -> None:
        monitor = self.window.training.monitor
        assert isinstance(monitor, Monitor)
        before = self.studio.feed.image_HW3.copy()
        self.click(monitor.stop_button)
        progress = self.training.progress
        wait_until(lambda: progress.status.is_end, PATIENCE)
        assert progress.status is RunStatus.FINISHED, progress.message
        assert self.session.library.find(progress.model_id)[1].name == "My garden"
        self.shoot("finished")
        self.click(monitor.banner.use_button)
        assert self.session.document.model == progress.model_id
        assert not self.is_painted or self.session.document.palette.by_name("barn") is not None
        wait_until(lambda: not self.studio.feed.is_rendering, PATIENCE)
        assert not np.array_equal(self.studio.feed.image_HW3, before), "another model, another photo"
        assert self.training.process is None
        self.shoot("used")

    def label_a_new_photo(self) -> None:
        """The new model reads a photo that it never saw, in the person's own classes, and its labels are painted on."""
        card = self.session.card
        assert card is not None and card.capabilities.has_reader, "publishing fits a reader"
        labels = scene_labels(7.5)
        path = self.folder / "new.png"
        cv2.imwrite(str(path), scene_photo(labels, np.random.default_rng(11)))
        dialog = PhotoLabelsDialog(self.studio, path, self.window)
        dialog.show()
        wait_until(lambda: dialog.found is not None, PATIENCE)
        self.shoot("labels-of-a-new-photo")
        self.session.history.mark_saved()  # a new drawing may take the place of the old one
        self.click(dialog.accept_button)
        document = self.session.document
        read = document.flatten()
        names = {entry.name: entry.id for entry in document.palette.classes}
        wanted = np.array([names[name] for name in ("sky", "grass", "barn")])[labels]
        wanted = cv2.resize(wanted.astype(np.uint8), read.shape[::-1], interpolation=cv2.INTER_NEAREST)
        agreement = float((read == wanted).mean())
        print(f"{agreement:.0%} of a new photo are read as what they are")
        if self.seconds:  # a tiny model's training is too short for that
            assert agreement > 0.85
            assert ((read == names["barn"]) & (wanted == names["barn"])).sum() > 0.5 * (wanted == names["barn"]).sum()
        self.paint_a_stroke(names["barn"])
        self.shoot("painted-on")

    def paint_a_stroke(self, label: int) -> None:
        """With the mouse, across the middle of the canvas."""
        self.session.choose_class(label)
        canvas = self.window.canvases.labels
        before = self.session.labels_HW.copy()
        middle = canvas.rect().center()
        QTest.mousePress(canvas, LEFT, pos=middle)
        for step in range(1, 9):
            QTest.mouseMove(canvas, middle + QPoint(4 * step, 0))
            QApplication.processEvents()
        QTest.mouseRelease(canvas, LEFT, pos=middle + QPoint(32, 0))
        wait_until(lambda: not np.array_equal(self.session.labels_HW, before), PATIENCE)
        wait_until(lambda: not self.studio.feed.is_rendering, PATIENCE)

    def ask_preview(self, monitor: Monitor) -> None:
        """The open scene, rendered by the model as it is now."""
        scenes = self.training.scenes
        shown = scenes[-1].images if scenes else -1
        self.click(monitor.preview_button)
        wait_until(lambda: bool(scenes) and scenes[-1].images > shown, PATIENCE)

    def distance_to_photos(self, image_HW3: np.ndarray) -> float:
        """How far the colours of the scene's classes are from those of the photos, in Lab units."""
        document = self.session.document
        drawn = class_colours(image_HW3, document.flatten(), [entry.name for entry in document.palette.classes])
        known = photo_colours(self.data)
        shared = drawn.keys() & known.keys()
        assert shared, "the scene has none of the classes"
        return float(np.mean([np.linalg.norm(drawn[name] - known[name]) for name in shared]))

    # -- hands and eyes -----------------------------------------------------------------------------------------

    def click(self, button: QAbstractButton) -> None:
        wait_until(lambda: button.isEnabled() and button.isVisible(), PATIENCE)
        QTest.mouseClick(button, LEFT)
        QApplication.processEvents()

    def shoot(self, name: str) -> None:
        for _turn in range(3):
            QApplication.processEvents()
        self.window.screen().grabWindow(0).save(str(self.folder / f"{name}.png"))


def class_colours(image_HW3: np.ndarray, labels_HW: np.ndarray, names: list[str]) -> dict[str, np.ndarray]:
    """The mean colour in Lab of every class that occurs."""
    lab = cv2.cvtColor(image_HW3.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return {names[label]: lab[labels_HW == label].mean(0) for label in np.unique(labels_HW) if label < len(names)}


def photo_colours(data: Path) -> dict[str, np.ndarray]:
    """The same over all photos."""
    classes = json.loads((data / "classes.json").read_text())["classes"]
    found: dict[str, list[np.ndarray]] = {}
    for path in sorted((data / "labels").glob("*.png")):
        photo = cv2.imread(str(next((data / "images").glob(f"{path.stem}.*"))))
        labels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        names = [entry["name"] for entry in classes]
        for name, colour in class_colours(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB), labels, names).items():
            found.setdefault(name, []).append(colour)
    return {name: np.mean(colours, axis=0) for name, colours in found.items()}


def paint_pairs(folder: Path) -> None:
    """Twelve photos of grass and sky with a barn, their label maps, and one photo without."""
    draws = np.random.default_rng(5)
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    names = ["sky", "grass", "barn"]
    colors = ["#87b5e8", "#7ec850", "#a03028"]
    classes = [{"id": i, "name": n, "color": c} for i, (n, c) in enumerate(zip(names, colors, strict=True))]
    (folder / "classes.json").write_text(json.dumps({"name": "garden", "dont_care": None, "classes": classes}))
    for index in range(12):
        labels = scene_labels(index)
        cv2.imwrite(str(folder / f"images/scene{index}.png"), scene_photo(labels, draws))
        cv2.imwrite(str(folder / f"labels/scene{index}.png"), labels)
    cv2.imwrite(str(folder / "images/lonely.png"), draws.integers(0, 255, (96, 96, 3), np.uint8))


def scene_labels(number: float) -> np.ndarray:
    """(96, 96) ids: sky over grass, and a barn before both that stands elsewhere in every scene."""
    down, right = round(number), round(5 * number)
    labels = np.zeros((96, 96), np.uint8)
    labels[40 + down :] = 1
    labels[30 + down : 50 + down, 10 + right : 40 + right] = 2
    return labels


def scene_photo(labels_HW: np.ndarray, draws: np.random.Generator) -> np.ndarray:
    """(H, W, 3) BGR: the colours of the classes with noise."""
    paint = np.array([(235, 190, 130), (60, 150, 90), (50, 60, 160)], float)[labels_HW]
    return (paint + draws.normal(0, 14, paint.shape)).clip(0, 255).astype(np.uint8)


def travel(folder: Path, seconds: float, data: Path | None) -> int:
    QApplication.exec = staticmethod(Journey(folder, seconds, data))
    return main([])


if __name__ == "__main__":
    given = sys.argv[2:]
    raise SystemExit(
        travel(Path(sys.argv[1]), float(given[0]) if given else 0.0, Path(given[1]) if given[1:] else None)
    )
