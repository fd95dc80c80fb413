"""What the values of a label map mean, and where the labels go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.files.label_maps.reading import TRANSPARENT, FoundValue, LabelReading, ValueKind, analyse_labels
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.widgets.still_box import StillBox
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.underlay import qimage

_PREVIEW = 320
_MOST_ROWS = 100
_ROW = 36
_SWATCH = 16


class ImportLabelsDialog(Form):
    """Values found, the class of each, a preview that follows; as a layer if the size fits, or as a drawing.

    ``size`` is the width and height of the open drawing. StudioError if the file cannot be read.
    """

    def __init__(self, path: Path, palette: Palette, size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(_("Import labels"), _("Import"), parent)
        self._path, self._palette = path, palette
        self._mapping: dict[int, int] = {}
        self._reading = analyse_labels(path, palette)
        self.kind = QComboBox()
        self.table = QTableWidget(0, 3)
        self.preview = QLabel()
        self.snapped = label("", "dim", wraps=True)
        self.as_layer = QRadioButton(_("As a new layer of this drawing"))
        self.as_drawing = QRadioButton(_("As a new drawing"))
        self._classes = _class_items(palette)
        self._lay_out()
        self._offer_kinds()
        self._offer_places(size)
        self._show_values()

    @property
    def loss(self) -> str:
        return _("The classes that you chose for its values are lost.") if self._mapping else ""

    @property
    def wants_layer(self) -> bool:
        return self.as_layer.isChecked()

    def labels(self) -> np.ndarray:
        """(H, W) uint8 in the classes of the palette, as the table says."""
        return self._reading.apply(self._mapping)

    def map_value(self, value: int, class_id: int) -> None:
        """Let a value of the file mean a class (255: unpainted)."""
        self._mapping[value] = class_id
        self._show_preview()

    # -- putting it together ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.table.setHorizontalHeaderLabels([_("Value"), _("Pixels"), _("Class")])
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.table.setShowGrid(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.setAccessibleName(_("Values found and their classes"))
        self.table.setMinimumSize(440, _PREVIEW)
        self.preview.setFixedSize(_PREVIEW, _PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName(_("Preview"))
        right = QVBoxLayout()
        right.addWidget(self.preview)
        right.addWidget(self.snapped)
        right.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.table, 1)
        middle.addLayout(right)
        name = _("{name}, {width} × {height} pixels")
        reading = self._reading
        self.rows.addRow(label(name.format(name=self._path.name, width=reading.width, height=reading.height)))
        self.rows.addRow(_("Its values are"), self.kind)
        self.rows.addRow(middle)
        self.rows.addRow(self.as_layer)
        self.rows.addRow(self.as_drawing)

    def _offer_kinds(self) -> None:
        for kind, text in ((ValueKind.IDS, _("Numbers of classes")), (ValueKind.COLORS, _("Colours of classes"))):
            self.kind.addItem(text, kind)
        self.kind.setCurrentIndex(self.kind.findData(self._reading.kind))
        self.kind.setEnabled(self._path.suffix.lower() != ".npy")
        self.kind.activated.connect(self._read_again)

    def _offer_places(self, size: tuple[int, int]) -> None:
        fits = (self._reading.width, self._reading.height) == size
        self.as_layer.setEnabled(fits)
        (self.as_layer if fits else self.as_drawing).setChecked(True)
        if not fits:
            self.show_note(_("A layer must have the size of the drawing."))

    # -- values and classes -------------------------------------------------------------------------------------

    def _read_again(self) -> None:
        self._mapping.clear()
        self._reading = analyse_labels(self._path, self._palette, ValueKind(self.kind.currentData()))
        self._show_values()

    def _show_values(self) -> None:
        found = self._reading.found(_MOST_ROWS)
        self.table.setRowCount(len(found))
        for row, each in enumerate(found):
            self.table.setItem(row, 0, _value_item(each, self._reading.kind))
            count = QTableWidgetItem(decimal(each.count))
            count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, 1, count)
            self.table.setCellWidget(row, 2, self._chooser(each))
        self._show_preview()

    def _chooser(self, found: FoundValue) -> QComboBox:
        box = StillBox()
        box.setModel(self._classes)
        box.setCurrentIndex(box.findData(found.label))
        box.activated.connect(lambda row: self.map_value(found.value, int(box.itemData(row))))
        return box

    def _show_preview(self) -> None:
        reading = self._reading
        step = max(1, max(reading.width, reading.height) // _PREVIEW)
        small = replace(reading, values_HW=np.ascontiguousarray(reading.values_HW[::step, ::step]))
        colors = self._palette.colors[small.apply(self._mapping)]
        picture = QPixmap.fromImage(qimage(colors))
        keep, how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
        self.preview.setPixmap(picture.scaled(_PREVIEW, _PREVIEW, keep, how))
        self.snapped.setText(_strays(reading))


def _strays(reading: LabelReading) -> str:
    """What was guessed, and how the file was read where that is not evident."""
    how = " " + _("The grey values of the file's palette are taken for numbers.") if reading.is_grey_palette else ""
    if not reading.stray_pixels:
        return _("Every value is a class.") + how
    share = 100 * reading.stray_pixels / (reading.width * reading.height)
    if reading.kind is ValueKind.IDS:
        text = _("{values} values in {pixels} pixels ({share} %) are no class; they stay unpainted.")
    else:
        text = _("{values} other colours in {pixels} pixels ({share} %) take the nearest class.")
    return text.format(values=reading.stray_values, pixels=reading.stray_pixels, share=decimal(share, 1)) + how


def _class_items(palette: Palette) -> QStandardItemModel:
    """All classes and "unpainted", once for all the choosers."""
    items = QStandardItemModel()
    for entry in palette.classes:
        item = QStandardItem(_swatch(entry.hex), entry.title)
        item.setData(entry.id, Qt.ItemDataRole.UserRole)
        items.appendRow(item)
    nothing = QStandardItem(_swatch("#00000000"), _("Unpainted"))
    nothing.setData(UNPAINTED, Qt.ItemDataRole.UserRole)
    items.appendRow(nothing)
    return items


def _value_item(found: FoundValue, kind: ValueKind) -> QTableWidgetItem:
    if found.value == TRANSPARENT:
        return QTableWidgetItem(_("transparent"))
    if kind is ValueKind.IDS:
        return QTableWidgetItem(str(found.value))
    color = f"#{found.value:06x}"
    return QTableWidgetItem(_swatch(color), color)


def _swatch(color: str) -> QIcon:
    picture = QPixmap(_SWATCH, _SWATCH)
    picture.fill(QColor(color))
    return QIcon(picture)
