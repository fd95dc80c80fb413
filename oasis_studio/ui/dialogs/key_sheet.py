"""All keys on one sheet, by menu."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from oasis_studio.i18n import _

_WIDTH, _HEIGHT = 760, 560
_COLUMNS = 2


class KeySheet(QDialog):
    """``groups`` are the menus' titles, each with the commands that have a key: (keys, name). Esc closes it."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("Keys"))
        self.text.setHtml(_html(groups))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        self.resize(_WIDTH, _HEIGHT)


def _html(groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> str:
    parts = []
    for title, commands in groups:
        rows = []
        for start in range(0, len(commands), _COLUMNS):
            cells = "".join(
                f'<td width="90"><b>{escape(keys)}</b></td><td width="250">{escape(name)}</td>'
                for keys, name in commands[start : start + _COLUMNS]
            )
            rows.append(f"<tr>{cells}</tr>")
        parts.append(f'<h3>{escape(title)}</h3><table cellpadding="3">{"".join(rows)}</table>')
    return "".join(parts)
