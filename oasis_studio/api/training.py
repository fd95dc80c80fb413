"""Trainings as functions: from a recipe, or from a model and a person's own labelled photos."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from oasis_studio.api.cancelling import Cancelled, IsCancelled, never
from oasis_studio.api.processes import Event, run_to_end
from oasis_studio.core.models.library import default_library
from oasis_studio.core.work.child import module_command
from oasis_studio.core.work.run_folder import CLASSES_FILE, RECIPE_FILE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home

TRAINER = "oasis_training"
OnEvent = Callable[[Event], object]
_PLANNER = "oasis_training.commands.fine_tuning"
AnyPath = str | PathLike[str]


@dataclass(frozen=True)
class Trained:
    """A training that came to its end.

    ``folder`` is the run's, with its previews, its state and ``events.jsonl``; ``model`` is what ``open_model`` takes;
    ``images`` were seen; ``figures`` are the last that were measured on photos never trained on (empty: none were).
    """

    folder: Path
    model: str
    images: int
    figures: Mapping[str, Any] = field(default_factory=dict)


def train(
    recipe: AnyPath | Mapping[str, Any],
    data: AnyPath | None = None,
    out: AnyPath | None = None,
    *,
    on_event: OnEvent | None = None,
    is_cancelled: IsCancelled = never,
    seconds: float | None = None,
    start_from: str = "",
    resume: bool = False,
    install: bool = True,
    device: str = "auto",
    precision: str = "auto",
    threads: int = 0,
    background: bool = False,
) -> Trained:
    """Train in a process of its own, and wait for its end.

    ``recipe`` is a file, a dictionary of the same form (its ``classes`` may be a whole class list), or the folder of a
    run that is to go on; ``data`` the folder that holds the folders of the recipe's sources; ``out`` the run's folder
    (by default among the person's own runs). ``on_event`` hears in this thread of all that happens: dictionaries with
    ``event`` such as "started", "step" (``images``, ``images_per_second``, ``seconds_left``, ``losses``), "preview"
    (``file``), "metric" and "published". ``seconds`` end the training early, published as it is then. ``start_from``
    names a model whose weights it begins with; ``install`` puts the result into the library. ``threads`` 0 leaves
    their number to torch; ``background`` lets other programs go first.

    Soon after ``is_cancelled()`` is True, and at Ctrl+C, the trainer finishes its step, saves and publishes; then this
    raises :class:`Cancelled`, whose text says where it can go on. StudioError with the trainer's own sentence if
    something is wrong.
    """
    flags = {"--resume": resume, "--no-install": not install, "--background": background}
    options = {
        "--data": data, "--out": out, "--start-from": start_from, "--device": device, "--precision": precision,
        "--threads": threads or None, "--budget": None if seconds is None else f"{max(seconds, 0):.3f}s",
    }  # fmt: skip
    with _recipe_file(recipe) as file:
        command = module_command(TRAINER, str(file), "--watch-stdin", *_words(options, flags))
        return _watched(command, on_event, is_cancelled)


def fine_tune(
    base: str,
    data: AnyPath,
    title: str,
    out: AnyPath | None = None,
    *,
    minutes: float | None = None,
    preset: str = "evening",
    classes: AnyPath = "",
    class_map: Mapping[str, str | None] | None = None,
    on_event: OnEvent | None = None,
    is_cancelled: IsCancelled = never,
    install: bool = True,
    device: str = "auto",
    threads: int = 0,
    background: bool = False,
) -> Trained:
    """Teach a model a person's own labelled photos; classes that it does not know are added to it.

    ``base`` is a model of the library or its folder ("": from nothing); ``data`` a folder with ``images/``, ``labels/``
    and a class list, or ``classes`` names the list; ``title`` is what the result is called. ``class_map`` gives
    classes of the photos a class of the model, an old or a new one, or None to leave them out. ``preset`` ("try",
    "evening" or "long") or ``minutes`` say how long it is planned for. ``on_event`` first hears of the "recipe".
    All else as for :func:`train`.
    """
    plan: list[Event] = []
    folder = Path(out) if out is not None else home("runs") / default_library().free_id(title)

    def planned(event: Event) -> None:
        plan.append(event)
        if on_event is not None:
            on_event(event)

    with tempfile.TemporaryDirectory() as place:
        options = {
            "--title": title, "--out": place, "--base": base, "--classes": classes, "--preset": preset,
            "--minutes": minutes, "--device": device,
        }  # fmt: skip
        if class_map is not None:
            file = Path(place) / "map.json"
            file.write_text(json.dumps(dict(class_map)), encoding="utf-8")
            options["--map"] = file
        command = module_command(_PLANNER, str(data), *_words(options, {}))
        if run_to_end(command, planned, is_cancelled):
            raise Cancelled(_("This was cancelled."))
        found = next(event for event in plan if event["event"] == "recipe")
        return train(
            Path(place) / RECIPE_FILE, found["data"], folder, on_event=on_event, is_cancelled=is_cancelled,
            install=install, device=device, threads=threads, background=background,
        )  # fmt: skip


def _watched(command: list[str], on_event: OnEvent | None, is_cancelled: IsCancelled) -> Trained:
    last: dict[str, Event] = {}
    images = 0

    def take(event: Event) -> None:
        nonlocal images
        last[event["event"]] = event
        images = max(images, int(event.get("images") or 0))
        if on_event is not None:
            on_event(event)

    was_stopped = run_to_end(command, take, is_cancelled)
    published = last.get("published", {})
    folder = Path(published["folder"]).parent if "folder" in published else None
    if was_stopped:
        if folder is None:
            raise Cancelled(_("The training was cancelled before there was anything to keep."))
        raise Cancelled(
            _("The training was cancelled after {images} images; it can go on from {folder}.").format(
                images=images, folder=folder
            )
        )
    if folder is None:
        raise StudioError(_("The training ended before it was finished."))
    hidden = ("event", "time")
    figures = {key: value for key, value in last.get("metric", {}).items() if key not in hidden}
    return Trained(folder, str(published.get("model") or published["folder"]), images, figures)


@contextmanager
def _recipe_file(recipe: AnyPath | Mapping[str, Any]) -> Iterator[Path]:
    """Where it is; a dictionary is written into a folder that goes with the block."""
    if not isinstance(recipe, Mapping):
        yield Path(recipe)
        return
    with tempfile.TemporaryDirectory() as place:
        content = dict(recipe)
        classes = content.get("classes")
        if isinstance(classes, Mapping):
            _write_json(Path(place) / CLASSES_FILE, classes)
            content["classes"] = CLASSES_FILE
        elif isinstance(classes, str) and Path(classes).is_file():
            content["classes"] = str(Path(classes).resolve())
        _write_json(Path(place) / RECIPE_FILE, content)
        yield Path(place) / RECIPE_FILE


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    try:
        path.write_text(json.dumps(dict(content)), encoding="utf-8")
    except (TypeError, ValueError) as error:
        raise StudioError(_("The recipe holds what cannot be written as JSON: {error}.").format(error=error)) from error


def _words(options: Mapping[str, object], flags: Mapping[str, bool]) -> list[str]:
    """Of a command line; options that are None or empty are left out."""
    words = [f"{name}={value}" for name, value in options.items() if value not in (None, "")]
    return [*words, *(name for name, is_set in flags.items() if is_set)]
