"""Synthetic hands that do everything a person can do with a drawing, in random order, in the real window."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog

from oasis_studio.app.photo.critic import Look
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.errors import StudioError
from oasis_studio.ui.dialogs.photo_labels import PhotoLabelsDialog
from oasis_studio.ui.dialogs.photo_style import PhotoStyleDialog
from oasis_studio.ui.window.main_window import MainWindow
from tests.journeys.soak_ledger import Ledger, fingerprint, resident_mb
from tests.journeys.train_a_model import paint_pairs
from tests.ui.desk import Desk, wait_until

WIDTH, HEIGHT = 768, 512
PATIENCE = 300.0
PAUSE = 0.008
"""Seconds between two moves of the mouse."""
MOST_LAYERS = 5


class Hands:
    """They work on ``FOLDER/scene.oasis``; ``training`` are the seconds of the one training they start, 0 for none."""

    def __init__(self, window: MainWindow, folder: Path, seed: int, training: float) -> None:
        self.window, self.folder, self.training = window, folder, training
        self.file = folder / "scene.oasis"
        self.studio = window._studio
        self.session, self.jobs = self.studio.session, self.studio.jobs
        self.desk = Desk(self.studio, window, None)  # type: ignore[arg-type]  # it has no fake renderer here
        self.chance = random.Random(seed)
        self.ledger = Ledger(folder)
        self.moves: list[tuple[float, float]] = []
        """Of every move of the mouse: seconds by the clock, and of the window's thread."""

    def do_something(self) -> None:
        name = self.chance.choices(*zip(*self.things(), strict=True))[0]
        action = getattr(self, name)
        began = time.monotonic()
        try:
            action()
        except StudioError as error:  # what cannot be done here is told to a person
            self.ledger.note("told", by=name, text=error.message)
        self.pump(0.05)
        self.ledger.note("did", name=name, took=round(time.monotonic() - began, 2), mb=round(resident_mb()))

    def things(self) -> list[tuple[str, float]]:
        usual = [
            *(("stroke", 30), ("shape", 8), ("undo_and_redo", 8), ("layer", 3), ("dice", 4), ("style", 4)),
            *(("lock", 3), ("vary", 2), ("find_style", 0.6), ("label_photo", 0.6), ("keep", 3), ("restore", 1.5)),
            *(("save", 2), ("switch_model", 1), ("export", 1), ("judge", 1), ("interrupt", 4), ("look_around", 3)),
        ]
        return [*usual, ("train", 1.5)] if self.training else usual

    def stroke(self) -> None:
        self.session.choose_tool(ToolKind.BRUSH)
        self.session.choose_class(self.chance.randrange(len(self.session.document.palette.classes)))
        self.session.resize_brush(self.chance.randint(8, 80))
        self.drag(self.chance.randint(5, 40))

    def drag(self, moves: int) -> None:
        x, y = self.chance.uniform(0, WIDTH), self.chance.uniform(0, HEIGHT)
        self.desk.mouse(QEvent.Type.MouseButtonPress, x, y)
        for _move in range(moves):
            x = min(max(x + self.chance.uniform(-30, 30), 0), WIDTH - 1)
            y = min(max(y + self.chance.uniform(-30, 30), 0), HEIGHT - 1)
            wall, cpu = time.perf_counter(), time.thread_time()
            self.desk.mouse(QEvent.Type.MouseMove, x, y)
            self.moves.append((time.perf_counter() - wall, time.thread_time() - cpu))
            self.pump(PAUSE)
        self.desk.mouse(QEvent.Type.MouseButtonRelease, x, y)

    def save(self) -> None:
        if self.session.path != self.file:
            self.window.files._write(self.file)
        else:
            self.window.actions_by_id["file.save"].trigger()
        self.wait(lambda: not self.jobs.is_busy)
        assert not self.session.is_modified
        self.ledger.note("saved", state=fingerprint(self.session.document))

    def shape(self) -> None:
        kinds = (
            ToolKind.RECTANGLE,
            ToolKind.ELLIPSE,
            ToolKind.LASSO,
            ToolKind.LINE,
            ToolKind.FILL,
            ToolKind.SELECT_BOX,
        )
        self.session.choose_tool(self.chance.choice(kinds))
        self.drag(6)
        if self.chance.random() < 0.5:
            self.window.actions_by_id["select.none"].trigger()

    def undo_and_redo(self) -> None:
        for _step in range(self.chance.randint(1, 6)):
            self.session.undo()
            self.pump(0.02)
        for _step in range(self.chance.randint(0, 4)):
            self.session.redo()
            self.pump(0.02)

    def layer(self) -> None:
        many = len(self.session.document.layers) >= MOST_LAYERS
        self.window.actions_by_id["layer.remove" if many else "layer.add"].trigger()
        self.stroke()

    def dice(self) -> None:
        self.session.roll_seed()
        self.wait_for_photo()

    def keys(self) -> frozenset:
        regions = [region.key for region in self.session.regions.all]
        return frozenset(self.chance.sample(regions, min(len(regions), self.chance.randint(1, 3))))

    def style(self) -> None:
        self.studio.styles.roll(self.keys())
        self.wait_for_photo()

    def lock(self) -> None:
        self.wait_for_photo()
        self.studio.locks.unlock(frozenset(self.session.document.locks))
        if self.chance.random() < 0.6:
            self.studio.locks.lock(self.keys())

    def vary(self) -> None:
        variations = self.studio.variations
        variations.start(4)
        self.wait(lambda: not variations.is_running)
        if variations.all and self.chance.random() < 0.5:
            variations.pick(self.chance.randrange(len(variations.all)))

    def find_style(self) -> None:
        self.with_photo(PhotoStyleDialog, self._find_style)

    def _find_style(self, dialog: PhotoStyleDialog) -> None:
        self.wait(lambda: dialog._task is None)
        if dialog.search.isEnabled():
            dialog.toggle()
            self.wait(lambda: dialog.found is not None and dialog.found.share >= 0.2)
            dialog.toggle()
            dialog.accept()

    def label_photo(self) -> None:
        self.with_photo(PhotoLabelsDialog, self._label_photo)

    def _label_photo(self, dialog: PhotoLabelsDialog) -> None:
        self.wait(lambda: dialog.found is not None)
        dialog.into_open.setChecked(True)
        dialog.accept()

    def with_photo(self, kind: type[QDialog], use: Callable) -> None:
        """Open the dialog of the kind with a photo of the drawing as it is."""
        self.wait_for_photo()
        image = self.studio.feed.image_HW3
        assert image is not None
        path = self.folder / "photo.png"
        write_photo(path, np.ascontiguousarray(image[:, ::-1]), {})
        dialog = kind(self.studio, path, self.window)  # type: ignore[call-arg]  # those two take them
        dialog.show()
        use(dialog)
        dialog.close()
        dialog.deleteLater()

    def keep(self) -> None:
        self.wait_for_photo()
        self.studio.keeper.keep()
        self.wait(lambda: not self.jobs.is_busy)

    def restore(self) -> None:
        results = self.session.document.results
        if results:
            self.studio.results.restore(self.chance.choice(results))
            self.wait_for_photo()

    def switch_model(self) -> None:
        for name in ("seedling", "outdoor"):
            self.session.switch_model(self.session.library.find(name)[1])
            self.wait_for_photo()

    def export(self) -> None:
        self.wait_for_photo()
        self.studio.drawings.export_photo(self.folder / "export.jpg")
        self.studio.drawings.export_psd(self.folder / "export.psd")

    def judge(self) -> None:
        critic = self.studio.critic
        critic.show(self.chance.choice(list(Look)))
        self.wait(lambda: not critic.is_judging)
        self.pump(0.3)
        critic.show(Look.NOTHING)

    def interrupt(self) -> None:
        """A stroke whose release never comes; nothing paints afterwards."""
        self.session.choose_tool(ToolKind.BRUSH)
        self.desk.mouse(QEvent.Type.MouseButtonPress, 100, 100)
        self.desk.mouse(QEvent.Type.MouseMove, 140, 120)
        kinds = (QEvent.Type.WindowDeactivate, QEvent.Type.WindowBlocked)
        QApplication.sendEvent(self.window, QEvent(self.chance.choice(kinds)))
        before = self.session.labels_HW.copy()
        self.desk.hover(300, 300)
        assert not self.session.has_open_stroke and np.array_equal(before, self.session.labels_HW)

    def look_around(self) -> None:
        for _turn in range(3):
            self.desk.wheel(self.desk.labels, self.chance.choice((-1, 1)), Qt.KeyboardModifier.ControlModifier)
            self.pump(0.1)
        self.desk.view.fit()

    def train(self) -> None:
        """A while of a real trainer, while the hands go on."""
        seconds, self.training = self.training, 0.0
        self.begin_training()
        progress = self.studio.training.progress
        assert progress is not None
        wait_until(lambda: bool(progress.losses) or progress.status.is_end, 3 * PATIENCE)
        assert progress.losses, progress.message
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.do_something()
        assert self.studio.training.process is not None
        self.studio.training.process.stop()
        self.wait(lambda: progress.status.is_end)
        self.studio.training.forget()

    def begin_training(self) -> None:
        data, run = self.folder / "garden", self.folder / "home" / "runs" / f"soak-{self.chance.randrange(10**6)}"
        if not data.exists():
            paint_pairs(data)
        options = ["--base=sprout", "--title=Soak", "--device=cpu", f"--out={run}", "--", str(data)]
        subprocess.run(
            [sys.executable, "-m", "oasis_training.commands.fine_tuning", *options], check=True, capture_output=True
        )
        (run / "run.json").write_text(json.dumps({"data": str(self.folder)}))
        self.studio.training.begin(run)

    # -- waiting --------------------------------------------------------------------------------------------------

    def pump(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.002)

    def wait(self, is_done: Callable[[], bool]) -> None:
        wait_until(is_done, PATIENCE)

    def wait_for_photo(self) -> None:
        self.wait(lambda: self.studio.feed.image_HW3 is not None and not self.studio.feed.is_rendering)

    def rest(self) -> None:
        self.wait_for_photo()
        self.wait(lambda: not self.jobs.is_busy and not self.studio.aside.is_running)
        self.pump(2)
