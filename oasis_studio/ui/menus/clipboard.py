"""Copy and paste, between this program and others."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.app.tools.clipboard_labels import ClipboardLabels
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.history.document_commands import SetReference
from oasis_studio.i18n import _, ngettext
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.questions import messages

_PLACE = "application/x-oasis-place"
_MOST_PIXELS = 2**28


class ClipboardActions(QObject):
    """A pasted picture becomes a layer if its colours are those of the classes, else the reference photo."""

    told = Signal(str)
    """A sentence for the status line."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._labels = ClipboardLabels(session)

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("edit.copy_labels", _("Copy &labels"), self.copy_labels, "edit", ("Ctrl+Shift+C",)),
            ActionSpec("edit.paste", _("&Paste"), self.paste, "edit", ("Ctrl+V",)),
            ActionSpec("edit.paste_labels", _("Paste &as labels"), self.paste_labels, "edit", ("Ctrl+Shift+V",)),
        ]

    def follow(self, actions: ActionTable) -> None:
        """They can always be tried: what the clipboard holds is looked at when it is pasted."""

    def copy_labels(self) -> None:
        """What is selected, as a picture that any program can paste."""
        self._session.settle()
        rgba, box = self._labels.picture()
        height, width = rgba.shape[:2]
        data = QMimeData()
        data.setImageData(QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy())
        data.setData(_PLACE, f"{box.left},{box.top}".encode())
        QGuiApplication.clipboard().setMimeData(data)
        self.told.emit(_("Copied {width} × {height} pixels of labels.").format(width=width, height=height))

    def paste(self) -> None:
        picture = self._picture()
        if picture is None:
            return
        if self._labels.are_labels(picture):
            self._paste_labels(picture)
            return
        document = self._session.document
        photo = Reference.fitted(np.ascontiguousarray(picture[..., :3]), document.width, document.height)
        if messages.attempt(self._window, lambda: self._session.do(SetReference(photo, _("Paste reference photo")))):
            self.told.emit(_("Pasted as the reference photo. “Paste as labels” takes the nearest classes instead."))

    def paste_labels(self) -> None:
        """Whatever its colours are, each takes the nearest class."""
        picture = self._picture()
        if picture is not None:
            self._paste_labels(picture)

    def _paste_labels(self, picture: np.ndarray) -> None:
        def paste() -> None:
            strays = self._labels.paste(picture, _place(QGuiApplication.clipboard().mimeData()))
            if strays:
                text = ngettext(
                    "{count} pixel took the nearest class.", "{count} pixels took the nearest class.", strays
                )
                self.told.emit(text.format(count=strays))

        messages.attempt(self._window, paste)

    def _picture(self) -> np.ndarray | None:
        """(H, W, 4) uint8 RGBA of the clipboard; None, after saying so, if it holds no picture that fits in memory."""
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self.told.emit(_("There is no picture on the clipboard."))
            return None
        if image.width() * image.height() > _MOST_PIXELS:
            self.told.emit(_("The picture on the clipboard is too large."))
            return None
        image = image.convertToFormat(QImage.Format.Format_RGBA8888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def _place(data: QMimeData) -> tuple[int, int] | None:
    """Where labels of this program came from."""
    try:
        left, top = bytes(data.data(_PLACE).data()).decode().split(",")
        return int(left), int(top)
    except ValueError:
        return None
