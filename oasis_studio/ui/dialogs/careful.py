"""Dialogs that are not left by one key where something would be lost."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from oasis_studio.ui import messages


class CarefulDialog(QDialog):
    """Escape, Cancel and the window's cross ask first if :attr:`loss` names what leaving would throw away."""

    @property
    def loss(self) -> str:
        """What would be lost now, in a sentence; "" for nothing that is worth a question."""
        return ""

    def may_leave(self) -> bool:
        """Ask the person if there is something to lose."""
        return not self.isVisible() or not self.loss or messages.ask_leave(self, self.loss)

    def reject(self) -> None:
        if self.may_leave():
            super().reject()
