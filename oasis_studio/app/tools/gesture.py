"""What a hand does from a press on, whatever it has hold of: a tool, the picture, a guide, a slider."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.errors import StudioError


class Gesture(QObject):
    """One press after the other, each of which ends exactly once: released, let go, finished or cancelled.

    While the button is down the gesture *is held*; from the press to the end of its effect it *is open*. A stroke is
    both at once. A path and a transformation stay open between presses, until ``finish`` or ``cancel``.

    A release may never come: a dialog opens, the window loses the focus, the pointer is taken by something else. Then
    :meth:`let_go` does what a release would have done where the gesture was last seen. After any end, moves and
    releases do nothing until the next press.

    Coordinates are document pixels as floats for tools, and widget pixels for gestures that say so. ``control`` and
    ``shift`` are the keys held at that moment. Subclasses fill in ``is_open`` and the methods with an underscore.
    """

    released = Signal()
    """The button is not followed any more."""
    refused = Signal(object)
    """StudioError: it ended without an effect, and there was nobody who called whom this could have been raised to."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_held = False
        self._at = (0.0, 0.0)
        self._has_shift = False

    @property
    def is_open(self) -> bool:
        """Is there something that ``finish`` or ``cancel`` would end?"""
        raise NotImplementedError

    @property
    def is_held(self) -> bool:
        """Is the button down that this gesture follows?"""
        return self._is_held

    def press(self, x: float, y: float, control: bool = False, shift: bool = False, pressure: float = 1.0) -> None:
        """Begin, or go on with what stayed open; StudioError if it cannot begin."""
        self.let_go()
        self._begin(x, y, control, shift, pressure)
        self._at, self._has_shift = (x, y), shift
        self._is_held = self.is_open

    def move(self, x: float, y: float, shift: bool = False, pressure: float = 1.0) -> None:
        if self.is_open:
            self._at, self._has_shift = (x, y), shift
            self._go_on(x, y, shift, pressure)

    def release(self, x: float, y: float, shift: bool = False) -> None:
        """The button went up there; StudioError if what was done has no effect for a reason."""
        if self._is_held:
            self._is_held = False
            try:
                self._release(x, y, shift)
            finally:
                self.released.emit()

    def let_go(self) -> None:
        """The release will not come: as if it had come where the gesture was last seen."""
        try:
            self.release(*self._at, self._has_shift)
        except StudioError as error:
            self.refused.emit(error)

    @Slot()
    def finish(self) -> None:
        """End it as it is: Enter, a double click, or because the document is about to change."""
        self.let_go()
        if self.is_open:
            self._finish()

    def take_back(self) -> None:
        """Backspace: forget the last corner, where there are corners."""

    def cancel(self) -> None:
        """Escape: as if nothing had begun."""
        was_held, self._is_held = self._is_held, False
        if self.is_open:
            self._cancel()
        if was_held:
            self.released.emit()

    # -- for subclasses -----------------------------------------------------------------------------------------

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        raise NotImplementedError

    def _go_on(self, x: float, y: float, shift: bool, pressure: float) -> None:
        """The pointer is there now; while it is open, held or not."""

    def _release(self, x: float, y: float, shift: bool) -> None:
        raise NotImplementedError

    def _finish(self) -> None:
        """End what stays open after the release; nothing does unless a subclass says so."""

    def _cancel(self) -> None:
        raise NotImplementedError
