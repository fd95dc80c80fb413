"""Second page: what is in the folder, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.training.data_findings import Findings, Fix, Problem, ProblemKind
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.core.work.child import module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_studio.ui.training.class_bars import ClassBars
from oasis_studio.ui.training.page import Page
from oasis_studio.ui.training.problem_texts import fix_title, format_title, problem_title
from oasis_studio.ui.widgets.still_box import StillBox
from oasis_studio.ui.widgets.text import label

_SHOWN_NAMES = 3
_MOST_IN_TIP = 60


def check_command(folder: Path) -> list[str]:
    return module_command("oasis_training.commands.datasets", "check", "--json", "--watched", "--", str(folder))


class CheckPage(Page):
    """Looks at every pair in the background; then names what was found, each kind with what to do about it."""

    def __init__(self, plan: TrainingPlan, command: Callable[[Path], list[str]] = check_command) -> None:
        super().__init__(plan)
        self.title = _("Check")
        self.lead = _("Every photo and label map is looked at once. Nothing in the folder is changed.")
        self._command = command
        self._run: ToolRun | None = None
        self.stack = QStackedWidget()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self._doing = label("", "dim")
        self.cancel_button = QPushButton(_("Stop checking"))
        self.cancel_button.clicked.connect(self._cancel)
        self.retry_button = QPushButton(_("Check again"))
        self.retry_button.clicked.connect(self._start)
        self._sentence = label("", "noticeMessage", wraps=True)
        self._hint = label("", "dim", wraps=True)
        self.summary = label("", "noticeMessage", wraps=True)
        self._details = label("", "dim", wraps=True)
        self._problems = QGridLayout()
        self.bars = ClassBars()
        self.stack.addWidget(self._waiting_view())
        self.stack.addWidget(self._failure_view())
        self.stack.addWidget(self._result_view())
        self.column.addWidget(self.stack, 1)

    # -- putting it together ------------------------------------------------------------------------------------

    def _waiting_view(self) -> QWidget:
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel_button)
        return _column(None, self._doing, row, None)

    def _failure_view(self) -> QWidget:
        row = QHBoxLayout()
        row.addWidget(self.retry_button)
        row.addStretch(1)
        return _column(None, self._sentence, self._hint, row, None)

    def _result_view(self) -> QWidget:
        self._problems.setHorizontalSpacing(12)
        self._problems.setVerticalSpacing(8)
        self._problems.setColumnStretch(1, 1)
        inside = QWidget()
        inside.setObjectName("plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        column.addLayout(self._problems)
        column.addWidget(label(_("Share of the pixels"), "heading"))
        column.addWidget(self.bars)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        return _column(self.summary, self._details, scroll)

    # -- checking -----------------------------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        return self.plan.findings is not None

    def enter(self) -> None:
        if self.plan.findings is not None:
            self._show_findings()
        elif self._run is None:
            self._start()

    def leave(self) -> None:
        self.plan.require_pairs()

    def stop(self) -> None:
        if self._run is not None:
            run, self._run = self._run, None
            run.cancel()

    def _start(self) -> None:
        assert self.plan.folder is not None
        self.stop()
        self.plan.findings = None
        self.bar.setRange(0, 0)
        self._doing.setText(_("Reading the folder…"))
        self.stack.setCurrentIndex(0)
        self._run = ToolRun(self._command(self.plan.folder), self)
        self._run.progressed.connect(self._show_progress)
        self._run.finished.connect(self._take)
        self._run.failed.connect(self._fail)
        self._run.start()
        self.readiness_changed.emit()

    def _cancel(self) -> None:
        self.stop()
        self._show_failure(_("The check was stopped."), "")

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._doing.setText(_("Checking pair {done} of {total}").format(done=done, total=total or "?"))

    def _take(self, text: str) -> None:
        self._run = None
        try:
            findings = Findings.parse(text)
        except StudioError as error:
            self._fail(error)
            return
        self.plan.take_findings(findings)
        self._show_findings()
        self.readiness_changed.emit()

    def _fail(self, error: StudioError) -> None:
        self._run = None
        self._show_failure(error.message, error.hint)

    def _show_failure(self, message: str, hint: str) -> None:
        self._sentence.setText(message)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.stack.setCurrentIndex(1)
        self.readiness_changed.emit()

    # -- what was found -----------------------------------------------------------------------------------------

    def _show_findings(self) -> None:
        found = self.plan.findings
        assert found is not None
        while (item := self._problems.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, problem in enumerate(found.problems):
            self._add_problem(row, problem)
        if not found.problems:
            self._problems.addWidget(label(_("No problems were found."), "good"), 0, 0)
        self._details.setText(_details(found))
        self.bars.show_classes(found.classes, found.unlabelled_share)
        self._show_count()
        self.stack.setCurrentIndex(2)

    def _add_problem(self, row: int, problem: Problem) -> None:
        text = f"{problem_title(problem.kind)}: {len(problem.names)}"
        names = ", ".join(problem.names[:_SHOWN_NAMES]) + ("…" if len(problem.names) > _SHOWN_NAMES else "")
        where = label(names, "dim", wraps=True)
        where.setToolTip("\n".join(problem.names[:_MOST_IN_TIP]))
        choice = StillBox()
        for fix in problem.fixes:
            choice.addItem(fix_title(problem.kind, fix), fix)
        choice.setCurrentIndex(choice.findData(self.plan.fixes.get(problem.kind)))
        choice.setAccessibleName(text)
        choice.activated.connect(partial(self._choose, choice, problem.kind))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(text, wraps=True))
        words.addWidget(where)
        box = QWidget()
        box.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        self._problems.addWidget(box, row, 0, 1, 2)
        only = label(fix_title(problem.kind, problem.fixes[0]), "dim")
        only.setContentsMargins(10, 0, 0, 0)
        self._problems.addWidget(choice if len(problem.fixes) > 1 else only, row, 2)

    def _choose(self, choice: QComboBox, kind: ProblemKind, index: int) -> None:
        self.plan.take_fix(kind, Fix(choice.itemData(index)))
        self._show_count()

    def _show_count(self) -> None:
        count = self.plan.pairs
        text = ngettext("{count} pair to train on", "{count} pairs to train on", count)
        self.summary.setText(text.format(count=count))


def _details(found: Findings) -> str:
    sides = _("shortest side {pixels} pixels").format(pixels=found.shortest_side)
    classes = ngettext("{count} class", "{count} classes", len(found.classes)).format(count=len(found.classes))
    return " · ".join([format_title(found.format), classes, sides, *found.notes])


def _column(*parts: QWidget | QHBoxLayout | None) -> QWidget:
    """Parts below each other; None is a gap that grows."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for part in parts:
        if part is None:
            column.addStretch(1)
        elif isinstance(part, QHBoxLayout):
            column.addLayout(part)
        else:
            column.addWidget(part, 1 if isinstance(part, QScrollArea) else 0)
    return box
