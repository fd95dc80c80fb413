"""The row above the canvases: how the chosen tool behaves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLayout, QSlider, QWidget

from oasis_studio.app.session.session import LARGEST_BRUSH, USUAL_BRUSH, Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gestures import Gestures
from oasis_studio.core.document.selection import SelectionMode
from oasis_studio.core.pixels.gaps import MOST_GAP
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.bars.folding_row import FoldingRow
from oasis_studio.ui.bars.placement_fields import PlacementFields
from oasis_studio.ui.bars.tool_column import tool_cell
from oasis_studio.ui.bars.tool_texts import tool_names
from oasis_studio.ui.widgets.icons import SMALL_ICON
from oasis_studio.ui.widgets.number_field import NumberField
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.tip_chooser import TipChooser
from oasis_studio.ui.widgets.usual_slider import UsualSlider

_HEIGHT = 40
_CELL = 30
_SLIDER = 110


class ToolOptionsRow(QFrame):
    """Only what means something for the chosen tool is shown; what has no room in the row opens from its end."""

    def __init__(self, session: Session, gestures: Gestures, actions: ActionTable) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("card")
        self.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(6)
        self._parts: list[tuple[QWidget, Callable[[ToolKind], bool]]] = []
        self._name = label("", "heading")
        self._name.setMinimumWidth(64)
        row.addWidget(self._name)
        self.parts = FoldingRow()
        row.addWidget(self.parts, 1)
        self._add_brush(actions)
        self._add_limits(actions)
        self._add_filling(actions)
        self._add_selecting(actions)
        self.placement = PlacementFields(gestures.mover, actions)
        self._add(self.placement, lambda tool: tool is ToolKind.MOVE)
        session.tool_chosen.connect(self._show_tool)
        session.brush_resized.connect(self._show_values)
        session.tools.changed.connect(self._show_values)
        self._show_tool()
        self._show_values()

    # -- putting it together ------------------------------------------------------------------------------------

    def _add_brush(self, actions: ActionTable) -> None:
        session = self._session
        self.size_slider = _slider(_("Brush size"), 1, LARGEST_BRUSH, _place(USUAL_BRUSH))
        self.size_field = NumberField(1, LARGEST_BRUSH)
        self.size_field.setAccessibleName(_("Brush size in pixels"))
        self.size_field.setSuffix(_(" px"))
        self.size_slider.valueChanged.connect(self._take_slider)
        self.size_field.valueChanged.connect(session.resize_brush)
        self._add(_group(label(_("Size"), "dim"), self.size_slider, self.size_field), lambda tool: tool.has_tip)
        self.tips = TipChooser(session.tools)
        self._add(self.tips, lambda tool: tool.has_tip)
        self.smoothing = _slider(_("Smoothing of shaky strokes"), 0, 100, 0)
        self.smoothing.setFixedWidth(_SLIDER * 2 // 3)
        self.smoothing.valueChanged.connect(lambda percent: session.tools.set_smoothing(percent / 100))
        self._add(_group(label(_("Smoothing"), "dim"), self.smoothing), lambda tool: tool.is_freehand)
        self._add(tool_cell(actions["tool.pressure"], _CELL, SMALL_ICON), lambda tool: tool.is_freehand)

    def _add_limits(self, actions: ActionTable) -> None:
        for name in ("tool.mirror", "tool.protect"):
            self._add(tool_cell(actions[name], _CELL, SMALL_ICON), lambda tool: tool.paints)

    def _add_filling(self, actions: ActionTable) -> None:
        self.gap = NumberField(0, MOST_GAP)
        self.gap.setFixedWidth(64)
        self.gap.setAccessibleName(_("Gap closing in pixels"))
        self.gap.setToolTip(_("Openings up to so many pixels do not let the fill through"))
        self.gap.valueChanged.connect(self._session.tools.set_gap)
        self._add(_group(label(_("Close gaps"), "dim"), self.gap), lambda tool: tool is ToolKind.FILL)
        chooses_by_click = (ToolKind.FILL, ToolKind.SELECT_REGION, ToolKind.WAND)
        self._add(tool_cell(actions["tool.whole_class"], _CELL, SMALL_ICON), lambda tool: tool in chooses_by_click)

    def _add_selecting(self, actions: ActionTable) -> None:
        self.mode = QComboBox()
        self.mode.setAccessibleName(_("What a new selection does"))
        for mode, text in _mode_names().items():
            self.mode.addItem(text, mode)
        self.mode.activated.connect(lambda row: self._session.tools.set_selection_mode(self.mode.itemData(row)))
        self._add(self.mode, lambda tool: tool.selects)
        self.tolerance = NumberField(0, 255)
        self.tolerance.setFixedWidth(72)
        self.tolerance.setAccessibleName(_("Tolerance of the magic wand"))
        self.tolerance.valueChanged.connect(self._session.tools.set_tolerance)
        self._add(_group(label(_("Tolerance"), "dim"), self.tolerance), lambda tool: tool is ToolKind.WAND)

    def _add(self, widget: QWidget, is_wanted: Callable[[ToolKind], bool]) -> None:
        self._parts.append((widget, is_wanted))
        self.parts.add(widget)

    # -- showing how it is --------------------------------------------------------------------------------------

    def _show_tool(self) -> None:
        self._name.setText(tool_names()[self._session.tool])
        self.parts.show_parts(widget for widget, is_wanted in self._parts if is_wanted(self._session.tool))

    def _show_values(self) -> None:
        tools = self._session.tools
        fields: list[tuple[QSlider | NumberField, int]] = [
            (self.size_slider, _place(self._session.brush_size)),
            (self.size_field, self._session.brush_size),
            (self.smoothing, round(100 * tools.smoothing)),
            (self.gap, tools.gap),
            (self.tolerance, tools.tolerance),
        ]
        for field, value in fields:
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)
        self.mode.setCurrentIndex(list(_mode_names()).index(tools.selection_mode))

    def _take_slider(self, place: int) -> None:
        self._session.resize_brush(_size(place))


def _mode_names() -> dict[SelectionMode, str]:
    return {
        SelectionMode.REPLACE: _("Replace"),
        SelectionMode.ADD: _("Add"),
        SelectionMode.SUBTRACT: _("Subtract"),
        SelectionMode.INTERSECT: _("Keep what is in both"),
    }


def _size(place: int) -> int:
    """The slider is finer where brushes are small: its middle is an eighth of the largest."""
    return max(1, round(LARGEST_BRUSH * (place / LARGEST_BRUSH) ** 3))


def _place(size: int) -> int:
    return round(LARGEST_BRUSH * (size / LARGEST_BRUSH) ** (1 / 3))


def _slider(name: str, low: int, high: int, usual: int) -> QSlider:
    slider = UsualSlider(usual)
    slider.setRange(low, high)
    slider.setFixedWidth(_SLIDER)
    slider.setAccessibleName(name)
    slider.setToolTip(name)
    return slider


def _group(*widgets: QWidget) -> QWidget:
    """Widgets that are shown and hidden together."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(8, 0, 8, 0)
    row.setSpacing(8)
    row.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
    for widget in widgets:
        row.addWidget(widget)
    return box
