"""A question with a number for an answer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.widgets.number_field import NumberField


class NumberDialog(Form):
    """``limits`` are the lowest, the highest and the proposed number."""

    def __init__(
        self, parent: QWidget | None, title: str, verb: str, text: str, unit: str, limits: tuple[int, int, int]
    ) -> None:
        super().__init__(title, verb, parent)
        low, high, proposed = limits
        self.field = NumberField(low, high)
        self.field.setFixedWidth(140)
        self.field.setValue(proposed)
        self.field.setSuffix(f" {unit}")
        self.field.setAccessibleName(title)
        self.rows.addRow(title, self.field)
        self.show_note(text)


def ask_number(
    parent: QWidget | None, title: str, verb: str, text: str, unit: str, limits: tuple[int, int, int]
) -> int | None:
    """The number, or None for "not now"."""
    dialog = NumberDialog(parent, title, verb, text, unit, limits)
    return dialog.field.value() if ask(dialog) else None
