"""How far edits move the picture outside of their rectangles: told by the coarsest features, which are cheap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from oasis_studio.core.pixels.box import Box

_TELLING = 0.02
"""The rounding of bfloat16 shows in the image as much as a smaller drift does."""
_SAMPLES = 256
"""Rows and columns of an image that are compared, about: more tell nothing new."""


@dataclass(frozen=True)
class Tolerance:
    """What a photo that follows the pen may lack, in decibels from the whole one, before that is rendered instead.

    One edit that moves everything is a fill or a click, after which a moment's wait does not show but a wrong photo
    does; in a stroke of many small ones the photo has to stay under the pen. Where a whole photo takes no more than
    ``prompt`` seconds it does so anyway.
    """

    edit: float = 40.0
    stroke: float = 30.0
    prompt: float = 1 / 30

    def allows(self, step: float, drift: float, seconds: float) -> bool:
        """``step``, ``drift``: dB after an edit, and after all since the last whole photo, which took ``seconds``."""
        return step >= self.edit and drift >= (self.stroke if seconds > self.prompt else max(self.edit, self.stroke))


@dataclass(frozen=True)
class Drift:
    """Squares (H, W) of how far the coarsest features moved, as a share of their deviation.

    A pixel of them stands for ``stride``² of the image; boxes are in pixels of the image.
    """

    square_HW: np.ndarray
    stride: int

    def outside(self, box: Box) -> float:
        """RMS outside the box; 0 where nothing is."""
        share_HW = 1 - covered(box, self.square_HW.shape, self.stride)
        return float(np.sqrt((self.square_HW * share_HW).sum() / max(share_HW.sum(), 1)))


class Composition:
    """The coarsest features (H, W, C), a pixel of which stands for ``stride``², that the details were computed from.

    ``deviation`` is that of such features in any picture: an empty canvas has hardly one of its own.
    """

    def __init__(self, features_HWC: Tensor, deviation: float, stride: int) -> None:
        self._drawn_HWC = self._last_HWC = features_HWC.float().clone()
        self._deviation, self._stride = deviation, stride

    def drift(self, features_HWC: Tensor) -> Drift:
        """From the features that the details were computed from."""
        return self._from(self._drawn_HWC, features_HWC)

    def step(self, features_HWC: Tensor) -> Drift:
        """From the features that were drawn last."""
        return self._from(self._last_HWC, features_HWC)

    def draw(self, features_HWC: Tensor, touched: Box) -> None:
        """The details in the box ``touched`` (pixels of the image) now stand for ``features``."""
        self._last_HWC = features_HWC.float().clone()
        share_HW = torch.from_numpy(covered(touched, features_HWC.shape, self._stride)).to(features_HWC.device)
        self._drawn_HWC = self._drawn_HWC.lerp(self._last_HWC, share_HW[..., None])

    def _from(self, old_HWC: Tensor, features_HWC: Tensor) -> Drift:
        square_HW = (features_HWC - old_HWC).square().mean(dim=2) / self._deviation**2
        return Drift(square_HW.cpu().numpy(), self._stride)


def covered(box: Box, shape: Sequence[int], stride: int) -> np.ndarray:
    """How much of each coarse pixel lies inside the box: float32 (H, W), the first two of ``shape``."""

    def overlap(count: int, start: int, end: int) -> np.ndarray:
        starts = np.arange(count, dtype=np.float32) * stride
        return np.clip((np.minimum(starts + stride, end) - np.maximum(starts, start)) / stride, 0, 1)

    return np.outer(overlap(shape[0], box.top, box.bottom), overlap(shape[1], box.left, box.right))


class Sensitivity:
    """How much of a drift shows in the image. It is a matter of the weights, and learnt from whole photos.

    Random networks of ADE20K's size have 0.4 to 1.1, the trained starter 0.4. It starts high: the first large edit of
    a model is rendered whole, and tells.
    """

    def __init__(self) -> None:
        self._gain = 1.0

    def decibels(self, drift: float, touched: Box, size: tuple[int, int]) -> float:
        """How close an image (height, width) will be that is right in the box ``touched`` and drifts outside."""
        outside = 1 - touched.width * touched.height / (size[0] * size[1])
        error = self._gain * drift * outside**0.5
        return float(-20 * np.log10(error / 2)) if error > 0 else np.inf

    def learn(self, drift: float, shown_HW3: Tensor, whole_HW3: Tensor, touched: Box, noise: float = 0.0) -> None:
        """``shown`` drifted outside of ``touched``; ``whole`` is how it should look there, up to ``noise`` (RMS),
        in which smaller errors could hide: these tell nothing.

        Rises at once, sinks slowly: it is the pictures that suffer most which have to be known.
        """
        if drift < max(_TELLING, 2 * noise):
            return
        step = max(1, min(shown_HW3.shape[:2]) // _SAMPLES)
        shown, whole = shown_HW3[::step, ::step], whole_HW3[::step, ::step]
        inside = Box(touched.left // step, touched.top // step, -(-touched.right // step), -(-touched.bottom // step))
        square_HW = (shown - whole).square().mean(dim=2)
        square_HW[inside.slices] = 0
        outside = square_HW.numel() - inside.width * inside.height
        square = float(square_HW.sum() / max(outside, 1))
        if square < 2 * noise**2:
            return
        found = (square - noise**2) ** 0.5 / drift
        self._gain = max(found, (7 * self._gain + found) / 8)
