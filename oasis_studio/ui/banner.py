"""The banner over the photo: why there is no new one, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.app.photo_feed import PhotoFeed
from oasis_studio.app.synthesis_thread import RenderFailure
from oasis_studio.i18n import _
from oasis_studio.ui.icon_button import IconButton
from oasis_studio.ui.text import label


class Banner(QFrame):
    """Shows the feed's failures until the next photo. The last photo stays under it."""

    def __init__(self, feed: PhotoFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._dismissed = ""
        self.setObjectName("banner")
        self.message = label("", "bannerMessage", wraps=True)
        self.hint = label("", "bannerHint", wraps=True)
        self.smaller = QPushButton(_("Retry smaller"))
        self.smaller.setObjectName("primary")
        self.retry = QPushButton(_("Retry"))
        close = IconButton("close", _("Hide this message"), self)
        self.smaller.clicked.connect(feed.request_smaller)
        self.retry.clicked.connect(self._retry)
        close.clicked.connect(self._dismiss)
        self._lay_out(close)
        self.hide()
        feed.failed.connect(self.show_failure)
        feed.photo_shown.connect(self._clear)

    def _lay_out(self, close: IconButton) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.message)
        words.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in (self.smaller, self.retry, close):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_failure(self, failure: RenderFailure) -> None:
        """Say what failed; a message that was hidden by the person stays hidden."""
        if failure.message == self._dismissed:
            return
        self.message.setText(failure.message)
        self.hint.setText(failure.hint)
        self.hint.setVisible(bool(failure.hint))
        self.smaller.setVisible(failure.is_memory_shortage and self._feed.can_shrink)
        self.show()
        self.raise_()

    def _retry(self) -> None:
        self._dismissed = ""
        self._feed.request()

    def _dismiss(self) -> None:
        self._dismissed = self.message.text()
        self.hide()

    def _clear(self) -> None:
        self._dismissed = ""
        self.hide()
