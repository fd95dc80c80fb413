"""Where the window was and how its panels lay, kept from run to run."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from oasis_studio.paths import home

_VERSION = 2


def _store() -> QSettings:
    return QSettings(str(home("settings") / "window.ini"), QSettings.Format.IniFormat)


def save(window: QMainWindow) -> None:
    store = _store()
    store.setValue("geometry", window.saveGeometry())
    store.setValue("docks", window.saveState(_VERSION))


def restore(window: QMainWindow) -> bool:
    """Put the window back where it was; False if it has never been anywhere."""
    store = _store()
    geometry, docks = store.value("geometry"), store.value("docks")
    if not isinstance(geometry, QByteArray) or not window.restoreGeometry(geometry):
        return False
    if isinstance(docks, QByteArray):
        window.restoreState(docks, _VERSION)
    return True
