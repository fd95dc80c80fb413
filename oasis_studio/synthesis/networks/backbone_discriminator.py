"""The OASIS discriminator with a frozen backbone as its encoder: a U-Net decoder that names classes, or *fake*.

The idea is that of DP-SIMS (Berrada et al., CVPR 2024) and Projected GAN (Sauer et al., NeurIPS 2021): features that
know photos already tell a generator more than those that have to learn what a photo is beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.core.models.backbone import NAME
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.backbone.network import CHANNELS, GRID
from oasis_studio.synthesis.backbone.shared import shared_backbone
from oasis_studio.synthesis.networks.discriminator import DownBlock, SegmentationDiscriminator, UpBlock
from oasis_studio.synthesis.networks.generator import initialise
from oasis_studio.synthesis.networks.spade import LEAK
from oasis_studio.synthesis.networks.spectral import SpectralConv2d


@dataclass(frozen=True)
class BackboneDiscriminatorConfig:
    """``classes`` real classes (the network has one logit more) and the channels of the parts that are trained.

    ``backbone`` is the name of the encoder · ``neck`` channels of its coarsest features as they enter the decoder ·
    ``up`` outputs of the four up blocks, from stride 16 to stride 2 · ``pixels`` of the down block that reads the
    picture itself · ``half`` of the two convolutions at stride 2 · ``fine`` of the convolution that reads the
    picture at full size · ``full`` of the last one before the logits.
    """

    classes: int
    backbone: str = NAME
    neck: int = 160
    up: tuple[int, int, int, int] = (128, 128, 96, 64)
    pixels: int = 32
    half: tuple[int, int] = (64, 48)
    fine: int = 16
    full: int = 32

    def __post_init__(self) -> None:
        if self.backbone != NAME:
            raise StudioError(
                _('The discriminator needs the network "{wanted}", which this program does not have.').format(
                    wanted=self.backbone
                ),
                _(
                    "Photos can be painted without the critic. "
                    "The critic needs the version of OASIS Studio that it was made with."
                ),
            )
        if len(self.up) != len(CHANNELS) - 1 or len(self.half) != 2 or min(self.classes, *self.widths) < 1:
            raise StudioError(_("The discriminator's configuration does not make a network."), detail=repr(self))

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of all trained parts."""
        return (self.neck, *self.up, self.pixels, *self.half, self.fine, self.full)

    @property
    def grid(self) -> int:
        """Image sides are multiples of this."""
        return GRID

    def to_json(self) -> dict[str, Any]:
        return {
            "classes": self.classes,
            "backbone": self.backbone,
            "neck": self.neck,
            "up": list(self.up),
            "pixels": self.pixels,
            "half": list(self.half),
            "fine": self.fine,
            "full": self.full,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BackboneDiscriminatorConfig:
        """Raises StudioError if a field is unknown, missing or of the wrong kind."""
        try:
            fields: dict[str, Any] = {name: tuple(data[name]) for name in ("up", "half") if name in data}
            return cls(**data | fields)
        except (TypeError, KeyError, ValueError) as error:
            raise StudioError(
                _("The discriminator's configuration is not readable: {error}.").format(error=error)
            ) from error


class BackboneDiscriminator(SegmentationDiscriminator):
    """Image (N, 3, H, W) in [−1, 1] → logits (N, classes + 1, H, W); logit 0 is *fake*, logit k + 1 is class k.

    The backbone is asked for at every look and belongs to no module, so that no optimiser, state file or copy of this
    network can hold it.
    """

    def __init__(self, config: BackboneDiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        *finer, coarsest = CHANNELS
        self.neck = SpectralConv2d(coarsest, config.neck, 1)
        skips = [0, *reversed(finer[1:])]
        before = (config.neck, *config.up)
        self.body_up = nn.ModuleList(
            UpBlock(skip + fan_in, fan_out) for skip, fan_in, fan_out in zip(skips, before, config.up, strict=False)
        )
        self.pixels = DownBlock(3, config.pixels, is_first=True)
        self.half_1 = SpectralConv2d(config.up[-1] + finer[0] + config.pixels, config.half[0], 3)
        self.half_2 = SpectralConv2d(config.half[0], config.half[1], 3)
        self.fine = SpectralConv2d(3, config.fine, 3)
        self.full = SpectralConv2d(config.half[1] + config.fine, config.full, 3)
        self.layer_up_last = nn.Conv2d(config.full, config.classes + 1, 1)
        initialise(self)

    def forward(self, image_N3HW: Tensor) -> Tensor:
        finest, *middle, coarsest = shared_backbone(image_N3HW.device).pyramid(image_N3HW)
        x = self.neck(coarsest)
        for index, block in enumerate(self.body_up):
            x = block(torch.cat([middle.pop(), x], dim=1) if index else x)
        x = F.leaky_relu(torch.cat([x, finest, self.pixels(image_N3HW)], dim=1), LEAK)
        x = F.leaky_relu(self.half_1(x), LEAK)
        x = F.leaky_relu(self.half_2(x), LEAK)
        x = self.full.of_doubled(x, beside_NCHW=F.leaky_relu(self.fine(image_N3HW), LEAK))
        return self.layer_up_last(F.leaky_relu(x, LEAK))
