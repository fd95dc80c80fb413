"""Style from a photo: which regions take it, where their classes are in the photo, and how near they come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.photo.critic import reading_refusal_of
from oasis_studio.app.regions.photo_style import Candidate, candidates, inversion_job, own_labels, styles_found
from oasis_studio.app.studio import Studio
from oasis_studio.app.work.workbench import Task
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.files.pictures.photo import read_photo
from oasis_studio.core.work.jobs import Inversion, Job, Segmentation, SegmentJob
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.widgets.photo_picture import PhotoPicture
from oasis_studio.ui.widgets.text import label

_PREVIEW = 232
_SWATCH = 16
_ROW = 30


class PhotoStyleDialog(Form):
    """StudioError if the photo cannot be read, or nothing could be done with it."""

    def __init__(self, studio: Studio, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(_("Style from a photo"), _("Use this style"), parent)
        self._studio, self._session, self._path = studio, studio.session, path
        whole = read_photo(path)
        self.image_HW3 = Reference.fitted(whole, whole.shape[1], whole.shape[0]).image_HW3
        self._own = own_labels(studio.session)
        self._photo = (self.image_HW3, np.zeros((1, 1), np.uint8))
        self._asked: list[RegionKey] = []
        self._candidates: list[Candidate] = []
        self._task: Task | None = None
        self.found: Inversion | None = None
        refusal = reading_refusal_of(self._session)
        if refusal and self._own is None:
            raise StudioError(
                refusal,
                _("Lay the photo under your labels as reference photo, and your own labels tell what it shows."),
            )
        self.photo, self.outcome = (
            PhotoPicture(_("The photo"), _PREVIEW),
            PhotoPicture(_("The drawing in its style"), _PREVIEW),
        )
        self.read = QRadioButton(_("The model reads what the photo shows"))
        self.own = QRadioButton(_("My labels over the reference photo say it"))
        self.table = QTableWidget(0, 4)
        self.work = QProgressBar()
        self.search = QPushButton(_("Look for it"))
        self._lay_out()
        self.read.setEnabled(not refusal)
        self.read.setToolTip(refusal)
        self.own.setEnabled(self._own is not None)
        self.own.setToolTip("" if self._own is not None else _("There is no reference photo under the labels."))
        (self.own if refusal else self.read).setChecked(True)
        self.read.toggled.connect(self._read_photo)
        self.search.clicked.connect(self.toggle)
        self.accept_button.setEnabled(False)
        self._read_photo()

    # -- putting it together ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.table.setHorizontalHeaderLabels([_("Region"), _("In the photo"), _("Before"), _("Found")])
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.table.setShowGrid(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setToolTip(_("Distance of the colours, in units of Lab: 2 is hardly to be seen"))
        self.table.setAccessibleName(_("Regions that take the style"))
        self.table.setMinimumSize(600, 184)
        for column in range(1, 4):
            self.table.setColumnWidth(column, 96 if column == 1 else 72)
        self.work.setRange(0, 100)
        self.work.setTextVisible(False)
        pictures = QGridLayout()
        pictures.setHorizontalSpacing(8)
        for column, (picture, text) in enumerate(((self.photo, self._path.name), (self.outcome, _("In its style")))):
            pictures.addWidget(label(text, "dim"), 0, column)
            pictures.addWidget(picture, 1, column)
        sources = QVBoxLayout()
        sources.setSpacing(4)
        sources.addWidget(self.read)
        sources.addWidget(self.own)
        work = QHBoxLayout()
        work.setSpacing(8)
        work.addWidget(self.work, 1)
        work.addWidget(self.search)
        self.rows.addRow(pictures)
        self.rows.addRow(sources)
        self.rows.addRow(self.table)
        self.rows.addRow(work)

    # -- what the photo shows -----------------------------------------------------------------------------------

    def _read_photo(self) -> None:
        self._stop()
        if self.own.isChecked() and self._own is not None:
            self._show_regions(*self._own)
            return
        self.search.setEnabled(False)
        self.photo.show_image(self.image_HW3)
        self.show_note(_("Reading the photo…"))
        self._begin(SegmentJob(self._session.document.model, self.image_HW3)).finished.connect(self._take_reading)

    def _take_reading(self, found: Segmentation) -> None:
        self._task = None
        self._show_regions(self.image_HW3, found.labels_HW)

    def _show_regions(self, photo_HW3: np.ndarray, labels_HW: np.ndarray) -> None:
        """Regions whose class is in the photo can be checked; chosen ones are, or all if none of those is in it.

        Locked ones cannot: their pixels stay as they are.
        """
        self._photo = (photo_HW3, labels_HW)
        self.photo.show_image(photo_HW3)
        self._candidates = candidates(self._session, labels_HW)
        usable = {each.region.key for each in self._candidates if each.is_usable}
        wanted = usable.intersection(self._session.regions.chosen) or usable
        self.table.setRowCount(len(self._candidates))
        for row, each in enumerate(self._candidates):
            item = self._region_item(each)
            is_usable = each.region.key in usable
            flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(flags if is_usable else Qt.ItemFlag.NoItemFlags)
            is_wanted = each.region.key in wanted
            item.setCheckState(Qt.CheckState.Checked if is_wanted else Qt.CheckState.Unchecked)
            self.table.setItem(row, 0, item)
            self.table.setItem(row, 1, _cell(_share_text(each)))
            self.table.setItem(row, 2, _cell(""))
            self.table.setItem(row, 3, _cell(""))
        self.search.setEnabled(bool(usable))
        if usable:
            self.show_note(_("Choose the regions that are to look like the photo."))
        elif any(each.share > 0 for each in self._candidates):
            self.show_note(_("What the photo shows is locked in the drawing, and stays as it is. Unlock it first."))
        else:
            self.show_note(_("The photo shows nothing of what is painted. Choose another photo."))

    def _region_item(self, each: Candidate) -> QTableWidgetItem:
        document = self._session.document
        entry = document.palette.classes[each.region.key.label]
        layer = next((layer.name for layer in document.layers if layer.id == each.region.key.layer_id), _("background"))
        swatch = QPixmap(_SWATCH, _SWATCH)
        swatch.fill(QColor(entry.hex))
        return QTableWidgetItem(QIcon(swatch), f"{entry.title} · {layer}")

    # -- looking for it -----------------------------------------------------------------------------------------

    @property
    def wanted(self) -> list[RegionKey]:
        """The regions that are checked, in the order of the picture."""
        rows = range(self.table.rowCount())
        return [self._candidates[row].region.key for row in rows if self._is_checked(row)]

    def _is_checked(self, row: int) -> bool:
        item = self.table.item(row, 0)
        return item is not None and item.checkState() is Qt.CheckState.Checked

    def toggle(self) -> None:
        """Begin to look, or stop."""
        if self._task is not None:
            self._stop()
            self.show_note(_("Stopped. What was found so far can be used.") if self.found else _("Stopped."))
            return
        keys = self.wanted
        if not keys:
            self.show_note(_("Check at least one region."))
            return
        try:
            job = inversion_job(self._session, keys, *self._photo)
        except StudioError as error:
            self.show_note(error.message)
            return
        self._asked, self.found = keys, None
        self.accept_button.setEnabled(False)
        self.search.setText(_("Stop"))
        self.show_note(_("Looking for the style; this takes up to a minute."))
        task = self._begin(job)
        task.progressed.connect(self._take_progress)
        task.finished.connect(self._take)

    def accept(self) -> None:
        if self.found is None:
            return
        command = styles_found(self._session, self._asked, self.found, self._path.stem)
        if command is not None and messages.attempt(self, lambda: self._session.do(command)):
            super().accept()

    def done(self, result: int) -> None:
        self._stop()
        super().done(result)

    def _take_progress(self, value: object) -> None:
        if isinstance(value, Inversion):
            self._show_found(value)
            self.work.setValue(round(100 * value.share))
        elif isinstance(value, float):
            self.work.setValue(round(100 * value))

    def _take(self, found: Inversion) -> None:
        self._task = None
        self.search.setText(_("Look again"))
        self.work.setValue(100)
        self._show_found(found)
        before = sum(each.before for each in found.distances) / len(found.distances)
        now = sum(each.now for each in found.distances) / len(found.distances)
        self.show_note(
            _("Found: the distance to the photo went from {before} to {now}.").format(
                before=decimal(before, 1), now=decimal(now, 1)
            )
        )

    def _show_found(self, found: Inversion) -> None:
        self.found = found
        self.accept_button.setEnabled(True)
        self.outcome.show_image(found.image_HW3)
        rows = {each.region.key: row for row, each in enumerate(self._candidates)}
        for key, each in zip(self._asked, found.distances, strict=True):
            self.table.setItem(rows[key], 2, _cell(decimal(each.before, 1)))
            self.table.setItem(rows[key], 3, _cell(decimal(each.now, 1)))

    def _begin(self, job: Job) -> Task:
        self._task = self._studio.workbench.start(job)
        self._task.failed.connect(self._fail)
        return self._task

    def _fail(self, error: StudioError) -> None:
        self._task = None
        self.search.setText(_("Look for it"))
        self.search.setEnabled(bool(self._candidates))
        self.show_note(f"{error.message} {error.hint}".strip())

    def _stop(self) -> None:
        """Nothing of what is under way is wanted any more."""
        task, self._task = self._task, None
        if task is not None:
            for signal in (task.progressed, task.finished, task.failed):
                signal.disconnect()
            task.cancel()
        self.search.setText(_("Look for it"))


def _share_text(each: Candidate) -> str:
    """How much of the photo shows a region's class, or why the region cannot take its style."""
    if each.is_locked:
        return _("locked")
    return f"{decimal(100 * each.share, 1)} %" if each.share > 0 else _("not in it")


def _cell(text: str) -> QTableWidgetItem:
    made = QTableWidgetItem(text)
    made.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    made.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return made
