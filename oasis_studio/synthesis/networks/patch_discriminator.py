"""The discriminator of SPADE: patches at several scales, judged with their label map (§3.2 and appendix)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.generator import initialise
from oasis_studio.synthesis.networks.spade import LEAK
from oasis_studio.synthesis.networks.spectral import SpectralConv2d

KERNEL = 4
_WIDEST = 512
_MOST_LAYERS = 8


@dataclass(frozen=True)
class PatchConfig:
    """``inputs`` channels of the condition · ``width`` of the first layer · ``layers`` before the prediction."""

    inputs: int
    width: int = 64
    layers: int = 4
    scales: int = 2

    def __post_init__(self) -> None:
        sizes = (self.inputs, self.width, self.layers, self.scales)
        if not all(type(size) is int and size >= 1 for size in sizes) or max(self.layers, self.scales) > _MOST_LAYERS:
            raise StudioError(_("The discriminator's configuration does not make a network."), detail=repr(self))

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of every layer before the prediction."""
        return tuple(self.width if index == 0 else min(self.width * 2**index, _WIDEST) for index in range(self.layers))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PatchConfig:
        """Raises StudioError if a field is unknown or missing."""
        try:
            return cls(**data)
        except TypeError as error:
            raise StudioError(
                _("The discriminator's configuration is not readable: {error}.").format(error=error)
            ) from error


class PatchScale(nn.Module):
    """One scale: ``layers`` convolutions that halve the size (the last one keeps it), then one number per patch."""

    def __init__(self, config: PatchConfig) -> None:
        super().__init__()
        self._count = config.layers + 1
        inputs = config.inputs + 3
        for index, width in enumerate(config.widths):
            is_last = index == config.layers - 1 and index > 0
            self.add_module(f"model{index}", _layer(inputs, width, 1 if is_last else 2, has_norm=index > 0))
            inputs = width
        last = nn.Sequential(nn.Conv2d(inputs, 1, KERNEL, padding=KERNEL // 2))
        self.add_module(f"model{config.layers}", last)

    def forward(self, x_NCHW: Tensor) -> list[Tensor]:
        features = []
        for index in range(self._count):
            x_NCHW = self.get_submodule(f"model{index}")(x_NCHW)
            features.append(x_NCHW)
        return features


class PatchDiscriminator(nn.Module):
    """Condition (N, inputs, H, W) and image (N, 3, H, W) → for every scale the features, the prediction last."""

    def __init__(self, config: PatchConfig) -> None:
        super().__init__()
        self.config = config
        for index in range(config.scales):
            self.add_module(f"discriminator_{index}", PatchScale(config))
        initialise(self)

    def forward(self, condition_NCHW: Tensor, image_N3HW: Tensor) -> list[list[Tensor]]:
        x, scales = torch.cat([condition_NCHW, image_N3HW], dim=1), []
        for index in range(self.config.scales):
            if index:
                x = F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False)
            scales.append(self.get_submodule(f"discriminator_{index}")(x))
        return scales


def _layer(inputs: int, outputs: int, stride: int, has_norm: bool) -> nn.Sequential:
    """A convolution and its activation; the bias of one with an instance norm would be taken off again."""
    if has_norm:
        conv = SpectralConv2d(inputs, outputs, KERNEL, bias=False, stride=stride)
        return nn.Sequential(nn.Sequential(conv, nn.InstanceNorm2d(outputs)), nn.LeakyReLU(LEAK))
    return nn.Sequential(nn.Conv2d(inputs, outputs, KERNEL, stride, KERNEL // 2), nn.LeakyReLU(LEAK))
