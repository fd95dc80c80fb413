"""The banner over the photo: why there is no new one, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.app.photo_feed import PhotoFeed
from oasis_studio.app.synthesis_thread import RenderFailure
from oasis_studio.i18n import _
from oasis_studio.ui.icon_button import IconButton
from oasis_studio.ui.text import label

_MARGIN = 8


class Banner(QFrame):
    """Shows the feed's failures at the top of ``parent`` until the next photo. The last photo stays under it."""

    def __init__(self, feed: PhotoFeed, parent: QWidget) -> None:
        super().__init__(parent)
        self._feed = feed
        self._dismissed = ""
        self.setObjectName("banner")
        self.message = label("", "bannerMessage", wraps=True)
        self.hint = label("", "bannerHint", wraps=True)
        self.smaller = QPushButton(_("Retry smaller"))
        self.smaller.setObjectName("primary")
        self.retry = QPushButton(_("Retry"))
        self.close_button = IconButton("close", _("Hide this message"), self)
        self.smaller.clicked.connect(feed.request_smaller)
        self.retry.clicked.connect(self._retry)
        self.close_button.clicked.connect(self._dismiss)
        self._lay_out()
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        parent.installEventFilter(self)
        feed.failed.connect(self.show_failure)
        feed.photo_shown.connect(self._clear)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.message, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.smaller)
        buttons.addWidget(self.retry)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.hint)
        column.addSpacing(6)
        column.addLayout(buttons)

    def show_failure(self, failure: RenderFailure) -> None:
        """Say what failed; a message that was hidden by the person stays hidden."""
        if failure.message == self._dismissed:
            return
        self.message.setText(failure.message)
        self.hint.setText(failure.hint)
        self.hint.setVisible(bool(failure.hint))
        self.smaller.setVisible(failure.is_memory_shortage and self._feed.can_shrink)
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """Across the top of the parent, as tall as the words need."""
        parent, layout = self.parentWidget(), self.layout()
        if parent is not None and layout is not None:
            width = parent.width() - 2 * _MARGIN
            layout.activate()
            self.setGeometry(_MARGIN, _MARGIN, width, layout.totalHeightForWidth(width))

    def _retry(self) -> None:
        self._dismissed = ""
        self._feed.request()

    def _dismiss(self) -> None:
        self._dismissed = self.message.text()
        self.hide()

    def _clear(self) -> None:
        self._dismissed = ""
        self.hide()
