"""Above the sliders: what regions of this model cannot do, and where the style of the whole image comes from."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.text import label


class WholeStyle(QWidget):
    """A sentence while what is chosen cannot be styled; else, for models that take a style code, buttons.

    ``from_photo`` is the command that takes the style of a photo, ``fill_swatches`` makes the menu of swatches.
    """

    def __init__(self, studio: Studio, from_photo: QAction, fill_swatches: Callable[[QMenu], None]) -> None:
        super().__init__()
        self._studio, self._session = studio, studio.session
        self._from_photo = from_photo
        self.sentence = label("", "dim", wraps=True)
        self.photo = QPushButton(_("From a photo…"))
        self.photo.clicked.connect(from_photo.trigger)
        self.swatches = QPushButton(_("Swatches"))
        menu = QMenu(self.swatches)
        menu.aboutToShow.connect(lambda: fill_swatches(menu))
        self.swatches.setMenu(menu)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.photo, self.swatches):
            row.addWidget(button, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # room is the list's
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.sentence)
        column.addWidget(self._buttons)
        from_photo.changed.connect(self._show)
        for signal in (self._session.regions.chosen_changed, self._session.model_changed):
            signal.connect(self._show)
        self._session.document_opened.connect(self._show)
        self._show()

    def _show(self) -> None:
        card, styles = self._session.card, self._studio.styles
        refusal = styles.refusal(tuple(self._session.regions.chosen) or (WHOLE_IMAGE,)) if card is not None else ""
        self.sentence.setText(refusal)
        self.sentence.setVisible(bool(refusal))
        self._buttons.setVisible(not refusal and card is not None and card.capabilities.style_size > 0)
        self.photo.setEnabled(self._from_photo.isEnabled())
        self.photo.setToolTip(self._from_photo.toolTip())
        self.setVisible(bool(refusal) or not self._buttons.isHidden())
