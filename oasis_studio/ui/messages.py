"""Every message box of the program."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class Answer(Enum):
    """What to do with unsaved changes."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


def show_error(parent: QWidget | None, error: StudioError) -> None:
    """Tell that what the person asked for cannot be done, and what may help."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, _("OASIS Studio"), error.message, parent=parent)
    box.setInformativeText(error.hint)
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()


def show_fault(parent: QWidget | None, log: str) -> None:
    """Tell that the program has a fault; the drawing is still there."""
    text = _("Something went wrong that should not have.")
    box = QMessageBox(QMessageBox.Icon.NoIcon, _("OASIS Studio"), text, parent=parent)
    hint = _("Your drawing is still open; save it to be safe. What happened is written in {log}.").format(log=log)
    box.setInformativeText(hint)
    box.addButton(_("Go on"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()


def ask_unsaved(parent: QWidget | None, title: str) -> Answer:
    """Ask what to do with the changes of the drawing called ``title``."""
    text = _("Save the changes to “{title}”?").format(title=title or _("Untitled"))
    box = QMessageBox(QMessageBox.Icon.NoIcon, _("OASIS Studio"), text, parent=parent)
    box.setInformativeText(_("Without saving they are lost."))
    save = box.addButton(_("Save"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(_("Don't save"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    if clicked is save:
        return Answer.SAVE
    return Answer.DISCARD if clicked is discard else Answer.CANCEL
