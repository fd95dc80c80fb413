"""Where the window was and how its panels lay, kept from run to run."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QMainWindow

from oasis_studio.paths import home
from oasis_studio.ui.docks.dock import Dock

_VERSION = 2
_USUAL_SIZE = QSize(1440, 900)


def _store() -> QSettings:
    return QSettings(str(home("settings") / "window.ini"), QSettings.Format.IniFormat)


def save(window: QMainWindow) -> None:
    store = _store()
    store.setValue("geometry", window.saveGeometry())
    store.setValue("docks", window.saveState(_VERSION))
    store.setValue("folded", [dock.objectName() for dock in window.findChildren(Dock) if dock.is_folded])


def restore(window: QMainWindow) -> bool:
    """Put the window back where it was, and its panels; False if they had never been anywhere.

    Qt refuses the place of a window on a screen of quite another size. Then the window has the usual size, and the
    panels come back all the same.
    """
    store = _store()
    geometry, docks = store.value("geometry"), store.value("docks")
    if not isinstance(geometry, QByteArray) or not window.restoreGeometry(geometry):
        window.resize(_USUAL_SIZE.boundedTo(window.screen().availableSize()))
    if not isinstance(docks, QByteArray) or not window.restoreState(docks, _VERSION):
        return False
    folded = store.value("folded") or []
    for dock in window.findChildren(Dock):
        dock.fold(dock.objectName() in folded)
    return True
