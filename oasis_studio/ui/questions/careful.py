"""Dialogs that are not left by one key where something would be lost."""

from __future__ import annotations

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget

from oasis_studio.ui.questions import messages


class CarefulDialog(QDialog):
    """Escape, Cancel and the window's cross ask first if :attr:`loss` names what leaving would throw away.

    The program itself closes it without a question.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_closed_by_program = False

    @property
    def loss(self) -> str:
        """What would be lost now, in a sentence; "" for nothing that is worth a question."""
        return ""

    def may_leave(self) -> bool:
        """Ask the person if there is something to lose."""
        is_asked = self.isVisible() and not self._is_closed_by_program and bool(self.loss)
        return not is_asked or messages.ask_leave(self, self.loss)

    def reject(self) -> None:
        if self.may_leave():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._is_closed_by_program = not event.spontaneous()
        super().closeEvent(event)
        self._is_closed_by_program = False
