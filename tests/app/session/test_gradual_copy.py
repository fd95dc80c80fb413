from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from oasis_studio.app.session import gradual_copy
from oasis_studio.app.session.gradual_copy import GradualCopy
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.commands import AddLayer, SetSeed
from tests.app.scene import document


@pytest.fixture
def copy(session: Session, monkeypatch: pytest.MonkeyPatch) -> GradualCopy:
    """Six layers, of which each turn of the event loop copies one."""
    monkeypatch.setattr(gradual_copy, "_BUDGET_S", -1)
    for number in range(5):
        session.do(AddLayer(LabelLayer.blank(str(number), 64, 48), 0))
    return GradualCopy(session)


def paint(session: Session, label: int) -> None:
    """The topmost layer, which is copied first, gets another class."""
    session.document.layers[-1].labels[:] = label
    session.update_labels(session.document.bounds)


def test_the_copy_is_the_drawing_in_other_arrays(copy: GradualCopy, session: Session, qtbot: QtBot) -> None:
    paint(session, 2)
    with qtbot.waitSignal(copy.finished) as told:
        copy.start()
    copied, original = told.args[0], session.document
    assert np.array_equal(copied.flatten(), original.flatten()) and len(copied.layers) == 6
    assert not any(np.shares_memory(a.labels, b.labels) for a, b in zip(copied.layers, original.layers, strict=True))
    assert not copy.is_running


def test_what_changes_meanwhile_is_in_it(copy: GradualCopy, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(copy.finished) as told:
        copy.start()
        copy._go_on()
        paint(session, 1)
        session.do(SetSeed(77))
    assert (told.args[0].layers[-1].labels == 1).all() and told.args[0].seed == 77


def test_it_waits_for_an_open_stroke(copy: GradualCopy, session: Session, qtbot: QtBot) -> None:
    session.has_open_stroke = True
    copy.start()
    with qtbot.assertNotEmitted(copy.finished, wait=50):
        pass
    with qtbot.waitSignal(copy.finished):
        session.has_open_stroke = False


def test_a_hand_that_never_pauses_gets_its_copy_too(copy: GradualCopy, session: Session, qtbot: QtBot) -> None:
    labels = iter(range(10**6))
    restless = QTimer()
    restless.timeout.connect(lambda: paint(session, next(labels) % 3))
    restless.start(0)
    with qtbot.waitSignal(copy.finished) as told:
        copy.start()
    restless.stop()
    assert len(np.unique(told.args[0].layers[-1].labels)) == 1


def test_another_drawing_ends_it(copy: GradualCopy, session: Session) -> None:
    copy.start()
    session.open(document())
    assert not copy.is_running
