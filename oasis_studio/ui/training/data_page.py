"""First page: which photos."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from oasis_studio.app.session.settings import Settings
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.training.page import Page
from oasis_studio.ui.widgets.icons import icon
from oasis_studio.ui.widgets.text import label

_SYMBOL = 40
_SHOWN_RECENT = 4


class DataPage(Page):
    """A folder is dropped, chosen, or taken from those used before."""

    def __init__(self, plan: TrainingPlan, settings: Settings) -> None:
        super().__init__(plan)
        self.title = _("Photos")
        self.lead = _("Choose a folder with photos and their label maps.")
        self._settings = settings
        self.setAcceptDrops(True)
        self.zone = QFrame()
        self.zone.setObjectName("dropZone")
        self.zone.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._symbol = label()
        self._symbol.setPixmap(icon("folder-image", "dim").pixmap(_SYMBOL, _SYMBOL))
        self.chosen = label("", "noticeMessage", wraps=True)
        self._place = label("", "dim", wraps=True)
        self.choose_button = QPushButton(_("Choose folder…"))
        self.choose_button.clicked.connect(self.choose)
        self._recent = QVBoxLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self.zone)
        inside.setContentsMargins(24, 24, 24, 24)
        inside.setSpacing(8)
        inside.addStretch(1)
        for widget in (self._symbol, self.chosen, self._place):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(widget)
        inside.addSpacing(8)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.choose_button)
        row.addStretch(1)
        inside.addLayout(row)
        inside.addStretch(1)
        self._recent.setSpacing(4)
        formats = _(
            "Known layouts: images and labels side by side, ADE20K, Cityscapes, COCO, Pascal VOC, CamVid, LabelMe, "
            "CVAT, Stanford Background, pix2pix pairs, WebDataset. Label maps hold class ids or colours."
        )
        self.column.addWidget(self.zone, 1)
        self.column.addLayout(self._recent)
        self.column.addWidget(label(formats, "dim", wraps=True))

    @property
    def is_ready(self) -> bool:
        return self.plan.folder is not None

    def enter(self) -> None:
        folder = self.plan.folder
        self.chosen.setText(folder.name if folder else _("Drop a folder here"))
        self._place.setText(str(folder.parent) if folder else _("or choose one"))
        self._show_recent()
        self.choose_button.setFocus()

    def leave(self) -> None:
        folder = self.plan.folder
        if folder is None or not folder.exists():
            raise StudioError(_("There is no folder {path} any more.").format(path=folder), _("Choose another one."))
        self._settings.remember_data(folder)

    def choose(self) -> None:
        start = self.plan.folder or next((Path(name) for name in self._settings.recent_data), Path.home())
        name = QFileDialog.getExistingDirectory(self, _("Folder with photos and label maps"), str(start))
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Use this folder (or WebDataset shard)."""
        self.plan.take_folder(path)
        self.enter()
        self.readiness_changed.emit()

    def _show_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        known = [Path(name) for name in self._settings.recent_data if Path(name).exists()]
        if known:
            self._recent.addWidget(label(_("Used before"), "heading"))
        for path in known[:_SHOWN_RECENT]:
            button = QPushButton(path.name)
            button.setObjectName("rowButton")
            button.setToolTip(str(path))
            button.clicked.connect(partial(self._take_clicked, path))
            self._recent.addWidget(button)

    def _take_clicked(self, path: Path, _checked: bool = False) -> None:
        self.take(path)

    # -- dropping -----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Everything may be let go: what is of no use is told."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        event.acceptProposedAction()
        path = _dropped(event)
        if path is not None:
            self.take(path)
            self.advanced.emit()
        else:
            self._place.setText(_("Drop one folder that holds the photos, or one .tar file."))

    def _mark(self, is_over: bool) -> None:
        self.zone.setProperty("over", is_over)
        self.zone.style().unpolish(self.zone)
        self.zone.style().polish(self.zone)


def _dropped(event: QDropEvent) -> Path | None:
    """The folder or shard that is dragged, or None."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    if len(paths) == 1 and (paths[0].is_dir() or paths[0].suffix.lower() == ".tar"):
        return paths[0]
    return None
