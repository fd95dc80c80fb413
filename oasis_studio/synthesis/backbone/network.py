"""EfficientNet-lite1 (Tan and Le, ICML 2019; the variant without squeeze-and-excite), with its norms folded.

Names of dimensions: N pictures, C channels, H and W pixels, D numbers that describe a whole picture.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_STEM = 32
_GROUPS = (
    # expansion, kernel, stride, channels, blocks
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 3),
    (6, 5, 2, 40, 3),
    (6, 3, 2, 80, 4),
    (6, 5, 1, 112, 4),
    (6, 5, 2, 192, 5),
    (6, 3, 1, 320, 1),
)
_SEEN = (0, 1, 2, 4, 6)
"""Groups whose results are the levels of the pyramid: the last ones at their stride."""

CHANNELS = tuple(_GROUPS[index][3] for index in _SEEN)
"""Of the levels of the pyramid, the finest first."""
STRIDES = (2, 4, 8, 16, 32)
"""Pixels of the picture along one pixel of each level."""
POOLED = 1280
"""Numbers that describe a whole picture."""
GRID = STRIDES[-1]
"""Sides of pictures that are multiples of this make levels whose sides halve exactly."""


class Backbone(nn.Module):
    """Looks at pictures (N, 3, H, W) of RGB in [−1, 1] with H and W of any size from 32 on.

    ``mean_L`` and ``deviation_L`` standardise every channel of every level over photos, since the raw channels differ
    in size by orders of magnitude; ``pooled_mean`` and ``pooled_deviation`` (1280,) do the same for pooled features.
    """

    pooled_mean: Tensor
    pooled_deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.stem = _Conv(3, _STEM, 3, stride=2)
        groups, channels = [], _STEM
        for expansion, kernel, stride, outputs, count in _GROUPS:
            blocks = []
            for index in range(count):
                blocks.append(_Block(channels, outputs, expansion, kernel, stride if index == 0 else 1))
                channels = outputs
            groups.append(nn.Sequential(*blocks))
        self.groups = nn.ModuleList(groups)
        self.head = _Conv(channels, POOLED, 1)
        for level, size in enumerate(CHANNELS):
            self.register_buffer(f"mean_{level}", torch.zeros(size))
            self.register_buffer(f"deviation_{level}", torch.ones(size))
        self.register_buffer("pooled_mean", torch.zeros(POOLED))
        self.register_buffer("pooled_deviation", torch.ones(POOLED))

    def pyramid(self, image_N3HW: Tensor) -> list[Tensor]:
        """Standardised features at strides 2, 4, 8, 16 and 32: five tensors (N, C, H / stride, W / stride)."""
        return [
            (x - getattr(self, f"mean_{level}")[:, None, None]) / getattr(self, f"deviation_{level}")[:, None, None]
            for level, x in enumerate(self.raw_pyramid(image_N3HW))
        ]

    def pooled(self, image_N3HW: Tensor) -> Tensor:
        """(N, 1280) standardised features of whole pictures: means over the last layer's pixels."""
        return (self.raw_pooled(self.raw_pyramid(image_N3HW)[-1]) - self.pooled_mean) / self.pooled_deviation

    def raw_pyramid(self, image_N3HW: Tensor) -> list[Tensor]:
        """The levels as the network makes them, before they are standardised."""
        # As (RGB of 0 to 255 − 127) / 128. Processors filter channels alone faster where they lie one after another.
        x = F.relu6(self.stem((image_N3HW.contiguous() * 127.5 + 0.5) / 128))
        levels = []
        for index, group in enumerate(self.groups):
            x = group(x)
            if index in _SEEN:
                levels.append(x)
        return levels

    def raw_pooled(self, coarsest_NCHW: Tensor) -> Tensor:
        """(N, 1280) from the coarsest raw level."""
        return F.relu6(self.head(coarsest_NCHW)).mean(dim=(2, 3))


class _Conv(nn.Conv2d):
    """A convolution padded as TensorFlow's SAME: where the padding is odd, the end gets more of it than the start."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        padding = kernel // 2 if stride == 1 else 0
        super().__init__(inputs, outputs, kernel, stride, padding, groups=groups)

    def forward(self, x_NCHW: Tensor) -> Tensor:  # type: ignore[override] # torch's stub names it input
        if self.stride[0] > 1:
            x_NCHW = F.pad(x_NCHW, (*self._missing(x_NCHW.shape[3]), *self._missing(x_NCHW.shape[2])))
        return super().forward(x_NCHW)

    def _missing(self, length: int) -> tuple[int, int]:
        """Pixels to add before and after ``length`` of them, so that ⌈length / stride⌉ come out."""
        stride, kernel = self.stride[0], self.kernel_size[0]
        total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
        return total // 2, total - total // 2


class _Block(nn.Module):
    """Inverted residual (Sandler et al., CVPR 2018): widen, filter every channel alone, narrow."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expand = _Conv(inputs, wide, 1) if expansion > 1 else None
        self.depthwise = _Conv(wide, wide, kernel, stride, groups=wide)
        self.project = _Conv(wide, outputs, 1)
        self.is_residual = stride == 1 and inputs == outputs

    def forward(self, x_NCHW: Tensor) -> Tensor:
        wide = x_NCHW if self.expand is None else F.relu6(self.expand(x_NCHW), inplace=True)
        found = self.project(F.relu6(self.depthwise(wide), inplace=True))
        return found + x_NCHW if self.is_residual else found
