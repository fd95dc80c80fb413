"""Labels and photo beside each other or one above the other, whichever shows the drawing larger."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

_FRAME = QSize(48, 82)
"""What a pane needs besides its picture: margins, heading, and the air around a picture that is fitted."""
_CLEARLY = 1.1
"""How much larger the drawing must get for the panes to change places, so that they do not do so back and forth."""
_EVEN = 1000


class Stacking(StrEnum):
    """How the two canvases share the middle of the window."""

    AUTO = "auto"
    BESIDE = "beside"
    ABOVE = "above"


class PaneSplitter(QSplitter):
    """The panes, divided evenly; the divider can be dragged. ``stacking`` AUTO goes by shape of drawing and window."""

    def __init__(self, stacking: Stacking) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=8)
        self._stacking, self._drawing = stacking, QSize(1, 1)

    def stack(self, stacking: Stacking) -> None:
        self._stacking = stacking
        self._turn()

    def show_drawing(self, drawing: QSize) -> None:
        """Tell the size of the drawing in pixels."""
        self._drawing = drawing
        self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        is_above = self.orientation() is Qt.Orientation.Vertical
        if self._stacking is Stacking.AUTO:
            wanted = is_larger_above(self._drawing, self.size(), is_above)
        else:
            wanted = self._stacking is Stacking.ABOVE
        if wanted is not is_above:
            self.setOrientation(Qt.Orientation.Vertical if wanted else Qt.Orientation.Horizontal)
            self.setSizes([_EVEN] * self.count())


def is_larger_above(drawing: QSize, room: QSize, is_above: bool) -> bool:
    """Is the drawing larger with one pane above the other in ``room``? ``is_above`` is how they lie now."""

    def zoom(columns: int, rows: int) -> float:
        across = room.width() / columns - _FRAME.width()
        down = room.height() / rows - _FRAME.height()
        return max(0.0, min(across / drawing.width(), down / drawing.height()))

    beside, above = zoom(2, 1), zoom(1, 2)
    return above * _CLEARLY >= beside if is_above else above > beside * _CLEARLY
