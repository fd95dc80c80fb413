"""Every message box of the program."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtWidgets import QWidget

from oasis_studio import __version__
from oasis_studio.app.regions.lock_edits import Answer as LockAnswer
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_studio.ui.questions.notice import Notice


class Answer(Enum):
    """What to do with unsaved changes."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class TrainingAnswer(Enum):
    """What becomes of a training when the window is closed."""

    KEEP = "keep"
    STOP = "stop"
    CANCEL = "cancel"


def show_error(parent: QWidget | None, error: StudioError) -> None:
    """Tell that what the person asked for cannot be done, and what may help."""
    Notice(parent, error.message, error.hint, [_("Close")]).ask()


def attempt(parent: QWidget | None, work: Callable[[], object]) -> bool:
    """Do it; False, after telling why, if it cannot be done."""
    try:
        work()
    except StudioError as error:
        show_error(parent, error)
        return False
    return True


def show_fault(parent: QWidget | None, log: str, save_report: Callable[[], object]) -> None:
    """Tell that the program has a fault; the drawing is still there.

    ``save_report`` writes what may help to mend it.
    """
    message = _("Something went wrong that should not have.")
    hint = _("Your drawing is still open; save it to be safe. What happened is written in {log}.").format(log=log)
    if Notice(parent, message, hint, [_("Go on"), _("Save a report…")]).ask() == 1:
        save_report()


def ask_unsaved(parent: QWidget | None, title: str) -> Answer:
    """Ask what to do with the changes of the drawing called ``title``."""
    message = _("Save the changes to “{title}”?").format(title=title or _("Untitled"))
    buttons = [_("Save"), _("Don't save"), _("Cancel")]
    chosen = Notice(parent, message, _("Without saving they are lost."), buttons).ask()
    return (Answer.SAVE, Answer.DISCARD, Answer.CANCEL)[chosen]


def ask_leave(parent: QWidget | None, loss: str) -> bool:
    """Ask before a dialog is left; ``loss`` says what of it is lost then."""
    return Notice(parent, _("Leave without keeping this?"), loss, [_("Stay"), _("Leave")]).ask() == 1


def ask_about_lock(parent: QWidget | None, name: str) -> LockAnswer:
    """What to do with the locked region called ``name`` under the brush."""
    message = _("“{name}” is locked: its pixels stay as they are.").format(name=name)
    hint = _("Paint around it, and the locked pixels are left alone; this is asked once. Or open the lock first.")
    chosen = Notice(parent, message, hint, [_("Paint around it"), _("Unlock"), _("Cancel")]).ask()
    return (LockAnswer.AROUND, LockAnswer.UNLOCK, LockAnswer.CANCEL, LockAnswer.CANCEL)[chosen]


def ask_seed_instead(parent: QWidget | None, error: StudioError, name: str, seed: int) -> bool:
    """Offer the seed of a swatch that belongs to another model."""
    use = _("Use seed {seed}").format(seed=seed)
    hint = _("{hint} That of “{name}” is {seed}.").format(hint=error.hint, name=name, seed=seed)
    return Notice(parent, error.message, hint, [use, _("Cancel")]).ask() == 0


def ask_training(parent: QWidget | None) -> TrainingAnswer:
    """Ask whether the training goes on without the window."""
    message = _("A training is running.")
    hint = _("It can go on without this window; you find it here again with the next start. Stopping saves the model.")
    chosen = Notice(parent, message, hint, [_("Keep training"), _("Stop and publish"), _("Cancel")]).ask()
    return (TrainingAnswer.KEEP, TrainingAnswer.STOP, TrainingAnswer.CANCEL)[chosen]


def ask_discard_training(parent: QWidget | None, title: str) -> bool:
    """Ask before a run is thrown away."""
    message = _("Throw the training “{title}” away?").format(title=title)
    hint = _("What it has learned is lost. “Stop and publish” would keep the model.")
    return Notice(parent, message, hint, [_("Keep it"), _("Throw away")]).ask() == 1


def ask_delete_model(parent: QWidget | None, name: str) -> bool:
    """Ask before a model is deleted for good."""
    message = _("Delete the model “{name}”?").format(name=name)
    hint = _("It is removed from the disk. Drawings that use it can be opened, but not rendered.")
    return Notice(parent, message, hint, [_("Keep it"), _("Delete")]).ask() == 1


def ask_delete_runs(parent: QWidget | None, count: int) -> bool:
    """Ask before trainings are deleted for good."""
    message = ngettext("Delete {count} training?", "Delete {count} trainings?", count).format(count=count)
    hint = _("They cannot go on then. Models that they put into the library stay.")
    return Notice(parent, message, hint, [_("Keep it"), _("Delete")]).ask() == 1


def show_about(parent: QWidget | None) -> None:
    """Name, version, licence."""
    hint = _(
        "Paint a label map, see a photo. Everything happens on this computer.\n\n"
        "Free software under the MIT licence, built on PySide6 (LGPL), PyTorch, NumPy, OpenCV and Pillow."
    )
    Notice(parent, f"OASIS Studio {__version__}", hint, [_("Close")]).ask()
