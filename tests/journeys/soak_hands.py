"""One stretch of the soak: synthetic hands in the real window that do everything in random order.

``python -m tests.journeys.soak_hands FOLDER SECONDS SEED [last]``, which :mod:`tests.journeys.soak` starts and kills.
What happens goes line by line into ``FOLDER/ledger.jsonl``, so that the next stretch knows what must not be lost.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from oasis_studio.__main__ import main
from oasis_studio.app.files.drawings import blank_document
from oasis_studio.app.photo.critic import Look
from oasis_studio.app.regions.lock_edits import Answer as LockAnswer
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.document import Document
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.files.projects.autosave import recoveries
from oasis_studio.core.files.projects.project import read_project
from oasis_studio.errors import StudioError
from oasis_studio.ui.dialogs.photo_labels import PhotoLabelsDialog
from oasis_studio.ui.dialogs.photo_style import PhotoStyleDialog
from oasis_studio.ui.dialogs.recovery import RecoveryDialog
from oasis_studio.ui.dialogs.welcome import Welcome
from oasis_studio.ui.questions import messages
from oasis_studio.ui.window.main_window import MainWindow
from tests.journeys.train_a_model import paint_pairs
from tests.ui.desk import Desk, wait_until

WIDTH, HEIGHT = 768, 512
PATIENCE = 300.0
PAUSE = 0.008
"""Seconds between two moves of the mouse."""
TRAINING = 120.0
MOST_LAYERS = 5


class Ledger:
    """What happened, one JSON object a line; a line that a kill cut short is passed over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ledger.jsonl"
        self._began = time.monotonic()

    def note(self, what: str, **values: object) -> None:
        entry = {"what": what, "at": round(time.monotonic() - self._began, 2), **values}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def entries(self) -> list[dict]:
        found = []
        for line in self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found


def fingerprint(document: Document) -> str:
    """Of the labels as they are seen, the seed and the layers."""
    about = f"{document.seed} {document.model} {[layer.name for layer in document.layers]}".encode()
    return hashlib.sha1(document.flatten().tobytes() + about).hexdigest()


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


class Stretch:
    """Stands in for the event loop of the program."""

    def __init__(self, folder: Path, seconds: float, seed: int, is_last: bool) -> None:
        self.folder, self.seconds, self.is_last = folder, seconds, is_last
        self.file = folder / "scene.oasis"
        self.chance = random.Random(seed)
        self.ledger = Ledger(folder)
        self.moves: list[tuple[float, float]] = []
        self.trained = False

    def __call__(self) -> int:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
        self.studio = self.window._studio
        self.session, self.jobs = self.studio.session, self.studio.jobs
        self.desk = Desk(self.studio, self.window, None)  # type: ignore[arg-type]  # it has no fake renderer here
        for welcome in self.window.findChildren(Welcome):
            QTest.keyClick(welcome, Qt.Key.Key_Escape)
        self.find_what_was_left()
        self.studio.autosave.set_interval(20)
        self.studio.autosave.saved.connect(self.note_copy)
        self.session.history_changed.connect(self.note_state)
        self.wait_for_photo()
        minute = min(60.0, self.seconds / 6)
        self.paint_only("first", minute)
        end = time.monotonic() + self.seconds - minute * (2 if self.is_last else 1)
        while time.monotonic() < end:
            self.do_something()
        if self.is_last:
            self.rest()
            self.paint_only("last", minute)
            self.rest()
            self.ledger.note("end", mb=round(resident_mb()), **self.counts())
        self.leave()
        return 0

    # -- what must not be lost ------------------------------------------------------------------------------------

    def find_what_was_left(self) -> None:
        """After a kill the drawing is as it was when it was last saved or copied, or newer."""
        entries = self.ledger.entries()
        if not any(entry["what"] == "saved" for entry in entries):
            card = self.session.library.find("outdoor")[1]
            document = blank_document(WIDTH, HEIGHT, card.palette, card.id)
            document.layers[0].labels[: HEIGHT // 2], document.layers[0].labels[HEIGHT // 2 :] = 0, 3
            self.session.open(document)
            self.save()
            return
        if self.session.path != self.file and not self.session.is_modified:
            self.window.files.open_path(self.file)
        states = [entry.get("state") for entry in entries]
        safe = max(place for place, entry in enumerate(entries) if entry["what"] in ("saved", "copied"))
        found = fingerprint(self.session.document)
        places = [place for place, state in enumerate(states) if state == found]
        newest = states.index(states[safe])
        assert places and max(places) >= newest, f"lost what was kept at {entries[safe]}"
        self.ledger.note("found", state=found, after=len(entries) - 1 - safe, recovered=self.session.is_modified)

    def note_state(self) -> None:
        self.ledger.note("state", state=fingerprint(self.session.document))

    def note_copy(self) -> None:
        """A copy of unsaved work was written: it can be read."""
        for found in recoveries():
            copy = read_project(found.path).document
            self.ledger.note("copied", state=fingerprint(copy))
            return

    def save(self) -> None:
        if self.session.path != self.file:
            self.window.files._write(self.file)
        else:
            self.window.actions_by_id["file.save"].trigger()
        self.wait(lambda: not self.jobs.is_busy)
        assert not self.session.is_modified
        self.ledger.note("saved", state=fingerprint(self.session.document))

    # -- hands ----------------------------------------------------------------------------------------------------

    def do_something(self) -> None:
        name, action = self.chance.choices(*zip(*self.things(), strict=True))[0], None
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
        return usual if self.trained or not self.is_last else [*usual, ("train", 1.5)]

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

    def paint_only(self, which: str, seconds: float) -> None:
        """The same strokes in the first and the last minute, for nothing but their times."""
        usual, self.chance = self.chance, random.Random(1)
        self.desk.view.fit()
        self.moves.clear()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.stroke()
        walls, cpus = zip(*self.moves, strict=True)
        times = {"wall_ms": walls, "cpu_ms": cpus}
        p95 = {name: round(1000 * float(np.percentile(values, 95)), 2) for name, values in times.items()}
        self.ledger.note("painted", minute=which, moves=len(walls), mb=round(resident_mb()), **p95)
        self.chance = usual

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
        """Two minutes of a real trainer, while the hands go on."""
        self.trained = True
        self.begin_training()
        progress = self.studio.training.progress
        assert progress is not None
        wait_until(lambda: bool(progress.losses) or progress.status.is_end, 3 * PATIENCE)
        assert progress.losses, progress.message
        end = time.monotonic() + min(TRAINING, self.seconds / 4)
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

    def counts(self) -> dict[str, int]:
        document = self.session.document
        return {
            "steps": self.session.history.undo_count,
            "results": len(document.results),
            "layers": len(document.layers),
        }

    def leave(self) -> None:
        self.save()
        self.window.actions_by_id["file.quit"].trigger()
        assert not self.window.isVisible()


def travel(folder: Path, seconds: float, seed: int, is_last: bool) -> int:
    def refuse(_parent: object, error: StudioError) -> None:
        Ledger(folder).note("told", text=f"{error.message} {error.hint} {error.detail}")

    messages.show_error = refuse
    messages.ask_about_lock = lambda _parent, _name: LockAnswer.AROUND
    messages.ask_leave = lambda _parent, _loss: True
    messages.ask_unsaved = lambda _parent, _title: messages.Answer.DISCARD
    RecoveryDialog.exec = lambda dialog: dialog.recover_button.click() or 1  # type: ignore[method-assign]
    QApplication.exec = staticmethod(Stretch(folder, seconds, seed, is_last))
    return main([])


if __name__ == "__main__":
    place, length, number, *more = sys.argv[1:]
    raise SystemExit(travel(Path(place), float(length), int(number), "last" in more))
