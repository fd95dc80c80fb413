"""The runs that lie in the person's folder."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from oasis_studio.app.training.progress import TrainingProgress
from oasis_studio.core.work.run_folder import EVENTS_FILE, STATE_FILE, EventReader, is_running
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home

PREPARED = ".prepared-"
"""Begins the name of a folder that a wizard fills; what a crashed one left goes with the next start."""
_SEEN_FILE = "left-as-it-is"


@dataclass(frozen=True)
class FoundRun:
    """``is_alive``: a trainer works there now. ``can_resume``: something was saved that it can go on from."""

    folder: Path
    progress: TrainingProgress
    is_alive: bool
    can_resume: bool
    changed: float = 0.0
    """When its last event came, in seconds since 1970."""


def find_runs() -> list[FoundRun]:
    """All runs, the one with the newest event first."""
    folders = [path.parent for path in home("runs").glob(f"*/{EVENTS_FILE}") if not path.parent.name.startswith(".")]
    return sorted(map(_found, folders), key=lambda run: -run.changed)


def size_of(folder: Path) -> int:
    """Bytes of all files of a run."""
    size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # a trainer may be replacing it
            size += path.stat().st_size if path.is_file() else 0
    return size


def remove_run(folder: Path) -> None:
    """Delete a run with all that it keeps; StudioError if a trainer is at work there, or the system refuses."""
    if is_running(folder):
        raise StudioError(_("A training is running in {folder} already.").format(folder=folder))
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise StudioError(
            _("The run in {folder} cannot be deleted: {reason}.").format(folder=folder, reason=error)
        ) from error


def unfinished_run() -> FoundRun | None:
    """The run to attach to at the start: one that is going on, else one that ended without a word."""
    runs = find_runs()
    alive = next((run for run in runs if run.is_alive), None)
    return alive or next((run for run in runs if _was_cut_off(run)), None)


def leave_as_it_is(folder: Path) -> None:
    """Do not offer this run again by itself."""
    with suppress(OSError):
        (folder / _SEEN_FILE).touch()


def offer_again(folder: Path) -> None:
    """Take back what :func:`leave_as_it_is` did."""
    with suppress(OSError):
        (folder / _SEEN_FILE).unlink(missing_ok=True)


def sweep_prepared() -> None:
    """Remove what wizards that did not get to their end left behind."""
    for folder in home("runs").glob(f"{PREPARED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _found(folder: Path) -> FoundRun:
    progress = TrainingProgress()
    for event in EventReader(folder).read():
        progress.take(event)
    return FoundRun(folder, progress, is_running(folder), (folder / STATE_FILE).is_file(), _changed(folder))


def _was_cut_off(run: FoundRun) -> bool:
    return not run.progress.status.is_end and run.can_resume and not (run.folder / _SEEN_FILE).exists()


def _changed(folder: Path) -> float:
    try:
        return (folder / EVENTS_FILE).stat().st_mtime
    except OSError:
        return 0.0
