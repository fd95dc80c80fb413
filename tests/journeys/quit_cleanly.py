"""Use the program, quit, and see that it ends cleanly: ``python -m tests.journeys.quit_cleanly FOLDER NUMBER``.

NUMBER chooses what is used and where it is quit: with even ones everything is finished, with odd ones the last thing is
under way. After the window has closed nothing may crash or be said on stderr. The networks are tiny, so that fifty
runs, each in a process of its own, take minutes: ``python -m tests.journeys.quit_cleanly FOLDER 0 50``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from oasis_studio.__main__ import main
from oasis_studio.app.files.drawings import DEFAULT_MODEL
from oasis_studio.app.photo.critic import Look
from oasis_studio.app.training.process import TrainingProcess
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.ui.dialogs.welcome import Welcome
from oasis_studio.ui.questions import messages
from oasis_studio.ui.window.main_window import MainWindow
from tests.journeys.tiny_model import write_tiny_model
from tests.ui.desk import Desk, wait_until

PATIENCE = 300.0
ROOT = Path(__file__).parents[2]


class Journey:
    """Two or three things of a person's day, and the end of it."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder, self.number = folder, number
        self.does_finish = number % 2 == 0
        self.parts: list[Callable[[], Callable[[], bool]]] = [
            self.train,
            self.vary,
            self.film,
            self.use_another_python,
            self.judge,
            self.keep,
            self.compare,
        ]

    def __call__(self) -> int:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
        self.studio = self.window._studio
        self.desk = Desk(self.studio, self.window, None)  # type: ignore[arg-type]  # it has no fake renderer here
        for welcome in self.window.findChildren(Welcome):
            QTest.keyClick(welcome, Qt.Key.Key_Escape)
        self.wait(self.is_rendered)
        for step in range(3):
            self.desk.stroke((60 + 9 * step, 60), (90, 70 + 5 * step))
        first = self.number // 2 % len(self.parts)
        chosen = [self.parts[(first + place) % len(self.parts)] for place in range(3)]
        for place, part in enumerate(chosen):
            is_done = part()
            if self.does_finish or place < len(chosen) - 1:
                self.wait(is_done)
        messages.ask_training = lambda _parent: messages.TrainingAnswer.STOP
        self.studio.session.history.mark_saved()
        self.window.actions_by_id["file.quit"].trigger()
        assert not self.window.isVisible()
        return 0

    def wait(self, is_done: Callable[[], bool]) -> None:
        wait_until(is_done, PATIENCE)

    def is_rendered(self) -> bool:
        return self.studio.feed.image_HW3 is not None and not self.studio.feed.is_rendering

    # -- what a person does; each begins it, and gives what tells when it is done ---------------------------------

    def vary(self) -> Callable[[], bool]:
        self.studio.variations.start(4)
        return lambda: not self.studio.variations.is_running

    def film(self) -> Callable[[], bool]:
        self.studio.animation.start(frozenset({WHOLE_IMAGE}), self.folder / "loop.gif", 8, 25)
        return lambda: not self.studio.animation.is_running

    def judge(self) -> Callable[[], bool]:
        critic = self.studio.critic
        critic.show(Look.REALISM)
        return lambda: critic.critique is not None or bool(critic.refusal)

    def keep(self) -> Callable[[], bool]:
        results = len(self.studio.session.document.results)
        self.studio.keeper.keep()
        return lambda: len(self.studio.session.document.results) > results

    def compare(self) -> Callable[[], bool]:
        session = self.studio.session
        self.studio.model_comparison.compare(session.library.find(session.document.model)[1])
        return lambda: self.studio.model_comparison.photo is not None

    def use_another_python(self) -> Callable[[], bool]:
        self.studio.engine.choose(sys.executable)
        return lambda: self.is_rendered() and bool(self.studio.engine._engines)  # the critic may have another

    def train(self) -> Callable[[], bool]:
        """A training watched in the monitor, with photos of the scene; the trainer only tells what one would tell."""
        run = self.folder / "home" / "runs" / "mine"
        run.mkdir(parents=True)
        session, training = self.studio.session, self.studio.training
        shutil.copytree(session.library.find(session.document.model)[0], run / "model")
        process = TrainingProcess(run, training)
        training._watch(process)
        process.start([sys.executable, "-m", "tests.app.fake_trainer", str(run)])
        self.window.training.show_monitor()
        asked_at = 0.0

        def is_done() -> bool:
            nonlocal asked_at
            if process.progress.losses and time.monotonic() - asked_at > 1:
                asked_at = time.monotonic()
                process.ask_preview()
            return len(training.scenes) > 1

        return is_done


def travel(folder: Path, number: int) -> int:
    QApplication.exec = staticmethod(Journey(folder, number))
    return main([])


def quit_in_a_process(folder: Path, number: int) -> str:
    """What was wrong with the end of one run, "" if nothing was."""
    home = folder / "home"
    write_tiny_model(home / "models" / DEFAULT_MODEL, reads=True)
    environment = os.environ | {"OASIS_STUDIO_HOME": str(home), "PYTHONFAULTHANDLER": "1"}
    command = [sys.executable, "-m", "tests.journeys.quit_cleanly", str(folder), str(number)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=4 * PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        return f"run {number}: it did not end\n{error.stderr}"
    crash = home / "logs" / "crash.log"
    said = done.stderr.strip() + (crash.read_text(encoding="utf-8").strip() if crash.exists() else "")
    log = home / "logs" / "oasis-studio.log"
    if log.exists() and " CRITICAL " in (text := log.read_text(encoding="utf-8")):
        said += text
    return "" if done.returncode == 0 and not said else f"run {number}: exit code {done.returncode}\n{said}"


def quit_often(folder: Path, first: int, count: int) -> list[str]:
    """What was wrong with each run that did not end cleanly."""
    found = []
    for number in range(first, first + count):
        wrong = quit_in_a_process(folder / str(number), number)
        print(wrong or f"run {number} ended cleanly", flush=True)
        found += [wrong] if wrong else []
    return found


if __name__ == "__main__":
    place, *numbers = sys.argv[1:]
    if len(numbers) == 2:
        raise SystemExit(len(quit_often(Path(place), int(numbers[0]), int(numbers[1]))))
    raise SystemExit(travel(Path(place), int(numbers[0])))
