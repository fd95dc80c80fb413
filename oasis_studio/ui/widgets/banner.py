"""Banners over the canvases: what went wrong behind the window, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.synthesis_thread import RenderFailure
from oasis_studio.app.session.session import Session
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.text import label

_MARGIN = 8


class Strip(QFrame):
    """Words and buttons at the top of ``parent``; ``buttons`` from the most to the least likely."""

    def __init__(self, parent: QWidget, buttons: list[QPushButton]) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.message = label("", "bannerMessage", wraps=True)
        self.hint = label("", "bannerHint", wraps=True)
        self.close_button = IconButton("close", _("Hide this message"), self)
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.message, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.hint)
        column.addSpacing(6)
        column.addLayout(row)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        parent.installEventFilter(self)

    def tell(self, message: str, hint: str) -> None:
        """Come up with these words."""
        self.message.setText(message)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._place()
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        """The person does not want to read it any more."""
        self.hide()

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


class Banner(Strip):
    """Shows the feed's failures until the next photo. The last photo stays under it."""

    def __init__(self, feed: PhotoFeed, parent: QWidget) -> None:
        self._feed = feed
        self._dismissed = ""
        self.smaller = QPushButton(_("Retry smaller"))
        self.smaller.setObjectName("primary")
        self.retry = QPushButton(_("Retry"))
        super().__init__(parent, [self.smaller, self.retry])
        self.smaller.clicked.connect(feed.request_smaller)
        self.retry.clicked.connect(self._retry)
        feed.failed.connect(self.show_failure)
        feed.photo_shown.connect(self._clear)

    def show_failure(self, failure: RenderFailure) -> None:
        """Say what failed; a message that was hidden by the person stays hidden."""
        if failure.message == self._dismissed:
            return
        self.smaller.setVisible(failure.is_memory_shortage and self._feed.can_shrink)
        self.tell(failure.message, failure.hint)

    def dismiss(self) -> None:
        self._dismissed = self.message.text()
        self.hide()

    def _retry(self) -> None:
        self._dismissed = ""
        self._feed.request()

    def _clear(self) -> None:
        self._dismissed = ""
        self.hide()


class SaveBanner(Strip):
    """A drawing that could not be saved is still open and unsaved; this says so until it is saved."""

    again = Signal()
    elsewhere = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session = session
        self.elsewhere_button = QPushButton(_("Save elsewhere…"))
        self.elsewhere_button.setObjectName("primary")
        self.again_button = QPushButton(_("Try again"))
        super().__init__(parent, [self.elsewhere_button, self.again_button])
        self.elsewhere_button.clicked.connect(self.elsewhere)
        self.again_button.clicked.connect(self.again)
        session.history_changed.connect(self._check)
        session.document_opened.connect(self.hide)

    def _check(self) -> None:
        if not self._session.is_modified:
            self.hide()
