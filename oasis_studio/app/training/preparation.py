"""From a plan to a folder that a training can start in: photos copied, ten steps measured, recipe written."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.training.class_choices import map_json
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.training.runs import PREPARED
from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.work.child import module_command
from oasis_studio.core.work.run_folder import CLASSES_FILE, RECIPE_FILE, RUN_FILE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home

_SHORT_SIDE = 288
"""Photos are copied no larger than what a training looks at."""
_DATA = "data"
_MAP_FILE = "map.json"
_LEFT_OUT_FILE = "left-out.json"
_UNTITLED = "untitled"


@dataclass(frozen=True)
class Estimate:
    """What ten steps said: ``seconds`` of every preset, by name · ``memory_mb`` at the most · images a second."""

    device: str
    images_per_second: float
    memory_mb: int
    seconds: dict[str, float]


class TrainingPreparation(QObject):
    """Prepares one folder at a time; :meth:`discard` ends the work and removes it."""

    told = Signal(str, int, int)
    """What is being done, how much of it, of how much (0: nobody knows)."""
    estimated = Signal(object)
    """Estimate."""
    made = Signal(object)
    """Path of the run's folder, ready to start in."""
    failed = Signal(object)
    """StudioError."""

    def __init__(self, plan: TrainingPlan, parent: QObject | None = None, python: str = "") -> None:
        """``python``: the interpreter that will train, and so is measured; "" for the program itself."""
        super().__init__(parent)
        self._python = python
        self._plan = plan
        self._folder: Path | None = None
        self._run: ToolRun | None = None
        self._made_for: object = None
        self._recipes: dict[str, dict[str, Any]] = {}
        """Of every preset, as the trainer that measured it would write it, but for name, title and credit."""
        self.estimate: Estimate | None = None

    @property
    def fits(self) -> bool:
        """Was it made for the plan as it is now?"""
        return self.estimate is not None and self._made_for == _identity(self._plan)

    def prepare(self) -> None:
        """Copy, write, measure; StudioError if the plan makes no training."""
        self.discard()
        plan = self._plan
        self._made_for = _identity(plan)
        palette = plan.palette(_UNTITLED)
        try:
            home("runs").mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=PREPARED, dir=home("runs")))
        except OSError as error:
            raise StudioError(
                _("Nothing can be written to {folder}: {reason}.").format(folder=home("runs"), reason=error)
            ) from error
        write_json(self._folder / _MAP_FILE, map_json(plan.choices, palette))
        write_json(self._folder / _LEFT_OUT_FILE, plan.findings.passed_over(plan.fixes) if plan.findings else [])
        self._copy()

    def make(self, preset: str, title: str, credit: str) -> None:
        """Write the recipe of the measured ``preset`` and give the folder its name; ``made`` tells.

        The card of the model will name ``credit``, whose photos it learned from, if it is not empty.
        """
        assert self._folder is not None
        recipe = self._recipes[preset] | {"name": self._plan.library.free_id(title), "title": title}
        if credit.strip():
            recipe["credits"] = [*recipe.get("credits", []), credit.strip()]
        target = _free_folder(recipe["name"])
        try:
            write_json(self._folder / CLASSES_FILE, self._plan.palette(title).to_json())
            write_json(self._folder / RECIPE_FILE, recipe)
            write_json(self._folder / RUN_FILE, {"data": str(target.resolve())})
            self._folder.replace(target)
        except StudioError as error:
            self._fail(error)
            return
        except OSError as error:
            self._fail(StudioError(_("The run's folder cannot be made: {reason}.").format(reason=error)))
            return
        for name in (_MAP_FILE, _LEFT_OUT_FILE):
            (target / name).unlink(missing_ok=True)
        self._folder, self.estimate = None, None
        self.made.emit(target)

    def discard(self) -> None:
        if self._run is not None:
            run, self._run = self._run, None
            run.cancel()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder, self.estimate, self._made_for = None, None, None

    # -- step by step -------------------------------------------------------------------------------------------

    def _copy(self) -> None:
        assert self._folder is not None
        folder = self._folder
        options = [f"--map={folder / _MAP_FILE}", f"--leave-out={folder / _LEFT_OUT_FILE}", "--watched"]
        options.append(f"--short-side={_SHORT_SIDE}")
        if self._plan.scales_labels:
            options.append("--fit-labels")
        places = ["--", str(self._plan.folder), str(folder / _DATA)]
        command = module_command("oasis_training.commands.datasets", "convert", *options, *places)
        self._start(command, _("Copying photo {done} of {total}"), lambda _text: self._measure())

    def _measure(self) -> None:
        assert self._folder is not None
        options = [f"--title={_UNTITLED}", "--measure"]
        if self._plan.base is not None:
            options.append(f"--base={self._plan.base.id}")
        places = ["--", str(self._folder / _DATA)]
        command = module_command("oasis_training.commands.fine_tuning", *options, *places, python=self._python)
        doing = _("Taking ten steps to see how fast this machine is")
        self._start(command, doing, self._take_measured, self._python)

    def _take_measured(self, text: str) -> None:
        try:
            measured = _event(text, "measured")
            self._recipes = {name: dict(each["recipe"]) for name, each in measured["presets"].items()}
            self.estimate = Estimate(
                str(measured["device"]),
                float(measured["images_per_second"]),
                int(measured["memory_mb"]),
                {name: float(each["seconds"]) for name, each in measured["presets"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            self._fail(StudioError(_("The trainer gave no readable answer."), detail=text[-2000:]))
        else:
            self.estimated.emit(self.estimate)

    # -- what the steps share -----------------------------------------------------------------------------------

    def _start(self, command: list[str], doing: str, then: Callable[[str], None], python: str = "") -> None:
        self._run = run = ToolRun(command, self, python)
        shown = doing.partition("{")[0].strip()
        self.told.emit(shown, 0, 0)
        run.progressed.connect(
            lambda done, total: self.told.emit(doing.format(done=done, total=total or "?"), done, total)
        )
        run.failed.connect(self._fail)
        run.finished.connect(then)
        run.start()

    def _fail(self, error: StudioError) -> None:
        self._run = None
        self.failed.emit(error)


def _event(text: str, kind: str) -> dict[str, Any]:
    """The last event of that kind among lines of JSON and other text; KeyError if there is none."""
    for line in reversed(text.splitlines()):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("event") == kind:
            return event
    raise KeyError(kind)


def _identity(plan: TrainingPlan) -> object:
    base = plan.base.id if plan.base else ""
    return (plan.folder, base, tuple(plan.choices), tuple(sorted(plan.fixes.items())))


def _free_folder(name: str) -> Path:
    number = 1
    while (folder := home("runs") / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return folder
