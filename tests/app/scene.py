"""Small worlds for the tests of app and ui: a model without weights, a drawing, a renderer with a gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Queue
from threading import Semaphore

import numpy as np

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.request import SynthesisCancelled, SynthesisRequest, SynthesisResult

NOISE = 4
PATIENCE = 10.0
"""Seconds after which a test that waits has failed."""

SMALL = Palette(
    "small",
    (
        SemanticClass(0, "sky", (100, 150, 250)),
        SemanticClass(1, "tree", (20, 120, 40)),
        SemanticClass(2, "water", (30, 60, 200)),
    ),
)
OTHER = Palette(
    "other",
    (
        SemanticClass(0, "unlabeled", (0, 0, 0)),
        SemanticClass(1, "Water", (1, 2, 3)),
        SemanticClass(2, "sky", (4, 5, 6)),
    ),
    dont_care=0,
)


def card(model_id: str, name: str, palette: Palette) -> ModelCard:
    return ModelCard(model_id, name, "oasis", {}, None, palette, (64, 48), NOISE)


def library(folder: Path) -> ModelLibrary:
    """Two models of which only the cards exist."""
    for made in (card("small", "Small", SMALL), card("other", "Other", OTHER)):
        (folder / made.id).mkdir(parents=True)
        made.write(folder / made.id)
    return ModelLibrary(folder, folder / "own")


def document(width: int = 64, height: int = 48) -> Document:
    """One blank layer over sky."""
    made = Document(width, height, SMALL, "small", background=0)
    made.layers.append(LabelLayer.blank("ground", width, height))
    return made


def request(number: int, label: int = 0) -> SynthesisRequest:
    labels = np.full((16, 16), label, np.uint8)
    noise = np.zeros((1, NOISE), np.float32)
    return SynthesisRequest(number, "small", labels, np.zeros((16, 16), np.uint16), noise)


def colored(asked: SynthesisRequest) -> np.ndarray:
    """The fake photo: class colours, shifted by the noise so that seeds differ."""
    shift = int(abs(float(asked.noise_RZ.sum())) * 10) % 50
    return (SMALL.colors[asked.labels_HW] // 2 + shift).astype(np.uint8)


class InstantRenderer:
    """Answers at once; keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[SynthesisRequest] = []
        self.failure: Exception | None = None

    def render(self, asked: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        self.requests.append(asked)
        if self.failure is not None:
            raise self.failure
        return SynthesisResult(asked.id, colored(asked), "cpu", {"render": 0.064})


class GatedRenderer(InstantRenderer):
    """Says on ``entered`` that it began, then waits for :meth:`let_through`."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: Queue[int] = Queue()
        self._gate = Semaphore(0)

    def let_through(self, count: int = 1) -> None:
        self._gate.release(count)

    def wait_entered(self) -> int:
        """Id of the next request whose render began."""
        return self.entered.get(timeout=PATIENCE)

    def render(self, asked: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        self.entered.put(asked.id)
        assert self._gate.acquire(timeout=PATIENCE), "nobody opened the gate"
        if is_stale():
            raise SynthesisCancelled
        return super().render(asked, is_stale)
