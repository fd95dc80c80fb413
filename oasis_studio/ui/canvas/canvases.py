"""Labels and photo side by side or one above the other, over one view."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QSlider, QSplitter, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.canvas.guide_lines import GuideLines
from oasis_studio.ui.canvas.label_canvas import LabelCanvas
from oasis_studio.ui.canvas.other_photo import OtherPhoto
from oasis_studio.ui.canvas.pane import Pane
from oasis_studio.ui.canvas.photo_canvas import PhotoCanvas
from oasis_studio.ui.canvas.stacking import PaneSplitter, Stacking
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.widgets.banner import Banner, SaveBanner
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.pointer_capture import PointerCapture
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.usual_slider import UsualSlider

_SLIDER = 90


class Arrangement(StrEnum):
    """Which canvases are seen."""

    BOTH = "both"
    LABELS = "labels"
    PHOTO = "photo"


class Canvases(QObject):
    """Owns the shared view and the pointer's capture; :meth:`splitter` puts the two panes into a widget."""

    arranged = Signal()

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._comparison = studio.session, studio.comparison
        self.view = View(self)
        self.capture = PointerCapture(studio.session, self)
        shared = (self.view, self.capture)
        self.labels = LabelCanvas(studio.session, studio.gestures, studio.comparison, *shared)
        self.photo = PhotoCanvas(studio.session, studio.feed, studio.comparison, self.labels.image, *shared)
        self.photo.reduce_motion = self.labels.ants.stands_still = studio.settings.reduce_motion
        self.photo.compare_with(studio.model_comparison)
        self._models = studio.model_comparison
        other = OtherPhoto(studio.model_comparison, *shared)
        self.guides = GuideLines(studio.session, self.view, (self.labels, self.photo, other))
        self._other = Pane(_("Other model"), other, [], self.guides)
        self._models.changed.connect(self._show_other)
        self.banner = Banner(studio.feed, self.photo)
        self.save_banner = SaveBanner(studio.session, self.labels)
        self.arrangement = Arrangement.BOTH
        self._has_rulers = studio.settings.has_rulers
        self.overlay = _slider(_("Labels over the photo"), 0)
        self._wipe_word = label(_("Wipe"), "dim")
        self.overlay.valueChanged.connect(lambda percent: self.photo.show_labels(percent / 100))
        self.wipe = _slider(_("Wipe between the snapshot and now"), 50)
        self.wipe.setValue(50)
        self.wipe.valueChanged.connect(lambda percent: studio.comparison.wipe(percent / 100))
        studio.comparison.changed.connect(self._show_wipe)
        self._panes: dict[Arrangement, Pane] = {}
        self.stacking = Stacking(studio.settings.canvas_stacking)
        self._splitter = PaneSplitter(self.stacking)
        studio.session.document_opened.connect(self._open_document)
        studio.session.document_resized.connect(self._open_document)
        self._open_document()

    def splitter(self, actions: ActionTable) -> QSplitter:
        """Both panes, and that of another model."""
        zoom = [("view.zoom_out", "magnify-minus-outline"), ("view.zoom_in", "magnify-plus-outline")]
        fit = [("view.actual", "numeric-1-box-outline"), ("view.fit", "fit-to-screen-outline")]
        look = [
            ("view.both", "view-split-vertical"),
            ("view.photo", "image-outline"),
            ("file.export", "export-variant"),
        ]
        buttons: list[QWidget] = [IconButton.of(actions[name], icon) for name, icon in zoom + fit]
        labels = Pane(_("Labels"), self.labels, [self._wipe_word, self.wipe, *buttons], self.guides)
        self._show_wipe()
        shown: list[QWidget] = [IconButton.of(actions[name], icon) for name, icon in look]
        photo = Pane(_("Photo"), self.photo, [label(_("Labels"), "dim"), self.overlay, *shown], self.guides)
        self._panes = {Arrangement.LABELS: labels, Arrangement.PHOTO: photo}
        splitter = self._splitter
        for pane in (labels, self._other, photo):
            splitter.addWidget(pane)
            splitter.setStretchFactor(splitter.count() - 1, 1)
        splitter.setSizes([1000, 1000, 1000])
        self._show_other()
        self.show_rulers(self._has_rulers)
        return splitter

    def arrange(self, arrangement: Arrangement) -> None:
        """Show both panes or one of them."""
        self.arrangement = arrangement
        for kind, pane in self._panes.items():
            pane.setVisible(arrangement in (Arrangement.BOTH, kind))
        self.arranged.emit()

    def stack(self, stacking: Stacking) -> None:
        """Let the panes lie like that, now and from now on."""
        self.stacking = stacking
        self._splitter.stack(stacking)

    def show_rulers(self, are_shown: bool) -> None:
        """Around every canvas, so that the same place stays at the same height in all of them; and guides with them."""
        self._has_rulers = are_shown
        self.guides.show(are_shown)
        for pane in (*self._panes.values(), self._other):
            pane.ruled.show_rulers(are_shown)

    def _show_other(self) -> None:
        self._other.setVisible(self._models.card is not None and self._models.is_side_by_side)

    def _show_wipe(self) -> None:
        """Only while there is something to compare with."""
        for widget in (self._wipe_word, self.wipe):
            widget.setVisible(self._comparison.snapshot is not None)

    def _open_document(self) -> None:
        document = self._session.document
        self.view.open(document.width, document.height)
        self._splitter.show_drawing(QSize(document.width, document.height))


def _slider(name: str, usual: int) -> QSlider:
    slider = UsualSlider(usual)
    slider.setRange(0, 100)
    slider.setFixedWidth(_SLIDER)
    slider.setToolTip(name)
    slider.setAccessibleName(name)
    return slider
