"""3×3 convolutions of bytes: weights laid out once in int8, the result added to a map of floats."""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic.convolution import is_layout_bound
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv
from oasis_studio.synthesis.engine.arithmetic.kernels import Levels
from oasis_studio.synthesis.engine.arithmetic.rounding import rounded

MOST_WEIGHT = 127
CAREFUL_WEIGHT = 63
"""Processors that add pairs of products in 16 bits overflow with larger ones: 2 · 255 · 64 is too much."""
_LEAST_WEIGHT = 1e-12


class QuantisedConv:
    """A valid convolution, stride 1, of values as ``levels``, its weights as int8 with a scale per output channel.

    The bytes' zero need not be 0: what it adds to each output is known beforehand and taken off the bias. So a border
    that stands for zeros holds ``levels.zero``. RuntimeError or AttributeError where this torch has no such operation.
    """

    def __init__(self, conv: FoldedConv, levels: Levels, dtype: torch.dtype, most_weight: int = MOST_WEIGHT) -> None:
        """``dtype`` is that of the map added to."""
        weight = conv.weight_OIHW.cpu()
        scale_O = weight.abs().amax(dim=(1, 2, 3)).clamp_min(_LEAST_WEIGHT) / most_weight
        bytes_OIHW = rounded(weight / scale_O[:, None, None, None], torch.int16)
        bytes_OIHW = bytes_OIHW.clamp(-most_weight, most_weight).to(torch.int8)
        beside_O = bytes_OIHW.sum(dim=(1, 2, 3), dtype=torch.int64) * levels.zero
        offset_O = (beside_O.double() * scale_O.double() * levels.scale).float()
        self.levels, self._dtype, self._scale_O = levels, dtype, scale_O
        self._bias_O = (0 if conv.bias is None else conv.bias.cpu()) - offset_O
        self._zero_O = torch.zeros(len(weight), dtype=torch.int64)
        self._packed = self._pack(bytes_OIHW, None)
        self._bytes_OIHW = bytes_OIHW if is_layout_bound(torch.float32) else None
        self._whole: tuple[torch.Size, Tensor] | None = None

    def _pack(self, bytes_OIHW: Tensor, shape: torch.Size | None) -> Tensor:
        """Laid out for maps of that shape."""
        wanted = None if shape is None else list(shape)
        scale = self.levels.scale
        return torch.ops.onednn.qconv_prepack(bytes_OIHW, self._scale_O, scale, 0, [1, 1], [0, 0], [1, 1], 1, wanted)

    def _for(self, bytes_1CHW: Tensor, is_whole: bool) -> Tensor:
        if not is_whole or self._bytes_OIHW is None:
            return self._packed
        if self._whole is None or self._whole[0] != bytes_1CHW.shape:
            self._whole = (bytes_1CHW.shape, self._pack(self._bytes_OIHW, bytes_1CHW.shape))
        return self._whole[1]

    def add_to(self, total_1OHW: Tensor, bytes_1CHW: Tensor, is_whole: bool = False) -> Tensor:
        """``total`` plus the convolution, in the place of ``total``; ``bytes`` (uint8) are two pixels larger.

        Where layouts depend on the size, weights are laid out for maps that are ``is_whole``, whose size stays.
        """
        torch.ops.onednn.qconv2d_pointwise.binary(
            bytes_1CHW,
            self.levels.scale,
            0,
            self._for(bytes_1CHW, is_whole),
            self._scale_O,
            self._zero_O,
            total_1OHW,
            self._bias_O,
            [1, 1],
            [0, 0],
            [1, 1],
            1,
            1.0,
            0,
            self._dtype,
            1.0,
            0,
            "sum",
            1.0,
            None,
            [],
            None,
        )
        return total_1OHW
