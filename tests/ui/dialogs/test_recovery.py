"""Work that was never saved survives a crash: a killed program's drawing is offered at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from oasis_studio.core.files.projects.autosave import Autosave, recoveries
from oasis_studio.ui.dialogs.recovery import RecoveryDialog
from tests.app import scene
from tests.ui.desk import Desk

PAINT_AND_DIE = """
import os, signal
from PySide6.QtWidgets import QApplication
from oasis_studio.core.models.library import default_library
from oasis_studio.ui.window import application
from tests.app.scene import InstantRenderer
from tests.ui.desk import wait_until

def paint_and_die():
    app = QApplication.instance()
    window = next(w for w in app.topLevelWidgets() if w.objectName() == "mainWindow")
    studio = window._studio
    studio.start()
    studio.session.choose_class(2)
    for step in range(50):
        studio.painter.press(20 + step, 20)
        studio.painter.release(20 + step, 20)
    saved = []
    studio.autosave.saved.connect(lambda: saved.append(True))
    wait_until(lambda: saved)
    os.kill(os.getpid(), signal.SIGKILL)

QApplication.exec = staticmethod(paint_and_die)
application.run(default_library(), InstantRenderer)
"""

START_AND_RECOVER = """
import sys
from PySide6.QtWidgets import QApplication
from oasis_studio.core.models.library import default_library
from oasis_studio.ui.window import application
from oasis_studio.ui.dialogs.recovery import RecoveryDialog
from tests.app.scene import InstantRenderer

offered = []

def recover(dialog):
    offered.append(dialog.items.count())
    dialog.recover_button.click()

def look():
    app = QApplication.instance()
    window = next(w for w in app.topLevelWidgets() if w.objectName() == "mainWindow")
    session = window._studio.session
    assert offered == [1], offered
    assert session.labels_HW[20, 40] == 2 and session.is_modified and session.path is None
    sys.exit(0)

RecoveryDialog.exec = recover
QApplication.exec = staticmethod(look)
application.run(default_library(), InstantRenderer)
"""


def start(script: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OASIS_STUDIO_HOME": str(home)}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_killed_program_offers_its_drawing_at_the_next_start(tmp_path: Path) -> None:
    killed = start(PAINT_AND_DIE, tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    done = start(START_AND_RECOVER, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def crashed(own_home: Path) -> Autosave:
    """What a program that crashed left behind: water everywhere."""
    document = scene.document()
    document.layers[0].labels[:] = 2
    autosave = Autosave()
    autosave.save(document, None, "Lost lake")
    return autosave


def answer(monkeypatch: pytest.MonkeyPatch, button: str) -> None:
    monkeypatch.setattr(RecoveryDialog, "exec", lambda dialog: getattr(dialog, button).click())


def test_the_dialog_names_the_drawing_and_shows_it(desk: Desk, crashed: Autosave) -> None:
    dialog = RecoveryDialog(recoveries(), desk.window)
    assert "Lost lake" in dialog.items.item(0).text()
    color = dialog.preview.pixmap().toImage().pixelColor(30, 30)
    assert (color.red(), color.green(), color.blue()) == desk.class_color(2)


def test_recovering_opens_it_unsaved(desk: Desk, crashed: Autosave, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "recover_button")
    desk.window.files.open_first(None)
    assert (desk.session.labels_HW == 2).all() and desk.session.is_modified
    assert desk.session.title == "Lost lake"


def test_throwing_away_removes_the_copies(desk: Desk, crashed: Autosave, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "discard_button")
    desk.window.files.open_first(None)
    assert not recoveries() and not np.array_equal(desk.session.labels_HW, np.full((48, 64), 2))


def test_later_keeps_the_copies(desk: Desk, crashed: Autosave, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "later_button")
    desk.window.files.open_first(None)
    assert [found.key for found in recoveries()] == [crashed.key]


def test_a_damaged_copy_gives_way_to_the_one_before(
    desk: Desk, crashed: Autosave, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed.save(scene.document(), None, "Lost lake").write_bytes(b"half a file")
    answer(monkeypatch, "recover_button")
    desk.window.files.open_first(None)
    assert (desk.session.labels_HW == 2).all()
