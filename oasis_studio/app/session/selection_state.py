"""What is selected; not a part of the document, and not of its history."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from oasis_studio.core.document.selection import Selection, SelectionMode, combine


class SelectionState(QObject):
    """``current`` is None where nothing is selected; never an empty selection."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current: Selection | None = None
        self._allowed: Selection | None = None
        self._paintable: tuple[Selection, Selection] | None = None

    def choose(self, new: Selection, mode: SelectionMode = SelectionMode.REPLACE) -> None:
        """Select ``new``, or combine it with what is selected."""
        self._put(combine(self.current, new, mode))

    def clear(self) -> None:
        self._put(None)

    def protect(self, allowed: Selection | None) -> None:
        """Paint only there, whatever is selected; None: everywhere."""
        self._allowed = allowed
        self._paintable = None

    @property
    def paintable(self) -> Selection | None:
        """Where tools paint: what is selected and not protected; None for everywhere."""
        selected, allowed = self.current, self._allowed
        if selected is None or allowed is None:
            return selected or allowed
        if self._paintable is None or self._paintable[0] is not selected:
            self._paintable = (selected, selected.intersected(allowed))
        return self._paintable[1]

    def _put(self, selection: Selection | None) -> None:
        if selection is not self.current:
            self.current = selection
            self.changed.emit()
