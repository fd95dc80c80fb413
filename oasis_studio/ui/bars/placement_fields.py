"""Numbers and buttons of the move tool."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from oasis_studio.app.tools.moving import Mover
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.bars.tool_column import tool_cell
from oasis_studio.ui.widgets.icons import SMALL_ICON
from oasis_studio.ui.widgets.number_field import NumberField
from oasis_studio.ui.widgets.text import label

_CELL = 30
_LARGEST = 1000


class PlacementFields(QWidget):
    """Width and height in percent, angle in degrees; Apply and Cancel while something is held."""

    def __init__(self, mover: Mover, actions: ActionTable) -> None:
        super().__init__()
        self._mover = mover
        self.width_field, self.height_field = NumberField(2, _LARGEST), NumberField(2, _LARGEST)
        self.angle = NumberField(0, 359)
        self.angle.setWrapping(True)
        names = {
            self.width_field: _("Width in percent"),
            self.height_field: _("Height in percent"),
            self.angle: _("Angle in degrees"),
        }
        for field, name in names.items():
            field.setFixedWidth(72)
            field.setAccessibleName(name)
            field.setToolTip(name)
            field.valueChanged.connect(self._take)
        self.apply_button, self.cancel_button = QPushButton(_("Apply")), QPushButton(_("Cancel"))
        self.apply_button.setObjectName("primary")
        self.apply_button.clicked.connect(mover.finish)
        self.cancel_button.clicked.connect(mover.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label(_("Size"), "dim"))
        row.addWidget(self.width_field)
        row.addWidget(label("×", "dim"))
        row.addWidget(self.height_field)
        row.addWidget(label("%", "dim"))
        row.addSpacing(8)
        row.addWidget(label(_("Angle"), "dim"))
        row.addWidget(self.angle)
        for name in ("select.flip_across", "select.flip_down", "select.turn_left", "select.turn_right"):
            row.addWidget(tool_cell(actions[name], _CELL, SMALL_ICON))
        row.addWidget(self.apply_button)
        row.addWidget(self.cancel_button)
        mover.changed.connect(self._show)
        self._show()

    def _take(self) -> None:
        values = self.width_field.value() / 100, self.height_field.value() / 100
        placement = replace(
            self._mover.placement, scale_x=values[0], scale_y=values[1], angle=float(self.angle.value())
        )
        self._mover.place(placement)

    def _show(self) -> None:
        placement, is_open = self._mover.placement, self._mover.is_open
        values = {
            self.width_field: round(100 * placement.scale_x) if is_open else 100,
            self.height_field: round(100 * placement.scale_y) if is_open else 100,
            self.angle: round(placement.angle) % 360 if is_open else 0,
        }
        for field, value in values.items():
            field.setEnabled(is_open)
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)
        for button in (self.apply_button, self.cancel_button):
            button.setVisible(is_open)
