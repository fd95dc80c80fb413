"""Last page: its name, and what will happen."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLineEdit

from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.training.preparation import TrainingPreparation
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_studio.ui.training.length_page import presets
from oasis_studio.ui.training.page import Page
from oasis_studio.ui.widgets.durations import duration
from oasis_studio.ui.widgets.text import label

_LONGEST_NAME = 60


class StartPage(Page):
    """Everything at one glance before it starts."""

    def __init__(self, plan: TrainingPlan, preparation: TrainingPreparation) -> None:
        super().__init__(plan)
        self.title = _("Start")
        self.lead = _("The training runs in the background while you paint, and goes on when the window is closed.")
        self.verb = _("Start training")
        self._preparation = preparation
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.textChanged.connect(self._take_name)
        self.credit = QLineEdit()
        self.credit.setPlaceholderText(_("Who took the photos, and under which terms (goes onto the model's card)"))
        self._facts = {name: label("", wraps=True) for name in ("photos", "base", "classes", "time")}
        rows = QFormLayout()
        rows.setHorizontalSpacing(24)
        rows.setVerticalSpacing(12)
        rows.addRow(_("Name of the model"), self.name)
        rows.addRow(_("Photos by"), self.credit)
        titles = {
            "photos": _("Photos"),
            "base": _("Begins with"),
            "classes": _("Classes"),
            "time": _("Takes"),
        }
        for name, title in titles.items():
            rows.addRow(label(title, "dim"), self._facts[name])
        self.column.addLayout(rows)
        self.column.addStretch(1)

    @property
    def is_ready(self) -> bool:
        return bool(self.name.text().strip())

    def enter(self) -> None:
        plan, facts = self.plan, self._facts
        if not plan.title:
            plan.title = (plan.folder.stem if plan.folder else "").replace("_", " ").replace("-", " ").capitalize()
        self.name.setText(plan.title)
        self.name.setFocus()
        self.name.selectAll()
        pairs = ngettext("{count} pair from {folder}", "{count} pairs from {folder}", plan.pairs)
        facts["photos"].setText(pairs.format(count=plan.pairs, folder=plan.folder))
        facts["base"].setText(plan.base.name if plan.base else _("Nothing: from scratch"))
        facts["classes"].setText(_classes(plan))
        estimate = self._preparation.estimate
        titles = {name: title for name, title, _text in presets()}
        if estimate is not None:
            about = _("{preset}, about {time}")
            time = duration(estimate.seconds[plan.preset])
            facts["time"].setText(about.format(preset=titles[plan.preset], time=time))

    def leave(self) -> None:
        if not self.name.text().strip():
            raise StudioError(_("The model needs a name."))

    def _take_name(self, text: str) -> None:
        self.plan.title = text.strip()
        self.readiness_changed.emit()


def _classes(plan: TrainingPlan) -> str:
    used = list(dict.fromkeys(choice.target for choice in plan.choices if choice.target))
    new = list(dict.fromkeys(choice.target for choice in plan.choices if choice.color))
    text = ", ".join(used)
    if new and plan.base:
        text += " · " + _("new: {names}").format(names=", ".join(new))
    return text
