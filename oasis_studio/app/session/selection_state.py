"""What is selected; not a part of the document, and not of its history."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from oasis_studio.core.document.selection import Selection, SelectionMode, combine


class SelectionState(QObject):
    """``current`` is None where nothing is selected and tools paint everywhere; never an empty selection."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current: Selection | None = None

    def choose(self, new: Selection, mode: SelectionMode = SelectionMode.REPLACE) -> None:
        """Select ``new``, or combine it with what is selected."""
        self._put(combine(self.current, new, mode))

    def clear(self) -> None:
        self._put(None)

    def _put(self, selection: Selection | None) -> None:
        if selection is not self.current:
            self.current = selection
            self.changed.emit()
