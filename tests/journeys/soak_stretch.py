"""One stretch of the soak: synthetic hands in the real window, from a start to an end, or until they are killed.

``python -m tests.journeys.soak_stretch FOLDER SECONDS SEED [last]``, which :mod:`tests.journeys.soak` starts and kills.
What happens goes line by line into ``FOLDER/ledger.jsonl``, so that the next stretch knows what must not be lost.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from oasis_studio.__main__ import main
from oasis_studio.app.files.drawings import blank_document
from oasis_studio.app.regions.lock_edits import Answer as LockAnswer
from oasis_studio.core.files.projects.autosave import recoveries
from oasis_studio.core.files.projects.project import read_project
from oasis_studio.errors import StudioError
from oasis_studio.ui.dialogs.recovery import RecoveryDialog
from oasis_studio.ui.dialogs.welcome import Welcome
from oasis_studio.ui.questions import messages
from oasis_studio.ui.window.main_window import MainWindow
from tests.journeys.soak_hands import HEIGHT, WIDTH, Hands
from tests.journeys.soak_ledger import Ledger, fingerprint, heap_mb, resident_mb

TRAINING = 120.0


class Stretch:
    """Stands in for the event loop of the program."""

    def __init__(self, folder: Path, seconds: float, seed: int, is_last: bool) -> None:
        self.folder, self.seconds, self.seed, self.is_last = folder, seconds, seed, is_last
        self.ledger = Ledger(folder)

    def __call__(self) -> int:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
        training = min(TRAINING, self.seconds / 4) if self.is_last else 0
        self.hands = Hands(window, self.folder, self.seed, training)
        self.session = self.hands.session
        for welcome in window.findChildren(Welcome):
            QTest.keyClick(welcome, Qt.Key.Key_Escape)
        self.find_what_was_left()
        self.hands.studio.autosave.set_interval(20)
        self.hands.studio.autosave.saved.connect(self.note_copy)
        self.session.history_changed.connect(self.note_state)
        self.hands.wait_for_photo()
        self.work()
        self.leave()
        return 0

    def work(self) -> None:
        """Until the time is over; brush events are measured at both ends."""
        minute = min(60.0, self.seconds / 6)
        self.paint_only("first", minute)
        end = time.monotonic() + self.seconds - minute * (2 if self.is_last else 1)
        while time.monotonic() < end:
            self.hands.do_something()
        if self.is_last:
            self.hands.rest()
            self.paint_only("last", minute)
            self.hands.rest()
            self.ledger.note("end", mb=round(resident_mb()), **self.counts(), **heap_mb())

    def find_what_was_left(self) -> None:
        """After a kill the drawing is as it was when it was last saved or copied, or newer."""
        entries = self.ledger.entries()
        if not any(entry["what"] == "saved" for entry in entries):
            card = self.session.library.find("outdoor")[1]
            document = blank_document(WIDTH, HEIGHT, card.palette, card.id)
            document.layers[0].labels[: HEIGHT // 2], document.layers[0].labels[HEIGHT // 2 :] = 0, 3
            self.session.open(document)
            self.hands.save()
            return
        if self.session.path != self.hands.file and not self.session.is_modified:
            self.hands.window.files.open_path(self.hands.file)
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

    def paint_only(self, which: str, seconds: float) -> None:
        """The same strokes in the first and the last minute, for nothing but their times."""
        hands = self.hands
        usual, hands.chance = hands.chance, random.Random(1)
        hands.desk.view.fit()
        hands.moves.clear()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            hands.stroke()
        walls, cpus = zip(*hands.moves, strict=True)
        times = {"wall_ms": walls, "cpu_ms": cpus}
        p95 = {name: round(1000 * float(np.percentile(values, 95)), 2) for name, values in times.items()}
        self.ledger.note("painted", minute=which, moves=len(walls), mb=round(resident_mb()), **p95, **heap_mb())
        hands.chance = usual

    def counts(self) -> dict[str, int]:
        document = self.session.document
        return {
            "steps": self.session.history.undo_count,
            "results": len(document.results),
            "layers": len(document.layers),
        }

    def leave(self) -> None:
        self.hands.save()
        self.hands.window.actions_by_id["file.quit"].trigger()
        assert not self.hands.window.isVisible()


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
