"""Train > Fine-tune…: from a folder of photos to a running training, page by page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.questions.careful import CarefulDialog
from oasis_studio.ui.training.page import Page
from oasis_studio.ui.widgets.text import label

_SIZE = (920, 640)
_STEPS = 168


class Wizard(CarefulDialog):
    """``pages`` in their order; the last one's button starts. The window behind it stays usable."""

    start_wanted = Signal()
    """Every page is done; whoever starts calls ``accept`` then, or :meth:`refuse`."""

    def __init__(self, pages: list[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Fine-tune a model"))
        self.setObjectName("wizard")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.pages = pages
        self._number = self._furthest = 0
        self._stack = QStackedWidget()
        self._heading = label("", "pageTitle")
        self._lead = label("", "dim", wraps=True)
        self.problem = label("", "problem", wraps=True)
        self.problem.hide()
        self.back_button = QPushButton(_("Back"))
        self.cancel_button = QPushButton(_("Cancel"))
        self.next_button = QPushButton(_("Next"))
        self.next_button.setObjectName("primary")
        self.next_button.setDefault(True)
        for button in (self.back_button, self.cancel_button):
            button.setAutoDefault(False)
        self.back_button.clicked.connect(self.go_back)
        self.cancel_button.clicked.connect(self.reject)
        self.next_button.clicked.connect(self.go_on)
        self._steps: list[QLabel] = []
        self._lay_out()
        for page in pages:
            page.readiness_changed.connect(self._show_buttons)
            page.advanced.connect(self.go_on)
        self.show_page(0)

    def _lay_out(self) -> None:
        steps = QVBoxLayout()
        steps.setContentsMargins(12, 20, 12, 12)
        steps.setSpacing(4)
        for number, page in enumerate(self.pages):
            self._stack.addWidget(page)
            step = label(f"{number + 1}   {page.title}", "step")
            self._steps.append(step)
            steps.addWidget(step)
        steps.addStretch(1)
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(_STEPS)
        card.setLayout(steps)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.next_button)
        right = QVBoxLayout()
        right.setContentsMargins(16, 12, 8, 8)
        right.setSpacing(8)
        right.addWidget(self._heading)
        right.addWidget(self._lead)
        right.addSpacing(8)
        right.addWidget(self._stack, 1)
        right.addWidget(self.problem)
        right.addSpacing(8)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 16, 8)
        row.addWidget(card)
        row.addLayout(right, 1)
        self.resize(*_SIZE)
        self.setMinimumSize(760, 520)

    @property
    def page(self) -> Page:
        return self.pages[self._number]

    @property
    def loss(self) -> str:
        lost = _("What was checked, chosen and measured on these pages is lost.")
        return lost if self._furthest > 0 else ""

    def show_page(self, number: int) -> None:
        self._number, self._furthest = number, max(number, self._furthest)
        page = self.page
        self._heading.setText(page.title)
        self._lead.setText(page.lead)
        self._stack.setCurrentWidget(page)
        for place, step in enumerate(self._steps):
            state = "now" if place == number else "done" if place < number else "later"
            step.setProperty("state", state)
            step.style().unpolish(step)
            step.style().polish(step)
        self._tell("")
        page.enter()
        self._show_buttons()

    def go_on(self) -> None:
        """To the next page, or start; says why not."""
        if not self.page.is_ready:
            return
        try:
            self.page.leave()
        except StudioError as error:
            self.refuse(error)
            return
        self._tell("")
        self.page.stop()
        if self._number + 1 < len(self.pages):
            self.show_page(self._number + 1)
        else:
            for button in (self.next_button, self.back_button):
                button.setEnabled(False)
            self.start_wanted.emit()

    def refuse(self, error: StudioError) -> None:
        """Say why it does not go on."""
        self._tell(" ".join(filter(None, (error.message, error.hint))))
        self._show_buttons()

    def go_back(self) -> None:
        self.page.stop()
        self.show_page(self._number - 1)

    def done(self, result: int) -> None:
        for page in self.pages:
            page.stop()
        super().done(result)

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _show_buttons(self) -> None:
        self.back_button.setEnabled(self._number > 0)
        self.next_button.setEnabled(self.page.is_ready)
        self.next_button.setText(self.page.verb or _("Next"))
