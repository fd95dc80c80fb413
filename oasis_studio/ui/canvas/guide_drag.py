"""Dragging one guide."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from oasis_studio.app.session.session import Session
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.history.guide_commands import SetGuides
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.canvas.view import View


class GuideDrag(Gesture):
    """Coordinates are widget pixels of the surface given to :meth:`aim`; beyond it, as on the rulers, the guide goes.

    Where it is let go it stays, as a step that can be undone.
    """

    changed = Signal()

    def __init__(self, session: Session, view: View, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._view = session, view
        self._surface: Surface | None = None
        self._is_open = False
        self._is_upright = False
        self._old: int | None = None
        self._new: int | None = None

    @property
    def is_open(self) -> bool:
        return self._is_open

    def aim(self, surface: Surface, is_upright: bool, old: int | None) -> None:
        """Before the press: drag a new line, or that at ``old``, over ``surface``."""
        self.let_go()
        self._surface, self._is_upright, self._old = surface, is_upright, old

    @property
    def guides(self) -> Guides:
        """The document's, with the line that is dragged where it is now."""
        guides = self._session.document.guides
        return guides.moved(self._is_upright, self._old, self._new) if self._is_open else guides

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        self._is_open, self._new = True, self._old

    def _go_on(self, x: float, y: float, shift: bool, pressure: float) -> None:
        surface, self._new = self._surface, None
        if surface is not None and QRectF(surface.rect()).contains(QPointF(x, y)):
            across, down = self._view.to_document(QPointF(x, y), surface.size())
            self._view.point((across, down))
            document = self._session.document
            value, end = (across, document.width) if self._is_upright else (down, document.height)
            self._new = min(max(round(value), 0), end)
        self.changed.emit()

    def _release(self, x: float, y: float, shift: bool) -> None:
        guides, self._is_open = self.guides, False
        if guides != self._session.document.guides:
            title = _("Remove guide") if self._new is None else _("Move guide")
            self._session.do(SetGuides(guides, _("Add guide") if self._old is None else title))
        self.changed.emit()

    def _cancel(self) -> None:
        self._is_open = False
        self.changed.emit()
