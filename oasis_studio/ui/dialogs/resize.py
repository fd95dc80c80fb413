"""Another size for the whole drawing."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from oasis_studio.core.document.document import MAX_SIDE, MIN_SIDE, Document
from oasis_studio.core.history.document_commands import CropDocument, ScaleDocument
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels.box import Box
from oasis_studio.i18n import _
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.widgets.number_field import NumberField


class ResizeDialog(Form):
    """The drawing is scaled, or the canvas around it gets larger or smaller; ``command()`` does what was asked."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(_("Resize drawing"), _("Resize"), parent)
        self._old = (document.width, document.height)
        self._has_locks = bool(document.locks)
        self.width_field, self.height_field = NumberField(MIN_SIDE, MAX_SIDE), NumberField(MIN_SIDE, MAX_SIDE)
        self.width_field.setValue(document.width)
        self.height_field.setValue(document.height)
        self.keeps_proportions = QCheckBox(_("Keep the proportions"))
        self.keeps_proportions.setChecked(True)
        self.scales = QRadioButton(_("Scale the drawing"))
        self.crops = QRadioButton(_("Keep its scale, change the canvas around its middle"))
        self.scales.setChecked(True)
        self.rows.addRow(_("Width"), self.width_field)
        self.rows.addRow(_("Height"), self.height_field)
        self.rows.addRow("", self.keeps_proportions)
        self.rows.addRow(self.scales)
        self.rows.addRow(self.crops)
        self.width_field.valueChanged.connect(self._follow_width)
        self.height_field.valueChanged.connect(self._follow_height)
        for signal in (self.width_field.valueChanged, self.height_field.valueChanged, self.scales.toggled):
            signal.connect(self._warn)

    def command(self) -> Command | None:
        """None if the size stays."""
        (width, height), size = self._old, (self.width_field.value(), self.height_field.value())
        if size == self._old:
            return None
        if self.scales.isChecked():
            return ScaleDocument(*size)
        left, top = (width - size[0]) // 2, (height - size[1]) // 2
        return CropDocument(Box(left, top, left + size[0], top + size[1]))

    def _follow_width(self, width: int) -> None:
        if self.keeps_proportions.isChecked():
            self._put(self.height_field, round(width * self._old[1] / self._old[0]))

    def _follow_height(self, height: int) -> None:
        if self.keeps_proportions.isChecked():
            self._put(self.width_field, round(height * self._old[0] / self._old[1]))

    def _warn(self) -> None:
        """At another scale no pixel can stay what it is; on another canvas all that remain do."""
        opens = self._has_locks and isinstance(self.command(), ScaleDocument)
        self.show_note(_("Scaling opens the locks: at another size, no pixel can stay as it is.") if opens else "")

    def _put(self, field: NumberField, value: int) -> None:
        field.blockSignals(True)
        field.setValue(value)
        field.blockSignals(False)
