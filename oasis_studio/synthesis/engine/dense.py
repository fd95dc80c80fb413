"""The label path as plain convolutions, for a level with about as many distinct windows as pixels."""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.core.pixels.box import Box
from oasis_studio.synthesis.engine.arithmetic.convolution import PackedConv, as_rows
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedBlock
from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients
from oasis_studio.synthesis.engine.level import Modulations


class DenseLevel:
    """Hidden maps and A, B of one block at every pixel."""

    def __init__(self, block: FoldedBlock, dtype: torch.dtype, device: torch.device) -> None:
        self._shared = PackedConv(block.shared, dtype, device)
        self._norms = [(norm.source, PackedConv(norm.conv, dtype, device)) for norm in block.norms]
        self._padding = block.norm_0.kernel // 2
        sources = 1 + max(norm.source for norm in block.norms)
        self._hidden = block.shared.weight_OIHW.shape[0] // sources

    def modulations(self, condition_1CHW: Tensor, needed: Box, middle: Box) -> Modulations:
        """A and B from the condition of this level, channels-last and of the engine's type.

        Those of norm_1 for the box ``middle``, the others for the box ``needed`` of it.
        """
        hidden = self._shared(condition_1CHW, 1).relu_()
        parts = hidden.split(self._hidden, dim=1)
        boxes = (needed, middle, needed)
        maps = [
            self._coefficients(conv, parts[source], box)
            for (source, conv), box in zip(self._norms, boxes, strict=False)
        ]
        return Modulations(maps[0], maps[1], maps[2] if len(maps) > 2 else None)

    def _coefficients(self, conv: PackedConv, hidden_1KHW: Tensor, box: Box) -> Coefficients:
        part = hidden_1KHW.contiguous(memory_format=torch.channels_last)
        return Coefficients(as_rows(conv(part, self._padding))[box.slices], None)
