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
from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from tests.app import scene
from tests.app.training.test_plan import CHECKED

PATIENCE = 20_000
MEASURED: dict[str, Any] = {
    "event": "measured",
    "device": "cpu",
    "images_per_second": 4.5,
    "memory_mb": 800,
    "presets": {"try": {"seconds": 300.0, "recipe": {"name": "untitled", "phases": [], "credits": ["base"]}}},
}


class Trainer:
    """What the trainer's programs print, and which of them were started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.measured = dict(MEASURED)
        self.started: list[str] = []
        monkeypatch.setattr(training_preparation, "module_command", self._command)

    def _command(self, module: str, *options: str, python: str = "") -> list[str]:
        self.started.append(module.rpartition(".")[2])
        said = self.measured if "--measure" in options else {}
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


def test_from_the_plan_to_a_run_two_programs_are_started_and_the_recipe_is_written_once(
    trainer: Trainer, preparation: TrainingPreparation, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(preparation.estimated, timeout=PATIENCE):
        preparation.prepare()
    with qtbot.waitSignal(preparation.made) as told:
        preparation.make("try", "My barns", " Ada ")
    folder = told.args[0]
    recipe = json.loads((folder / "recipe.json").read_text())
    assert recipe == {"name": "my-barns", "title": "My barns", "phases": [], "credits": ["base", "Ada"]}
    base = preparation._plan.base
    assert base is not None
    classes = Palette.read(folder / "classes.json")
    assert classes.name == base.palette.name and classes.classes[: len(base.palette)] == base.palette.classes
    assert json.loads((folder / "run.json").read_text()) == {"data": str(folder.resolve())}
    assert folder.name == "my-barns" and not list(folder.glob("map.json")) and not list(folder.glob("left-out.json"))
    assert trainer.started == ["datasets", "fine_tuning"]


@pytest.mark.parametrize(
    "measured",
    [
        {"presets": {"try": {}}},
        {"presets": {"try": {"seconds": 3}}},
        {"presets": {"try": {"seconds": "long", "recipe": {}}}},
        {"presets": []},
        {"images_per_second": None},
        {"memory_mb": "1 GB"},
        {"event": "other"},
    ],
)
def test_an_answer_with_something_missing_is_told(
    trainer: Trainer, preparation: TrainingPreparation, qtbot: QtBot, measured: dict[str, Any]
) -> None:
    trainer.measured |= measured
    with qtbot.waitSignal(preparation.failed, timeout=PATIENCE) as told:
        preparation.prepare()
    assert told.args and "no readable answer" in told.args[0].message and not preparation.fits
    preparation.discard()


def test_a_fault_of_who_hears_the_estimate_is_no_unreadable_answer(
    trainer: Trainer, preparation: TrainingPreparation, qtbot: QtBot
) -> None:
    told: list[StudioError] = []
    preparation.failed.connect(told.append)
    preparation.estimated.connect(lambda estimate: estimate.seconds["no such thing"])
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

    def refuse(*_arguments: object) -> None:
        raise StudioError("The disk is full.")

    monkeypatch.setattr(training_preparation, "write_json", refuse)
    with qtbot.waitSignal(preparation.failed, timeout=PATIENCE) as told:
        preparation.make("try", "Barns", "")
    assert told.args and told.args[0].message == "The disk is full."
    preparation.discard()
