"""Which gesture belongs to which tool."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from oasis_studio.app.regions.style_edits import StyleEdits
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.app.tools.moving import Mover
from oasis_studio.app.tools.painting import Painter
from oasis_studio.app.tools.selecting import Selector
from oasis_studio.app.tools.styling import Styler


class Gestures(QObject):
    """The gestures of a session's tools; at most one of them is open.

    ``allows`` says whether a stroke of a tool that paints may begin at a pixel.
    """

    def __init__(self, session: Session, painter: Painter, styles: StyleEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.painter = painter
        self.selector = Selector(session, self)
        self.mover = Mover(session, self)
        self.styler = Styler(session, styles, self)
        self.allows: Callable[[int, int], bool] = lambda _x, _y: True

    @property
    def all(self) -> tuple[Gesture, ...]:
        return self.painter, self.selector, self.mover, self.styler

    @property
    def open(self) -> Gesture | None:
        """The one that is under way."""
        return next((each for each in self.all if each.is_open), None)

    @property
    def chosen(self) -> Gesture | None:
        """The one that is under way, else that of the tool; None for tools that are not gestures."""
        tool = self._session.tool
        if self.open is not None:
            return self.open
        if tool is ToolKind.MOVE:
            return self.mover
        if tool.selects:
            return self.selector
        if tool.styles:
            return self.styler
        return self.painter if tool.paints else None
