"""The reader's network: a backbone and a light decoder that names the class of every pixel of a photo.

Lateral connections and a way from coarse to fine, as in feature pyramid networks (Lin et al., CVPR 2017), and the mean
over the whole picture beside the coarsest features, as in pyramid pooling (Zhao et al., CVPR 2017).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.core.models.backbone import NAME
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.backbone.network import CHANNELS, GRID, Backbone
from oasis_studio.synthesis.backbone.shared import shared_backbone


@dataclass(frozen=True)
class SegmenterConfig:
    """``classes`` that it names · ``width`` channels of the decoder · ``backbone`` the name of the encoder.

    ``tunes_backbone``: the encoder is a copy of the backbone that was trained with the decoder and is stored with it.
    """

    classes: int
    width: int = 96
    backbone: str = NAME
    tunes_backbone: bool = False

    def __post_init__(self) -> None:
        if min(self.classes, self.width) < 1 or self.backbone != NAME:
            raise StudioError(_("The reader's configuration does not make a network."), detail=repr(self))

    @property
    def grid(self) -> int:
        """Image sides are multiples of this."""
        return GRID

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SegmenterConfig:
        """Raises StudioError if a field is unknown, missing or of the wrong kind."""
        try:
            return cls(**data)
        except TypeError as error:
            raise StudioError(_("The reader's configuration is not readable: {error}.").format(error=error)) from error


class Segmenter(nn.Module):
    """Image (N, 3, H, W) in [−1, 1] → logits (N, classes, H, W)."""

    def __init__(self, config: SegmenterConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.encoder = Backbone() if config.tunes_backbone else None
        self.across = nn.ModuleList(nn.Conv2d(channels, width, 1) for channels in CHANNELS)
        self.whole = nn.Conv2d(CHANNELS[-1], width, 1)
        self.mixed = nn.ModuleList(_conv(width, width, 3) for _level in CHANNELS[1:])
        self.last = nn.Sequential(_conv(width, width // 2, 3), nn.ReLU(), nn.Conv2d(width // 2, config.classes, 1))

    def forward(self, image_N3HW: Tensor) -> Tensor:
        levels = self._pyramid(image_N3HW)
        coarsest = levels[-1]
        x = self.across[-1](coarsest) + self.whole(coarsest.mean(dim=(2, 3), keepdim=True))
        for index in range(len(levels) - 2, -1, -1):
            x = F.relu(self.mixed[index](F.relu(x)))
            finer = levels[index]
            x = F.interpolate(x, size=finer.shape[2:], mode="bilinear") + self.across[index](finer)
        return F.interpolate(self.last(F.relu(x)), size=image_N3HW.shape[2:], mode="bilinear")

    def _pyramid(self, image_N3HW: Tensor) -> list[Tensor]:
        backbone = self.encoder if self.encoder is not None else shared_backbone(image_N3HW.device)
        return backbone.pyramid(image_N3HW)

    def begin_with_backbone(self) -> None:
        """A reader that tunes its encoder begins with the weights of the shared backbone."""
        if self.encoder is not None:
            self.encoder.load_state_dict(shared_backbone(torch.device("cpu")).state_dict())


def _conv(fan_in: int, fan_out: int, kernel: int) -> nn.Sequential:
    conv = nn.Conv2d(fan_in, fan_out, kernel, padding=kernel // 2, bias=False)
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return nn.Sequential(conv, nn.BatchNorm2d(fan_out))
