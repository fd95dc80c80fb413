"""How far edits move the picture outside of their rectangles: told by the coarsest features, which are cheap."""

from __future__ import annotations

from torch import Tensor

from oasis_studio.core.box import Box

MOST_DRIFT = 0.125
"""Beyond it the whole picture is rendered: details outside would be some 30 dB from the true ones, and it shows."""


class Composition:
    """The coarsest features (H, W, C) that the details in each part of the picture were computed from."""

    def __init__(self, features_HWC: Tensor) -> None:
        self._drawn_HWC = features_HWC.clone()

    def drift(self, features_HWC: Tensor, touched: Box) -> float:
        """How far ``features`` are from those outside the box ``touched``, as a share of their spread: RMS by RMS.

        The image outside is off by 0.3 to 2 times this share of its own spread, on trained and on random networks.
        """
        square_HW = (features_HWC - self._drawn_HWC).float().square().mean(dim=2)
        square_HW[touched.slices] = 0
        outside = square_HW.numel() - touched.width * touched.height
        features = features_HWC.float()
        spread = (features - features.mean(dim=(0, 1))).square().mean()
        if not outside or not spread:
            return 0.0
        return float((square_HW.sum() / outside / spread).sqrt())

    def draw(self, features_HWC: Tensor, touched: Box) -> None:
        """The details in ``touched`` now stand for ``features``."""
        self._drawn_HWC[touched.slices] = features_HWC[touched.slices]
