"""The reference photo: how strongly it shows, hidden or not, away with it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.reference import Blend
from oasis_studio.core.history.document_commands import SetReference
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.step_slider import StepSlider
from oasis_studio.ui.widgets.text import label


class ReferenceRow(QWidget):
    """Seen only while the document has a reference photo."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.eye = IconButton("eye-outline", _("Hide or show the reference photo"), self)
        self.opacity = StepSlider(session, 50)
        self.opacity.setRange(0, 100)
        self.opacity.setTracking(False)
        self.opacity.setAccessibleName(_("Opacity of the reference photo"))
        self.opacity.setToolTip(_("How strongly the reference photo shows; it is no part of the labels"))
        self.blend_button = IconButton("layers-outline", _("How the reference photo blends with the labels"), self)
        self.blend_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.blend_menu = QMenu(self.blend_button)
        self.blend_menu.aboutToShow.connect(self._fill_blends)
        self.blend_button.setMenu(self.blend_menu)
        self.remove_button = IconButton("close", _("Remove the reference photo"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.eye)
        row.addWidget(label(_("Reference photo"), "dim"))
        row.addSpacing(4)
        row.addWidget(self.opacity, 1)
        row.addWidget(self.blend_button)
        row.addWidget(self.remove_button)
        self.eye.clicked.connect(self.toggle)
        self.opacity.valueChanged.connect(self._set_opacity)
        self.remove_button.clicked.connect(self.remove)
        session.reference_changed.connect(self._show)
        session.document_opened.connect(self._show)
        self._show()

    def toggle(self) -> None:
        """Hide it, or show it again."""
        reference = self._session.document.reference
        if reference is not None:
            title = _("Hide reference photo") if reference.is_visible else _("Show reference photo")
            self._session.do(SetReference(replace(reference, is_visible=not reference.is_visible), title))

    def blend(self, blend: Blend) -> None:
        """Mix it with the labels in another way."""
        reference = self._session.document.reference
        if reference is not None and blend is not reference.blend:
            self._session.do(SetReference(replace(reference, blend=blend), _("Blending of the reference photo")))

    def _fill_blends(self) -> None:
        self.blend_menu.clear()
        reference = self._session.document.reference
        for blend, text in _blend_names().items():
            action = self.blend_menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(reference is not None and blend is reference.blend)
            action.triggered.connect(partial(self._take_blend, blend))

    def _take_blend(self, blend: Blend, _checked: bool) -> None:
        self.blend(blend)

    def remove(self) -> None:
        self._session.do(SetReference(None, _("Remove reference photo")))

    def _set_opacity(self, percent: int) -> None:
        reference = self._session.document.reference
        if reference is not None and round(100 * reference.opacity) != percent:
            changed = replace(reference, opacity=percent / 100)
            self._session.do(SetReference(changed, _("Opacity of the reference photo")))

    def _show(self) -> None:
        reference = self._session.document.reference
        self.setVisible(reference is not None)
        if reference is not None:
            self.eye.show_icon("eye-outline" if reference.is_visible else "eye-off-outline")
            self.opacity.blockSignals(True)
            self.opacity.setValue(round(100 * reference.opacity))
            self.opacity.blockSignals(False)


def _blend_names() -> dict[Blend, str]:
    return {Blend.NORMAL: _("Normal"), Blend.MULTIPLY: _("Multiply"), Blend.SCREEN: _("Screen")}
