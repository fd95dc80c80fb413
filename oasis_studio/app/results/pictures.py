"""Small pictures of kept photos, decoded behind the window when somebody looks at them."""

from __future__ import annotations

from collections import OrderedDict, deque
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.core.document.result import Result
from oasis_studio.core.files.projects.results import open_photo

SIDE = 320
"""Of the largest square in which a picture fits."""
_MOST = 200


class ResultPictures(QObject):
    """Those asked for last are made first: they are what is seen now."""

    made = Signal(int)
    """There is a picture of the result with that id, or it is known that there will be none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: OrderedDict[int, np.ndarray | None] = OrderedDict()
        self._waiting: deque[Result] = deque(maxlen=_MOST)
        self._in_work: int | None = None
        self._worker = BackgroundWorker("result pictures", parent=self)

    def picture(self, result: Result) -> np.ndarray | None:
        """(h, w, 3) uint8 RGB; None as long as there is none, and then ``made`` tells."""
        if result.id in self._pictures:
            self._pictures.move_to_end(result.id)
            return self._pictures[result.id]
        if result.id != self._in_work:
            self._waiting = deque((each for each in self._waiting if each.id != result.id), _MOST)
            self._waiting.append(result)
            self._next()
        return None

    def is_broken(self, result: Result) -> bool:
        """Is it known that the photo cannot be shown?"""
        return result.id in self._pictures and self._pictures[result.id] is None

    def close(self) -> None:
        self._waiting.clear()
        self._worker.close()

    def _next(self) -> None:
        if self._in_work is None and self._waiting:
            result = self._waiting.pop()
            self._in_work = result.id
            self._worker.run(
                partial(open_photo, result, SIDE),
                partial(self._take, result.id),
                lambda _error: self._take(result.id, None),
            )

    def _take(self, result_id: int, image: np.ndarray | None) -> None:
        self._in_work = None
        self._pictures[result_id] = image
        while len(self._pictures) > _MOST:
            self._pictures.popitem(last=False)
        self.made.emit(result_id)
        self._next()
