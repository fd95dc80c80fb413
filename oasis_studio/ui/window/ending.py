"""The end of the program: what it made is destroyed in the order in which one needs the other.

Left to the end of the process, PySide destroys what Python still knows in any order, and some orders crash after
everything went well. The menus and the form of controls that pyqtgraph makes for each plot belong to no window; a plot
that outlives them reaches into them in its own destructor.
"""

from __future__ import annotations

import gc
import logging
import os
import sys

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

log = logging.getLogger(__name__)

_ROUNDS = 3
"""What is destroyed may leave something else to be destroyed."""


def take_down(app: QApplication, window: QWidget, *parts: QObject, is_own: bool = True) -> None:
    """Destroy the window with all that it owns, then widgets that nobody owns, then ``parts`` in their order.

    The application itself goes last, if it ``is_own``.
    """
    others = [widget for widget in app.topLevelWidgets() if widget.parent() is None and widget is not window]
    others.sort(key=_has_plots, reverse=True)
    for each in (window, *others, *parts):
        if shiboken6.isValid(each):  # one may take another with it
            each.deleteLater()
            _destroy()
    gc.collect()  # what only circles of references keep alive goes while there is an application
    _destroy()
    if is_own:
        shiboken6.delete(app)


def leave_at_once(code: int) -> None:
    """End the process although a thread of it still works: whatever that uses must not be destroyed under it."""
    log.error("a thread did not end: the process ends without it")
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


def _has_plots(widget: QWidget) -> bool:
    return isinstance(widget, QGraphicsView) or widget.findChild(QGraphicsView) is not None


def _destroy() -> None:
    for _round in range(_ROUNDS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
