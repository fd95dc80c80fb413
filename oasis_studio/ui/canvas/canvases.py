"""Labels and photo side by side, over one view."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter

from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _
from oasis_studio.ui.actions import ActionTable
from oasis_studio.ui.banner import Banner
from oasis_studio.ui.canvas.label_canvas import LabelCanvas
from oasis_studio.ui.canvas.pane import Pane
from oasis_studio.ui.canvas.photo_canvas import PhotoCanvas
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.icon_button import IconButton


class Arrangement(StrEnum):
    """Which canvases are seen."""

    BOTH = "both"
    LABELS = "labels"
    PHOTO = "photo"


class Canvases(QObject):
    """Owns the shared view; :meth:`splitter` puts the two panes into a widget."""

    arranged = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = studio.session
        self.view = View(self)
        self.labels = LabelCanvas(studio.session, studio.gestures, self.view)
        self.photo = PhotoCanvas(studio.session, studio.feed, self.view)
        self.photo.reduce_motion = self.labels.ants.stands_still = studio.settings.reduce_motion
        self.banner = Banner(studio.feed, self.photo)
        self.arrangement = Arrangement.BOTH
        self._panes: dict[Arrangement, Pane] = {}
        studio.session.document_opened.connect(self._open_document)
        studio.session.document_resized.connect(self._open_document)
        self._open_document()

    def splitter(self, actions: ActionTable) -> QSplitter:
        """Both panes, divided evenly; the divider can be dragged."""
        zoom = [("view.zoom_out", "magnify-minus-outline"), ("view.zoom_in", "magnify-plus-outline")]
        fit = [("view.actual", "numeric-1-box-outline"), ("view.fit", "fit-to-screen-outline")]
        look = [
            ("view.both", "view-split-vertical"),
            ("view.photo", "image-outline"),
            ("file.export", "export-variant"),
        ]
        labels = Pane(_("Labels"), self.labels, [IconButton.of(actions[name], icon) for name, icon in zoom + fit])
        photo = Pane(_("Photo"), self.photo, [IconButton.of(actions[name], icon) for name, icon in look])
        self._panes = {Arrangement.LABELS: labels, Arrangement.PHOTO: photo}
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=8)
        for pane in (labels, photo):
            splitter.addWidget(pane)
            splitter.setStretchFactor(splitter.count() - 1, 1)
        splitter.setSizes([1000, 1000])
        return splitter

    def arrange(self, arrangement: Arrangement) -> None:
        """Show both panes or one of them."""
        self.arrangement = arrangement
        for kind, pane in self._panes.items():
            pane.setVisible(arrangement in (Arrangement.BOTH, kind))
        self.arranged.emit()

    def _open_document(self) -> None:
        document = self._session.document
        self.view.open(document.width, document.height)
