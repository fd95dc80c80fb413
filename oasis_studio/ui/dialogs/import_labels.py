"""Where imported labels go."""

from __future__ import annotations

from PySide6.QtWidgets import QRadioButton, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.dialogs.form import Form
from oasis_studio.ui.text import label


class ImportLabelsDialog(Form):
    """As a layer of the open drawing, if the size fits, or as a drawing of their own."""

    def __init__(self, name: str, size: tuple[int, int], fits: bool, parent: QWidget | None = None) -> None:
        super().__init__(_("Import labels"), _("Import"), parent)
        self.as_layer = QRadioButton(_("As a new layer of this drawing"))
        self.as_drawing = QRadioButton(_("As a new drawing"))
        self.rows.addRow(label(_("{name}, {width} × {height} pixels").format(name=name, width=size[0], height=size[1])))
        self.rows.addRow(self.as_layer)
        self.rows.addRow(self.as_drawing)
        self.as_layer.setEnabled(fits)
        (self.as_layer if fits else self.as_drawing).setChecked(True)
        if not fits:
            self.show_note(_("A layer must have the size of the drawing."))

    @property
    def wants_layer(self) -> bool:
        return self.as_layer.isChecked()
