"""The seam between the editor and the generator: one value there, one value back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np


class Quality(StrEnum):
    """How exact a render must be."""

    DETAIL = "detail"
    """As live, and what an edit does to composition and light may wait: the first frame of a dab."""
    LIVE = "live"
    """As a preview, and it may follow the render before it approximately: for an edit, until it settles."""
    PREVIEW = "preview"
    """The fastest precision this machine has."""
    FINAL = "final"
    """Full float32, for export."""


@dataclass(frozen=True, eq=False)
class SynthesisRequest:
    """Everything a render needs. The arrays are never written again by anyone.

    ``labels_HW`` uint8 class ids · ``regions_HW`` uint16 row of ``noise_RZ`` for every pixel ·
    ``noise_RZ`` float32, N(0, 1); Z is 0 for a model without region noise · ``style_code`` (S,) float32, N(0, 1), for
    a model that takes one for the whole image (None: the mean style) · ``model`` id of the model (a folder name of
    the library).
    """

    id: int
    model: str
    labels_HW: np.ndarray
    regions_HW: np.ndarray
    noise_RZ: np.ndarray
    quality: Quality = Quality.PREVIEW
    style_code: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class SynthesisResult:
    """``image_HW3`` uint8 RGB of the size of the request's label map; ``seconds`` by stage, e.g. "render"."""

    id: int
    image_HW3: np.ndarray
    device: str
    seconds: dict[str, float] = field(default_factory=dict)
    is_partial: bool = False


class SynthesisCancelled(Exception):  # noqa: N818 - not a failure
    """Raised out of a render whose work went stale."""


class Renderer(Protocol):
    """Turns requests into images; lives in one thread, opens the models it is asked for."""

    def render(self, request: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        """Render; raises SynthesisCancelled soon after ``is_stale()`` turns true, StudioError if it cannot."""
        ...
