"""The photos of a folder, to label one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.app.training.dataset_doctor import Suspect
from oasis_studio.app.training.labelling import Labelling
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.docks.suspects import SuspectList
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.icons import icon
from oasis_studio.ui.widgets.text import label

_ROWS = 2 * 28


class PhotoList(QWidget):
    """The photo on the canvas is marked, those with label maps are ticked; a click goes there.

    ``suspects`` stand in its place while mistakes are looked for, and once they are found.
    """

    def __init__(
        self,
        studio: Studio,
        go_to: Callable[[int], None],
        look_at: Callable[[Suspect], object],
        actions: ActionTable,
    ) -> None:
        super().__init__()
        labelling = self._labelling = studio.labelling
        self._go_to = go_to
        self.suspects = SuspectList(studio.doctor, labelling, lambda: studio.session.document.palette, look_at)
        self._folder: Path | None = None
        self.items = QListWidget()
        self.items.setFrameShape(QFrame.Shape.NoFrame)
        self.items.setMinimumHeight(_ROWS)
        self.items.setUniformItemSizes(True)
        self.items.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.items.setAccessibleName(_("Photos of the folder"))
        self.items.itemClicked.connect(lambda item: go_to(self.items.row(item)))
        self.items.itemActivated.connect(lambda item: go_to(self.items.row(item)))
        self.state = label("", "dim", wraps=True)
        self._open = QPushButton(_("Open a folder of photos…"))
        self._open.clicked.connect(actions["train.label"].trigger)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        names = [
            ("label.previous", "chevron-left"),
            ("label.next", "chevron-right"),
            ("label.guess", "creation-outline"),
        ]
        for name, symbol in names:
            row.addWidget(IconButton.of(actions[name], symbol))
        row.addWidget(IconButton.of(actions["label.mistakes"], "stethoscope"))
        row.addStretch(1)
        save = QPushButton(_("Save pair"))
        save.setToolTip(actions["label.save"].toolTip())
        save.clicked.connect(actions["label.save"].trigger)
        row.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.state)
        column.addWidget(self.items, 1)
        column.addWidget(self.suspects, 1)
        column.addWidget(self._open)
        column.addWidget(self._buttons)
        labelling.changed.connect(self._show)
        studio.doctor.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        labelling = self._labelling
        if labelling.folder != self._folder:
            self._folder = labelling.folder
            self.items.clear()
            for photo in labelling.photos:
                self.items.addItem(QListWidgetItem(photo.name))
        for row, photo in enumerate(labelling.photos):
            done = labelling.is_labelled(photo)
            self.items.item(row).setIcon(icon("check" if done else "circle-small", "good" if done else "dim"))
        self.items.setCurrentRow(labelling.index)
        if labelling.is_open:
            self.items.scrollToItem(self.items.currentItem())
        self.state.setVisible(not self.suspects.is_wanted)
        self.suspects.setVisible(self.suspects.is_wanted)
        self.items.setVisible(bool(labelling.photos) and not self.suspects.is_wanted)
        self._buttons.setVisible(bool(labelling.photos))
        self._open.setVisible(not labelling.photos)
        self.state.setText(_state(labelling))


def _state(labelling: Labelling) -> str:
    if labelling.folder is None:
        return _("Paint label maps over your photos: they become data to train on.")
    count = sum(labelling.is_labelled(photo) for photo in labelling.photos)
    text = _("{name}: {count} of {total} labelled")
    text = text.format(name=labelling.folder.name, count=count, total=len(labelling.photos))
    return text + " · " + _("the model is reading the photo…") if labelling.is_guessing else text


def dataset_dock(
    studio: Studio, go_to: Callable[[int], None], look_at: Callable[[Suspect], object], actions: ActionTable
) -> Dock:
    return Dock("dataset", _("Photos to label"), [], PhotoList(studio, go_to, look_at, actions))
