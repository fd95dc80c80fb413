"""The stroke under the pen: what is painted in the document already, and is no step yet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal


class OpenStroke(QObject):
    """``is_open`` from the first pixel that a gesture paints until its step is recorded, or nothing is left of it."""

    began = Signal()
    ended = Signal()
    """Told by the event loop, when the stroke's step has been recorded."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_open = False
        self._waiting: list[Callable[[], object]] = []

    @property
    def is_open(self) -> bool:
        """Does a gesture paint in the document that is no step yet?"""
        return self._is_open

    @is_open.setter
    def is_open(self, is_open: bool) -> None:
        was_open, self._is_open = self._is_open, is_open
        if is_open and not was_open:
            self.began.emit()
        elif was_open and not is_open:
            QTimer.singleShot(0, self, self._tell_end)

    def when_over(self, work: Callable[[], object]) -> None:
        """Call ``work`` at once, or if a stroke is open, when its step has been recorded.

        For answers that come by themselves: they do not cut off what the person is drawing.
        """
        if self._is_open:
            self._waiting.append(work)
        else:
            work()

    def forget(self) -> None:
        """Another document is opened: the stroke is over, and nothing that waited for it is done."""
        self.is_open = False
        self._waiting.clear()

    def _tell_end(self) -> None:
        if not self._is_open:
            self.ended.emit()
            waiting, self._waiting = self._waiting, []
            for work in waiting:
                self.when_over(work)
