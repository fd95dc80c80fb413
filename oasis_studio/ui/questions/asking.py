"""Showing a dialog until it is answered."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog


def ask(dialog: QDialog) -> bool:
    """Was it accepted? It can be asked for its answer until the event loop goes on, and is destroyed then.

    A dialog that is not destroyed belongs to its window as long as that is open, with the photos that it shows.
    """
    try:
        return bool(dialog.exec())
    finally:
        dialog.deleteLater()
