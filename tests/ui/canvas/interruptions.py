"""What may come between a press and its release, so that the release never comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from oasis_studio.app.session.tool_kind import ToolKind
from tests.ui.desk import Desk


def open_dialog(desk: Desk) -> None:
    dialog = QDialog(desk.window)
    QTimer.singleShot(0, dialog.reject)
    dialog.exec()
    dialog.deleteLater()


def use_other_window(desk: Desk) -> None:
    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.WindowDeactivate))


def lose_focus(desk: Desk) -> None:
    QApplication.sendEvent(desk.labels, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.OtherFocusReason))


def open_menu(desk: Desk) -> None:
    desk.labels.setFocus()
    menu = QMenu(desk.window)
    menu.addAction("x")
    menu.popup(QPoint(5, 5))
    QApplication.sendEvent(desk.labels, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason))
    menu.close()


def hide_and_show(desk: Desk) -> None:
    desk.window.hide()
    desk.window.show()


INTERRUPTIONS: dict[str, Callable[[Desk], object]] = {
    "dialog": open_dialog,
    "other window": use_other_window,
    "lost focus": lose_focus,
    "menu": open_menu,
    "lost grab": lambda desk: QApplication.sendEvent(desk.labels, QEvent(QEvent.Type.UngrabMouse)),
    "hidden": hide_and_show,
    "no button": lambda desk: desk.hover(30, 30),
    "saved": lambda desk: desk.window.files._write(desk.session.path or Path("unused")),
    "asked to close": lambda desk: desk.window.files.may_close(),
    "other tool": lambda desk: desk.session.choose_tool(ToolKind.PICK),
    "undo": lambda desk: desk.session.undo(),
}
