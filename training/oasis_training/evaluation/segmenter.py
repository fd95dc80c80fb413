"""The evaluation segmenter: a small U-Net that reads classes in a photo, and whose features describe pictures.

Strided convolutions, batch statistics and ReLU: nothing in common with the discriminator but the task.
"""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True)
class SegmenterConfig:
    """``widths`` of the levels (halves, quarters … of the picture), residual blocks in each, ``side`` = the way up."""

    classes: int
    widths: tuple[int, ...] = (24, 48, 72, 112, 160)
    blocks: tuple[int, ...] = (1, 2, 2, 2, 1)
    side: int = 56

    def __post_init__(self) -> None:
        if (
            len(self.widths) != len(self.blocks)
            or len(self.widths) < 2
            or min(self.classes, self.side, *self.widths) < 1
        ):
            raise StudioError(_("The segmenter's configuration does not make a network."), detail=repr(self))

    @property
    def grid(self) -> int:
        """Image sides are multiples of this."""
        return 2 ** len(self.widths)

    @property
    def described(self) -> int:
        """Levels whose means describe a picture: all but the coarsest, which sees more of the layout than of it."""
        return len(self.widths) - 1

    @property
    def features(self) -> int:
        """Numbers that describe a picture."""
        return sum(self.widths[: self.described])

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SegmenterConfig:
        """StudioError if the sizes make no network."""
        try:
            lists = {name: tuple(int(size) for size in data[name]) for name in ("widths", "blocks")}
            return cls(int(data["classes"]), side=int(data["side"]), **lists)
        except (KeyError, TypeError, ValueError) as error:
            raise StudioError(_("The segmenter's configuration does not make a network."), detail=repr(data)) from error


class Segmenter(nn.Module):
    """Image (N, 3, H, W) in [−1, 1] → logits (N, classes, H, W). ``mean`` and ``deviation`` (D,) scale the features."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, config: SegmenterConfig) -> None:
        super().__init__()
        self.config = config
        widths, side = config.widths, config.side
        self.stem = _conv(3, widths[0], 5, stride=2)
        self.levels = nn.ModuleList(
            nn.Sequential(*(_Residual(width) for _block in range(count)))
            for width, count in zip(widths, config.blocks, strict=True)
        )
        self.down = nn.ModuleList(_conv(a, b, 3, stride=2) for a, b in itertools.pairwise(widths))
        self.across = nn.ModuleList(nn.Conv2d(width, side, 1) for width in widths)
        self.up = nn.ModuleList(_conv(side, side, 3) for _width in widths[1:-1])
        self.last = nn.Sequential(_conv(side, side // 2, 3), nn.Conv2d(side // 2, config.classes, 1))
        self.register_buffer("mean", torch.zeros(config.features))
        self.register_buffer("deviation", torch.ones(config.features))

    def pyramid(self, image_N3HW: Tensor) -> list[Tensor]:
        """Features of all levels, the finest first: (N, width, H / 2, W / 2), (N, width, H / 4, W / 4) …"""
        x = self.levels[0](F.relu(self.stem(image_N3HW)))
        found = [x]
        for down, level in zip(self.down, self.levels[1:], strict=True):
            x = level(F.relu(down(x)))
            found.append(x)
        return found

    def forward(self, image_N3HW: Tensor) -> Tensor:
        found = self.pyramid(image_N3HW)
        x = self.across[-1](found[-1])
        for index in range(len(found) - 2, -1, -1):
            x = F.interpolate(x, scale_factor=2, mode="bilinear") + self.across[index](found[index])
            if index:
                x = F.relu(self.up[index - 1](x))
        x = self.last[1](F.relu(self.last[0](F.relu(x))))
        return F.interpolate(x, scale_factor=2, mode="bilinear")


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = _conv(width, width, 3), _conv(width, width, 3)

    def forward(self, x_NCHW: Tensor) -> Tensor:
        return F.relu(x_NCHW + self.second(F.relu(self.first(x_NCHW))))


def _conv(fan_in: int, fan_out: int, kernel: int, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(fan_in, fan_out, kernel, stride, kernel // 2, bias=False)
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return nn.Sequential(conv, nn.BatchNorm2d(fan_out))
