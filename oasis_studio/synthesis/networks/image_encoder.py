"""The image encoder of SPADE: a photo as the mean and the variance of a style code (§3.2, figure 15)."""

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
from oasis_studio.synthesis.networks.spade_generator import STYLE_SIZE
from oasis_studio.synthesis.networks.spectral import SpectralConv2d

SIDE = 256
"""The encoder looks at every photo at this size."""
FACTORS = (1, 2, 4, 8, 8, 8)
_END = SIDE // 2 ** len(FACTORS)


@dataclass(frozen=True)
class EncoderConfig:
    """``width`` channels of the first layer · ``style`` numbers of the code."""

    width: int = 64
    style: int = STYLE_SIZE

    def __post_init__(self) -> None:
        if not all(type(size) is int and size >= 1 for size in (self.width, self.style)):
            raise StudioError(_("The encoder's configuration does not make a network."), detail=repr(self))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> EncoderConfig:
        """Raises StudioError if a field is unknown or missing."""
        try:
            return cls(**data)
        except TypeError as error:
            raise StudioError(_("The encoder's configuration is not readable: {error}.").format(error=error)) from error


class ImageEncoder(nn.Module):
    """Image (N, 3, H, W) in [−1, 1] → mean and log variance of the code, (N, style) each."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        inputs = 3
        for index, factor in enumerate(FACTORS, start=1):
            outputs = factor * config.width
            conv = SpectralConv2d(inputs, outputs, 3, bias=False, stride=2)
            self.add_module(f"layer{index}", nn.Sequential(conv, nn.InstanceNorm2d(outputs)))
            inputs = outputs
        self.fc_mu = nn.Linear(inputs * _END**2, config.style)
        self.fc_var = nn.Linear(inputs * _END**2, config.style)
        initialise(self)

    def forward(self, image_N3HW: Tensor) -> tuple[Tensor, Tensor]:
        x = image_N3HW
        if x.shape[2:] != (SIDE, SIDE):
            x = F.interpolate(x, size=(SIDE, SIDE), mode="bilinear")
        for index in range(1, len(FACTORS) + 1):
            x = F.leaky_relu(self.get_submodule(f"layer{index}")(x), LEAK)
        x = x.flatten(1)
        return self.fc_mu(x), self.fc_var(x)


def reparameterise(mean_NS: Tensor, log_variance_NS: Tensor, noise_NS: Tensor) -> Tensor:
    """A code drawn from N(mean, variance) with ``noise_NS`` ~ N(0, 1), through which gradients flow."""
    return mean_NS + torch.exp(0.5 * log_variance_NS) * noise_NS
