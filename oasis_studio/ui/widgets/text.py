"""Labels by what they are for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def label(text: str = "", role: str = "", wraps: bool = False) -> QLabel:
    """A text in the style sheet's ``role`` ("heading", "dim", … or "" for body text)."""
    made = QLabel(text)
    made.setObjectName(role)
    made.setWordWrap(wraps)
    made.setTextFormat(Qt.TextFormat.PlainText)  # names and error texts are data, never markup
    return made
