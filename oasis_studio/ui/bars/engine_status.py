"""The light at the top right: which device renders, and how fast."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.synthesis_thread import RenderFailure
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.widgets import theme


class EngineStatus(QWidget):
    """A dot and a few words, in the colour of how it goes."""

    def __init__(self, feed: PhotoFeed) -> None:
        super().__init__()
        self._feed = feed
        self._role = "dim"
        self._dot = QLabel("●")
        self._text = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._dot)
        row.addWidget(self._text)
        self.setToolTip(_("Device that renders the photo, and the time the last one took"))
        feed.activity_changed.connect(self._show_activity)
        feed.photo_shown.connect(self._show_photo)
        feed.failed.connect(self._show_failure)
        self._show("dim", _("Starting"))

    @property
    def text(self) -> str:
        return self._text.text()

    def _show_activity(self, is_busy: bool) -> None:
        if is_busy and not self._feed.device:
            self._show("dim", _("Starting the engine"))

    def _show_photo(self) -> None:
        if self._feed.milliseconds is not None:
            self._show("good", f"{_device_name(self._feed.device)} · {_duration(self._feed.milliseconds)}")

    def _show_failure(self, failure: RenderFailure) -> None:
        self._show("danger", _("No photo"))

    def _show(self, role: str, text: str) -> None:
        self._role = role
        self._text.setText(text)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        color = getattr(theme.roles(), self._role)
        for label in (self._dot, self._text):
            sheet = f"color: {color};"
            if label.styleSheet() != sheet:
                label.setStyleSheet(sheet)


def _device_name(device: str) -> str:
    return device.upper() if device.islower() and len(device) <= 6 else device


def _duration(milliseconds: float) -> str:
    if milliseconds < 1000:
        return _("{number} ms").format(number=round(milliseconds))
    return _("{number} s").format(number=decimal(milliseconds / 1000, 1))
