"""The OASIS discriminator: a U-Net that names the class of every pixel, or *fake* (§3.1 of the paper)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.generator import initialise
from oasis_studio.synthesis.networks.spade import LEAK
from oasis_studio.synthesis.networks.spectral import FoldedConv2d, SpectralConv2d
from oasis_studio.synthesis.networks.tensors import double


@dataclass(frozen=True)
class DiscriminatorConfig:
    """``classes`` real classes (the network has one logit more) · output widths of the down and the up blocks."""

    classes: int
    down: tuple[int, ...] = (128, 128, 256, 256, 512, 512)
    up: tuple[int, ...] = (512, 256, 256, 128, 128, 64)

    def __post_init__(self) -> None:
        if len(self.down) != len(self.up) or not self.down or min(self.classes, *self.down, *self.up) < 1:
            raise StudioError(_("The discriminator's configuration does not make a network."), detail=repr(self))

    @property
    def widths(self) -> tuple[int, ...]:
        """Output channels of all blocks."""
        return (*self.down, *self.up)

    @property
    def grid(self) -> int:
        """Image sides are multiples of this."""
        return 2 ** len(self.down)

    def to_json(self) -> dict[str, Any]:
        return {"classes": self.classes, "down": list(self.down), "up": list(self.up)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> DiscriminatorConfig:
        """Raises StudioError if a field is unknown or missing."""
        try:
            fields: dict[str, Any] = data | {"down": tuple(data["down"]), "up": tuple(data["up"])}
            return cls(**fields)
        except (TypeError, KeyError, ValueError) as error:
            raise StudioError(
                _("The discriminator's configuration is not readable: {error}.").format(error=error)
            ) from error


class SegmentationConfig(Protocol):
    """Sizes that reading, training and storing need to know of any discriminator that names classes."""

    @property
    def classes(self) -> int: ...
    @property
    def widths(self) -> tuple[int, ...]: ...
    @property
    def grid(self) -> int:
        """Image sides are multiples of this."""
        ...

    def to_json(self) -> dict[str, Any]: ...


class SegmentationDiscriminator(nn.Module):
    """Image (N, 3, H, W) in [−1, 1] → logits (N, classes + 1, H, W); logit 0 is *fake*, logit k + 1 is class k.

    ``layer_up_last`` is the layer that makes the logits, so that a warm start can mix those of other classes.
    """

    config: SegmentationConfig
    layer_up_last: nn.Conv2d


class _Stage(nn.Sequential):
    """A convolution at a fixed place of a Sequential: the published keys count the layers before it."""

    def __init__(self, fan_in: int, fan_out: int, index: int) -> None:
        super().__init__(*(nn.Identity() for _step in range(index)), SpectralConv2d(fan_in, fan_out, 3))

    @property
    def convolution(self) -> SpectralConv2d | FoldedConv2d:
        *_nothing, convolution = self
        assert isinstance(convolution, SpectralConv2d | FoldedConv2d)
        return convolution


class DownBlock(nn.Module):
    """Pre-activation residual block that halves the size; the first one sees the image, so it has no activation."""

    def __init__(self, fan_in: int, fan_out: int, is_first: bool) -> None:
        super().__init__()
        self.is_first = is_first
        self.conv1 = _Stage(fan_in, fan_out, 0 if is_first else 1)
        self.conv2 = _Stage(fan_out, fan_out, 1)
        self.conv_s = SpectralConv2d(fan_in, fan_out, 1) if fan_in != fan_out else nn.Identity()

    def forward(self, x_NCHW: Tensor) -> Tensor:
        main = self.conv1(x_NCHW if self.is_first else F.leaky_relu(x_NCHW, LEAK))
        main = self.conv2.convolution.pooled(F.leaky_relu(main, LEAK))
        # A 1×1 convolution and a mean commute; pooling first is a quarter of the work.
        return self.conv_s(F.avg_pool2d(x_NCHW, 2)) + main


class UpBlock(nn.Module):
    """Pre-activation residual block that doubles the size."""

    def __init__(self, fan_in: int, fan_out: int) -> None:
        super().__init__()
        self.conv1 = _Stage(fan_in, fan_out, 2)
        self.conv2 = _Stage(fan_out, fan_out, 1)
        self.conv_s = SpectralConv2d(fan_in, fan_out, 1) if fan_in != fan_out else nn.Identity()

    def forward(self, x_NCHW: Tensor) -> Tensor:
        main = self.conv1.convolution.of_doubled(F.leaky_relu(x_NCHW, LEAK))
        main = self.conv2(F.leaky_relu(main, LEAK))
        return double(self.conv_s(x_NCHW)) + main


class Discriminator(SegmentationDiscriminator):
    """The published U-Net: it learns its encoder beside its decoder."""

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        down, up = config.down, config.up
        self.body_down = nn.ModuleList(
            DownBlock(fan_in, fan_out, index == 0)
            for index, (fan_in, fan_out) in enumerate(zip((3, *down), down, strict=False))
        )
        self.body_up = nn.ModuleList(UpBlock(fan_in, fan_out) for fan_in, fan_out in _up_sizes(down, up))
        self.layer_up_last = nn.Conv2d(up[-1], config.classes + 1, 1)
        initialise(self)

    def forward(self, image_N3HW: Tensor) -> Tensor:
        x, skips = image_N3HW, []
        for block in self.body_down:
            x = block(x)
            skips.append(x)
        skips.pop()  # the deepest feature is the input of the way up
        for index, block in enumerate(self.body_up):
            x = block(torch.cat([skips.pop(), x], dim=1) if index else x)
        return self.layer_up_last(x)


def _up_sizes(down: tuple[int, ...], up: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """(inputs, outputs) of every up block: from the second on, the skip comes first, then the block before."""
    yield down[-1], up[0]
    skips = reversed(down[:-1])
    for skip, before, outputs in zip(skips, up, up[1:], strict=False):
        yield skip + before, outputs
