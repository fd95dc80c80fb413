"""How far edits move the picture outside of their rectangles: told by the coarsest features, which are cheap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from oasis_studio.core.box import Box

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


class Composition:
    """The coarsest features (H, W, C) that the details in each part of the picture were computed from.

    ``deviation`` is that of such features in any picture: an empty canvas has hardly one of its own.
    """

    def __init__(self, features_HWC: Tensor, deviation: float) -> None:
        self._drawn_HWC, self._last_HWC = features_HWC.clone(), features_HWC.clone()
        self._deviation = deviation

    def drift(self, features_HWC: Tensor, touched: Box) -> float:
        """How far (RMS) ``features`` are from those drawn outside the box, as a share of their deviation."""
        return self._outside(features_HWC - self._drawn_HWC, touched)

    def step(self, features_HWC: Tensor, touched: Box) -> float:
        """The same from the features that were drawn last."""
        return self._outside(features_HWC - self._last_HWC, touched)

    def draw(self, features_HWC: Tensor, touched: Box) -> None:
        """The details in ``touched`` now stand for ``features``."""
        self._drawn_HWC[touched.slices] = features_HWC[touched.slices]
        self._last_HWC.copy_(features_HWC)

    def _outside(self, difference_HWC: Tensor, touched: Box) -> float:
        return _rms_outside(difference_HWC.float().square().mean(dim=2), touched) / self._deviation


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

    def learn(self, drift: float, shown_HW3: Tensor, whole_HW3: Tensor, touched: Box) -> None:
        """``shown`` drifted outside of ``touched``; ``whole`` is how it should look there.

        Rises at once, sinks slowly: it is the pictures that suffer most which have to be known.
        """
        if drift < _TELLING:
            return
        step = max(1, min(shown_HW3.shape[:2]) // _SAMPLES)
        shown, whole = shown_HW3[::step, ::step], whole_HW3[::step, ::step]
        inside = Box(touched.left // step, touched.top // step, -(-touched.right // step), -(-touched.bottom // step))
        found = _rms_outside((shown - whole).square().mean(dim=2), inside) / drift
        self._gain = max(found, (7 * self._gain + found) / 8)


def _rms_outside(square_HW: Tensor, box: Box) -> float:
    """Root of the mean of squares outside the box; of nothing it is 0. Changes the map."""
    square_HW[box.slices] = 0
    outside = square_HW.numel() - box.width * box.height
    return float(torch.sqrt(square_HW.sum() / max(outside, 1)))
