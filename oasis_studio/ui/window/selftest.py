"""``oasis-studio selftest``: the program uses itself for a moment, so that an installation can be trusted.

A window opens, a stroke is painted with mouse events, the photo follows, the drawing is saved and opened again, and the
trainer does three steps in its own process. Nothing outside a temporary folder is read or written, and no network.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from oasis_studio.app.studio import Studio
from oasis_studio.core.work.child import child_environment, module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.window.main_window import MainWindow

PATIENCE = 60.0
"""Seconds that any one thing may take."""
_PAIRS, _SIDE, _STEPS = 6, 32, 3
_RECIPE = {
    "name": "selftest",
    "title": "Self-test",
    "classes": "outdoor8",
    "sources": [{"folder": "pairs"}],
    "generator": {"noise": 4, "widths": [8, 8, 8], "hidden": 4},
    "discriminator": {"backbone": "efficientnet_lite1"},
    "phases": [{"size": _SIDE, "images": 2 * _STEPS, "batch": 2}],
    "native_size": _SIDE,
    "statistics_batches": 1,
}


class SelfTest:
    """Stands in for the event loop; ``tell`` is given one line for each thing that works."""

    def __init__(self, tell: Callable[[str], None] = print) -> None:
        self._tell = tell

    def __call__(self, studio: Studio, window: MainWindow) -> int:
        """0 when everything works; StudioError saying what does not."""
        self._studio, self._window = studio, window
        parts: tuple[tuple[str, Callable[[], None]], ...] = (
            (_("window"), self._see_the_window),
            (_("first photo"), self._see_the_photo),
            (_("a stroke and its photo"), self._paint),
            (_("saving and opening"), self._save_and_open),
            (_("training"), _train),
        )
        try:
            for name, check in parts:
                started = time.monotonic()
                check()
                self._tell(f"{name}: {time.monotonic() - started:.1f} s")
        finally:
            studio.session.history.mark_saved()  # closing asks for nothing
            window.close()
        return 0

    def _see_the_window(self) -> None:
        _wait(lambda: self._window.isVisible(), _("The window did not open."))

    def _see_the_photo(self) -> None:
        feed = self._studio.feed
        _wait(
            lambda: feed.image_HW3 is not None and feed.milliseconds is not None and not feed.is_rendering,
            _("No photo was rendered."),
        )

    def _paint(self) -> None:
        session, feed = self._studio.session, self._studio.feed
        labels, photo = session.labels_HW.copy(), feed.image_HW3
        present = int(labels[labels.shape[0] // 2, labels.shape[1] // 2])
        session.choose_class((present + 1) % len(session.document.palette))
        self._stroke()
        if np.array_equal(labels, session.labels_HW):
            raise StudioError(_("A stroke of the brush did not change the labels."))
        _wait(lambda: feed.image_HW3 is not photo and not feed.is_rendering, _("The photo did not follow a stroke."))

    def _stroke(self) -> None:
        """A short stroke through the middle, as a mouse would make it."""
        canvas, document = self._window.canvases.labels, self._studio.session.document
        view = self._window.canvases.view
        origin = view.origin(canvas.size())
        middle = QPointF(document.width / 2, document.height / 2)
        points = [origin + (middle + QPointF(step, 0)) * view.zoom for step in range(0, document.width // 8, 4)]
        for kind, at in (
            (QEvent.Type.MouseButtonPress, points[0]),
            *((QEvent.Type.MouseMove, point) for point in points[1:]),
            (QEvent.Type.MouseButtonRelease, points[-1]),
        ):
            held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
            spot = QPointF(canvas.mapToGlobal(at))
            event = QMouseEvent(kind, at, spot, Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(canvas, event)

    def _save_and_open(self) -> None:
        drawings, session = self._studio.drawings, self._studio.session
        labels, photo = session.labels_HW.copy(), self._studio.feed.image_HW3
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "selftest.oasis"
            drawings.save(path)
            drawings.open(path)
            again = self._studio.feed.image_HW3
            is_photo_same = photo is not None and again is not None and np.array_equal(photo, again)
            if not is_photo_same or not np.array_equal(labels, session.labels_HW):
                raise StudioError(_("A saved drawing came back changed."))
            _wait(lambda: not self._studio.feed.is_rendering, _("No photo was rendered."))


def _wait(is_done: Callable[[], bool], otherwise: str) -> None:
    """Let events run until ``is_done``; StudioError with the sentence ``otherwise`` if that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        if time.monotonic() > deadline:
            raise StudioError(otherwise, _("The log says more; see oasis-studio diagnose."))
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def _train() -> None:
    """Three steps of the trainer on pairs made here."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_pairs(folder / "pairs")
        recipe = folder / "recipe.json"
        recipe.write_text(json.dumps(_RECIPE), encoding="utf-8")
        command = module_command("oasis_training", str(recipe), "--data", name, "--out", str(folder / "run"))
        try:
            done = subprocess.run(
                [*command, "--no-install", "--device", "cpu"],
                env=child_environment() | {"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")},
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=PATIENCE,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StudioError(_("The trainer did not do its steps."), detail=str(error)) from error
        if done.returncode or not (folder / "run" / "model" / "generator.safetensors").is_file():
            raise StudioError(_("The trainer did not do its steps."), done.stderr[-500:], done.stdout[-2000:])


def _write_pairs(folder: Path) -> None:
    draws = np.random.default_rng(0)
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    for index in range(_PAIRS):
        labels = np.repeat(draws.integers(0, 8, (_SIDE, 1), np.uint8), _SIDE, axis=1)
        image = draws.integers(0, 256, (_SIDE, _SIDE, 3), np.uint8)
        Image.fromarray(labels).save(folder / "labels" / f"{index}.png")
        Image.fromarray(image).save(folder / "images" / f"{index}.png")
