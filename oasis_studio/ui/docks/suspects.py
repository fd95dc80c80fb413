"""Regions that are probably mislabelled, in the panel of photos to label."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.training.dataset_doctor import DatasetDoctor, Suspect
from oasis_studio.app.training.labelling import Labelling
from oasis_studio.core.classes.palette import Palette
from oasis_studio.i18n import _, decimal, local_name, ngettext
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.icons import icon
from oasis_studio.ui.widgets.text import label

_ROWS = 2 * 28
_CHIP = 12


class SuspectList(QWidget):
    """A bar while the doctor reads; then the regions, the most suspect first, and a click opens one."""

    def __init__(
        self,
        doctor: DatasetDoctor,
        labelling: Labelling,
        palette: Callable[[], Palette],
        look_at: Callable[[Suspect], object],
    ) -> None:
        super().__init__()
        self._doctor, self._labelling, self._palette, self._look_at = doctor, labelling, palette, look_at
        self._shown: list[Suspect] | None = None
        self.state = label("", "dim")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.items = QListWidget()
        self.items.setFrameShape(QFrame.Shape.NoFrame)
        self.items.setMinimumHeight(_ROWS)
        self.items.setUniformItemSizes(True)
        self.items.setIconSize(QSize(_CHIP, _CHIP))
        self.items.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.items.setAccessibleName(_("Probably mislabelled regions"))
        self.items.itemClicked.connect(self._choose)
        self.items.itemActivated.connect(self._choose)
        self.cancel_button = QPushButton(_("Cancel"))
        self.back_button = IconButton("close", _("Back to the photos"))
        for button in (self.cancel_button, self.back_button):
            button.clicked.connect(doctor.dismiss)
        head, below = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.state, 1)
        head.addWidget(self.back_button)
        below.addWidget(self.bar, 1)
        below.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.items, 1)
        column.addLayout(below)
        doctor.progressed.connect(self._show_progress)
        doctor.changed.connect(self._show)
        self._show()

    @property
    def is_wanted(self) -> bool:
        """Is there a search or a result to show?"""
        return self._doctor.is_running or self._doctor.suspects is not None

    def _choose(self, item: QListWidgetItem) -> None:
        suspects = self._doctor.suspects
        if suspects is not None:
            self._look_at(suspects[self.items.row(item)])

    def _show(self) -> None:
        doctor = self._doctor
        if doctor.is_running and not self.bar.isVisibleTo(self):
            self._show_progress(0, 0)
        self.bar.setVisible(doctor.is_running)
        self.cancel_button.setVisible(doctor.is_running)
        self.back_button.setVisible(not doctor.is_running)
        if doctor.suspects is not self._shown:
            self._fill(doctor.suspects or [])
            self._shown = doctor.suspects
        for row, suspect in enumerate(doctor.suspects or []):
            if suspect in doctor.seen:
                self.items.item(row).setIcon(icon("check", "dim"))
        self.items.setVisible(bool(doctor.suspects))
        if not doctor.is_running and doctor.suspects is not None:
            self.state.setText(_found(len(doctor.suspects)))

    def _fill(self, suspects: list[Suspect]) -> None:
        self.items.clear()
        palette = self._palette()
        for suspect in suspects:
            photo = self._labelling.photos[suspect.index].name
            texts = {"photo": photo, "label": local_name(suspect.label), "reads": local_name(suspect.reads)}
            item = QListWidgetItem(_("{label} → {reads} · {photo}").format(**texts))
            item.setToolTip(
                _("{photo}: {share} % of it is labelled {label} and looks like {reads}. The model errs, too.").format(
                    share=decimal(100 * suspect.share, 1), **texts
                )
            )
            entry = palette.by_name(suspect.label)
            if entry is not None:
                item.setIcon(_chip(QColor(*entry.color)))
            self.items.addItem(item)

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        text = _("Reading photo {done} of {total}").format(done=done, total=total)
        self.state.setText(text if total else _("Starting to read the photos…"))


def _found(count: int) -> str:
    if not count:
        return _("Nothing looks mislabelled.")
    text = ngettext("{count} region looks like another class", "{count} regions look like another class", count)
    return text.format(count=count)


def _chip(color: QColor) -> QIcon:
    picture = QPixmap(_CHIP, _CHIP)
    picture.fill(color)
    return QIcon(picture)
