"""From a plan to a folder that a training can start in: photos copied, recipe written, ten steps measured."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.training.class_choices import map_json, palette_of
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.training.runs import PREPARED
from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.work.child import module_command
from oasis_studio.core.work.run_folder import RECIPE_FILE, RUN_FILE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home

_SHORT_SIDE = 288
"""Photos are copied no larger than what a training looks at."""
_DATA = "data"
_TRIAL = "try"
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
        self._rate = 0.0
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
        palette = palette_of(plan.choices, plan.base.palette if plan.base else None, _UNTITLED)
        try:
            home("runs").mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=PREPARED, dir=home("runs")))
            self._write("map.json", map_json(plan.choices, palette))
            passed_over = plan.findings.passed_over(plan.fixes) if plan.findings else []
            self._write("left-out.json", passed_over)
        except OSError as error:
            raise StudioError(
                _("Nothing can be written to {folder}: {reason}.").format(folder=home("runs"), reason=error)
            ) from error
        self._copy()

    def make(self, preset: str, title: str, credit: str) -> None:
        """Write the recipe for good and give the folder its name; ``made`` tells."""
        self._title_wanted, self._credit = title, credit
        self._build_recipe(preset, title, self._finish)

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
        options = [f"--map={folder / 'map.json'}", f"--leave-out={folder / 'left-out.json'}", "--watched"]
        options.append(f"--short-side={_SHORT_SIDE}")
        if self._plan.scales_labels:
            options.append("--fit-labels")
        places = ["--", str(self._plan.folder), str(folder / _DATA)]
        command = module_command("oasis_training.commands.datasets", "convert", *options, *places)
        doing = _("Copying photo {done} of {total}")
        self._start(command, doing, lambda _text: self._build_recipe(_TRIAL, _UNTITLED, self._measure))

    def _build_recipe(self, preset: str, title: str, then: Callable[[dict[str, Any]], None]) -> None:
        assert self._folder is not None
        options = [f"--preset={preset}", f"--title={title}", f"--out={self._folder}"]
        if self._rate:
            options.append(f"--rate={self._rate:.4f}")
        if self._plan.base is not None:
            options.append(f"--base={self._plan.base.id}")
        command = module_command("oasis_training.commands.fine_tuning", *options, "--", str(self._folder / _DATA))
        self._start(command, _("Writing the recipe"), lambda text: self._hand_on(text, "recipe", then))

    def _measure(self, built: dict[str, Any]) -> None:
        assert self._folder is not None
        recipe = str(self._folder / RECIPE_FILE)
        options = ("--data", str(self._folder), "--measure")
        command = module_command("oasis_training", recipe, *options, python=self._python)

        def take(measured: dict[str, Any]) -> None:
            try:
                self._rate, self.estimate = _estimate(built, measured)
            except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
                self._fail_unreadable(repr(error))
            else:
                self.estimated.emit(self.estimate)

        doing = _("Taking ten steps to see how fast this machine is")
        self._start(command, doing, lambda text: self._hand_on(text, "measured", take), self._python)

    def _finish(self, built: dict[str, Any]) -> None:
        assert self._folder is not None
        try:
            self._add_credit()
            target = _free_folder(str(built.get("name") or _UNTITLED))
            self._write(RUN_FILE, {"data": str(target.resolve())})
            self._folder.replace(target)
        except StudioError as error:
            self._fail(error)
            return
        except (OSError, ValueError) as error:
            self._fail(StudioError(_("The run's folder cannot be made: {reason}.").format(reason=error)))
            return
        for name in ("map.json", "left-out.json"):
            (target / name).unlink(missing_ok=True)
        self._folder, self.estimate = None, None
        self.made.emit(target)

    def _add_credit(self) -> None:
        """The card of the model will say whose photos it learned from."""
        assert self._folder is not None
        path = self._folder / RECIPE_FILE
        recipe = json.loads(path.read_text(encoding="utf-8"))
        if self._credit.strip():
            recipe["credits"] = [*recipe.get("credits", []), self._credit.strip()]
        self._write(RECIPE_FILE, recipe)

    # -- what the steps share -----------------------------------------------------------------------------------

    def _start(self, command: list[str], doing: str, then: Callable[[str], None], python: str = "") -> None:
        self._run = run = ToolRun(command, self, python)
        shown = doing.split("{")[0].strip() if "{" in doing else doing
        self.told.emit(shown, 0, 0)
        run.progressed.connect(
            lambda done, total: self.told.emit(doing.format(done=done, total=total or "?"), done, total)
        )
        run.failed.connect(self._fail)
        run.finished.connect(then)
        run.start()

    def _hand_on(self, text: str, kind: str, then: Callable[[dict[str, Any]], None]) -> None:
        """The event of that kind among the lines goes to ``then``."""
        event = _event(text, kind)
        if event is None:
            self._fail_unreadable(text[-2000:])
        else:
            then(event)

    def _fail_unreadable(self, detail: str) -> None:
        self._fail(StudioError(_("The trainer gave no readable answer."), detail=detail))

    def _fail(self, error: StudioError) -> None:
        self._run = None
        self.failed.emit(error)

    def _write(self, name: str, content: Any) -> None:
        assert self._folder is not None
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        write_atomically(self._folder / name, lambda stream: stream.write(text.encode()))


def _event(text: str, kind: str) -> dict[str, Any] | None:
    """The last event of that kind among lines of JSON and other text."""
    for line in reversed(text.splitlines()):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("event") == kind:
            return event
    return None


def _estimate(built: dict[str, Any], measured: dict[str, Any]) -> tuple[float, Estimate]:
    """Images a second with samples and saving, and the estimate, from the events of the recipe and of the ten steps.

    KeyError, TypeError, ValueError, ArithmeticError or AttributeError if something in them is missing or no number.
    """
    rate = float(built["images"]) / max(float(measured["seconds"]), 1e-3)
    seconds = {
        name: max(60 * float(length["minutes"]), float(length["least_images"]) / rate)
        for name, length in built["presets"].items()
    }
    images_per_second, memory_mb = float(measured["images_per_second"]), int(measured["memory_mb"])
    return rate, Estimate(str(measured["device"]), images_per_second, memory_mb, seconds)


def _identity(plan: TrainingPlan) -> object:
    base = plan.base.id if plan.base else ""
    return (plan.folder, base, tuple(plan.choices), tuple(sorted(plan.fixes.items())))


def _free_folder(name: str) -> Path:
    number = 1
    while (folder := home("runs") / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return folder
