"""Preparing a training with small programs in the place of the trainer's: what is unreadable is told, faults pass."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.training import preparation as training_preparation
from oasis_studio.app.training.data_findings import Findings
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.training.preparation import Estimate, TrainingPreparation
from oasis_studio.errors import StudioError
from tests.app import scene
from tests.app.training.test_plan import CHECKED

PATIENCE = 20_000
BUILT: dict[str, Any] = {
    "event": "recipe",
    "name": "barn",
    "images": 100,
    "presets": {"try": {"minutes": 5, "least_images": 10}},
}
MEASURED: dict[str, Any] = {
    "event": "measured",
    "device": "cpu",
    "seconds": 50.0,
    "images_per_second": 4.5,
    "memory_mb": 800,
}


class Trainer:
    """What the three programs print."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.built, self.measured = dict(BUILT), dict(MEASURED)
        monkeypatch.setattr(training_preparation, "module_command", self._command)

    def _command(self, module: str, *options: str, python: str = "") -> list[str]:
        said: dict[str, Any] = {}
        if module == "oasis_training.commands.fine_tuning":
            said = self.built
        elif "--measure" in options:
            said = self.measured
        return [sys.executable, "-c", f"print('text'); print({json.dumps(said)!r}); print([1])"]


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    return Trainer(monkeypatch)


@pytest.fixture
def preparation(tmp_path: Path, qapp: object) -> TrainingPreparation:
    library = scene.library(tmp_path / "models")
    plan = TrainingPlan(library, tmp_path, base=library.find("small")[1])
    plan.take_findings(Findings.parse(json.dumps(CHECKED)))
    return TrainingPreparation(plan)


def test_ten_steps_become_an_estimate(trainer: Trainer, preparation: TrainingPreparation, qtbot: QtBot) -> None:
    with qtbot.waitSignal(preparation.estimated, timeout=PATIENCE):
        preparation.prepare()
    assert preparation.estimate == Estimate("cpu", 4.5, 800, {"try": 300.0}) and preparation.fits
    preparation.discard()


@pytest.mark.parametrize(
    ("built", "measured"),
    [
        ({"presets": {"try": {}}}, {}),
        ({"images": "many"}, {}),
        ({"presets": []}, {}),
        ({}, {"seconds": None}),
        ({}, {"memory_mb": "1 GB"}),
        ({"images": 0}, {}),
        ({"event": "other"}, {}),
        ({}, {"event": "other"}),
    ],
)
def test_an_answer_with_something_missing_is_told(
    trainer: Trainer, preparation: TrainingPreparation, qtbot: QtBot, built: dict[str, Any], measured: dict[str, Any]
) -> None:
    trainer.built |= built
    trainer.measured |= measured
    with qtbot.waitSignal(preparation.failed, timeout=PATIENCE) as told:
        preparation.prepare()
    assert told.args and "no readable answer" in told.args[0].message and not preparation.fits
    preparation.discard()


def test_a_fault_of_who_hears_the_estimate_is_no_unreadable_answer(
    trainer: Trainer, preparation: TrainingPreparation, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[StudioError] = []
    preparation.failed.connect(told.append)
    monkeypatch.setattr(preparation, "_measure", lambda built: built["no such thing"])
    with qtbot.captureExceptions() as faults:
        preparation.prepare()
        qtbot.waitUntil(lambda: bool(faults), timeout=PATIENCE)
    assert faults[0][0] is KeyError and told == []
    preparation.discard()


def test_a_folder_that_cannot_be_written_is_told(
    trainer: Trainer, preparation: TrainingPreparation, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(preparation.estimated, timeout=PATIENCE):
        preparation.prepare()
    monkeypatch.setattr(preparation, "_add_credit", lambda: None)

    def refuse(*_arguments: object) -> None:
        raise StudioError("The disk is full.")

    monkeypatch.setattr(training_preparation, "write_atomically", refuse)
    with qtbot.waitSignal(preparation.failed, timeout=PATIENCE) as told:
        preparation.make("try", "Barns", "")
    assert told.args and told.args[0].message == "The disk is full."
    preparation.discard()
