"""A page of the wizard."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from oasis_studio.app.training.plan import TrainingPlan


class Page(QWidget):
    """``title`` stands in the list of steps, ``lead`` above the page. Subclasses fill ``column``."""

    readiness_changed = Signal()
    advanced = Signal()
    """The person is done here in one gesture (a folder was dropped): go on."""

    title = ""
    lead = ""
    verb = ""
    """On the button that leads on; "" for "Next"."""

    def __init__(self, plan: TrainingPlan) -> None:
        super().__init__()
        self.plan = plan
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    @property
    def is_ready(self) -> bool:
        """May the person go on?"""
        return True

    def enter(self) -> None:
        """The page is shown: show what the plan says now."""

    def leave(self) -> None:
        """The person goes on; StudioError if they cannot, in words for them."""

    def stop(self) -> None:
        """The page is left for another or for good: end what works for it."""
