"""The open scene as another model sees it: for comparing models, and for watching one that is being trained."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.photo.synthesis_thread import RenderFailure, SynthesisThread
from oasis_studio.app.session.class_map import background_of, class_map
from oasis_studio.app.session.session import Session
from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.style_noise import Styling, model_identity, noise_table
from oasis_studio.core.work.request import Quality, Renderer, SynthesisRequest, SynthesisResult
from oasis_studio.errors import StudioError

_LONGEST_SIDE = 1024


class SecondPhoto(QObject):
    """Renders in a thread of its own, which starts with the first request: the editor's photo never waits for it.

    Same label map, same seeds and styles; classes go to the other model's by name.
    """

    shown = Signal(object)
    """(H, W, 3) uint8 of the document's size."""
    failed = Signal(object)
    """RenderFailure."""

    def __init__(self, session: Session, open_renderer: Callable[[], Renderer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._open_renderer = open_renderer
        self._thread: SynthesisThread | None = None
        self._ids = count(1)
        self._asked = 0
        self._size = (0, 0)

    @property
    def is_rendering(self) -> bool:
        return self._asked > 0

    def render(self, model: str) -> None:
        """Ask for the scene of now with ``model`` (id, or folder of a model); what was asked before is dropped."""
        try:
            card = self._session.library.find(model)[1]
        except StudioError as error:
            self.failed.emit(RenderFailure.of(-1, error))
            return
        request = self._request(model, card)
        self._asked = request.id
        document = self._session.document
        self._size = (document.width, document.height)
        self._running_thread().submit(request)

    def close(self) -> None:
        """End the thread and let its network go; the next :meth:`render` starts another."""
        thread, self._thread, self._asked = self._thread, None, 0
        if thread is not None:
            thread.close()
            thread.deleteLater()

    def _running_thread(self) -> SynthesisThread:
        if self._thread is None:
            self._thread = SynthesisThread(self._open_renderer, self)
            self._thread.rendered.connect(self._take)
            self._thread.failed.connect(self._fail)
            self._thread.start()
        return self._thread

    def _request(self, model: str, card: ModelCard) -> SynthesisRequest:
        document = self._session.document
        step = max(1, -(-max(document.width, document.height) // _LONGEST_SIDE))
        styling = Styling.of(document, model_identity(card))
        table = noise_table(self._session.regions.map, styling, card.noise_size)
        labels = as_classes_of(card.palette, document.palette, document.background, self._session.labels_HW)
        labels = np.ascontiguousarray(labels[::step, ::step])
        return SynthesisRequest(
            id=next(self._ids),
            model=model,
            labels_HW=labels,
            regions_HW=np.ascontiguousarray(table.regions_HW[::step, ::step]),
            noise_RZ=table.noise_RZ,
            quality=Quality.PREVIEW,
            style_code=styling.image_code(card.capabilities.style_size),
        )

    @Slot(object)
    def _take(self, result: SynthesisResult) -> None:
        if result.id != self._asked:
            return
        self._asked = 0
        image = result.image_HW3
        if (image.shape[1], image.shape[0]) != self._size:
            image = np.asarray(Image.fromarray(image).resize(self._size, Image.Resampling.BICUBIC))
        self.shown.emit(image)

    @Slot(object)
    def _fail(self, failure: RenderFailure) -> None:
        self._asked = 0
        self.failed.emit(failure)


def as_classes_of(new: Palette, old: Palette, background: int, labels_HW: np.ndarray) -> np.ndarray:
    """(H, W) uint8 ids of ``new``: by name, and its background class where it has no namesake."""
    table = class_map(old, new)
    table[table == UNPAINTED] = background_of(old, background, new)
    return table[labels_HW]
