"""The bottom row: brush, place, tip, size, steps, saved or not."""

from __future__ import annotations

import math

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from oasis_studio.app.session.session import Session
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.bars.tool_texts import tool_names, tool_tip
from oasis_studio.ui.canvas.view import View

_MESSAGE_MS = 6000


class StatusLine(QStatusBar):
    """Listens to the session and the view; :meth:`tell` shows a passing message in place of the tip."""

    def __init__(self, session: Session, view: View) -> None:
        super().__init__()
        self._session = session
        self._view = view
        self._work = ""
        self.setSizeGripEnabled(False)
        self.brush, self.place, self.tip = QLabel(), QLabel(), QLabel()
        self.zoom, self.size_label, self.steps, self.saved = QLabel(), QLabel(), QLabel(), QLabel()
        self.brush.setMinimumWidth(88)
        self.place.setMinimumWidth(168)
        self.tip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.addWidget(self.brush)
        self.addWidget(self.place)
        self.addWidget(self.tip, 1)
        for label in (self.zoom, self.size_label, self.steps, self.saved):
            self.addPermanentWidget(label)
        self._message_timer = QTimer(self, singleShot=True, interval=_MESSAGE_MS)
        self._message_timer.timeout.connect(self._show_tip)
        session.brush_resized.connect(self._show_brush)
        session.tool_chosen.connect(self._show_brush)
        session.labels_changed.connect(self._show_place)
        session.history_changed.connect(self._show_document)
        session.document_opened.connect(self._show_document)
        session.document_resized.connect(self._show_document)
        view.pointer_moved.connect(self._show_place)
        view.changed.connect(self._show_zoom)
        self._show_brush()
        self._show_document()
        self._show_zoom()

    def tell(self, message: str) -> None:
        """Show ``message`` for a few seconds."""
        self.tip.setText(message)
        self._message_timer.start()

    def show_work(self, title: str) -> None:
        """Name a file that is being written, for as long as it is; "" for none."""
        self._work = title
        self._show_document()

    def _show_brush(self) -> None:
        tool = self._session.tool
        size = _("{size} px").format(size=self._session.brush_size)
        self.brush.setText(f"{tool_names()[tool]} {size}" if tool.has_tip else tool_names()[tool])
        if not self._message_timer.isActive():
            self._show_tip()

    def _show_tip(self) -> None:
        self.tip.setText(tool_tip(self._session.tool))

    def _show_place(self) -> None:
        pointer = self._view.pointer
        if pointer is None or not self._view.contains(*pointer):
            self.place.setText("")
            return
        x, y = math.floor(pointer[0]), math.floor(pointer[1])
        label = int(self._session.labels_HW[y, x])
        classes = self._session.document.palette.classes
        name = classes[label].title if label < len(classes) else str(label)
        self.place.setText(f"x {x}  y {y} · {name}")

    def _show_zoom(self) -> None:
        self.zoom.setText(f"{decimal(self._view.zoom * 100)} %")

    def _show_document(self) -> None:
        document = self._session.document
        self.size_label.setText(f"{document.width} × {document.height}")
        self.steps.setText(_("Undo {count}").format(count=self._session.history.undo_count))
        if self._work:
            self.saved.setText(f"{self._work}…")
        elif self._session.is_modified:
            self.saved.setText(_("Not saved"))
        else:
            self.saved.setText(_("Saved") if self._session.path else _("New"))
