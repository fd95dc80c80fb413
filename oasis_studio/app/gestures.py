"""Which gesture belongs to which tool."""

from __future__ import annotations

from PySide6.QtCore import QObject

from oasis_studio.app.gesture import Gesture
from oasis_studio.app.moving import Mover
from oasis_studio.app.painting import Painter
from oasis_studio.app.selecting import Selector
from oasis_studio.app.session import Session
from oasis_studio.app.tool_kind import ToolKind


class Gestures(QObject):
    """The three gestures of a session; at most one of them is open."""

    def __init__(self, session: Session, painter: Painter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.painter = painter
        self.selector = Selector(session, self)
        self.mover = Mover(session, self)

    @property
    def open(self) -> Gesture | None:
        """The one that is under way."""
        return next((each for each in (self.painter, self.selector, self.mover) if each.is_open), None)

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
        return self.painter if tool.paints else None
