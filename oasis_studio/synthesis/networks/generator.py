"""The OASIS generator (Sushko et al., ICLR 2021, §3.3 and appendix)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.network import BlockShape, SynthesisNetwork, stem_size
from oasis_studio.synthesis.networks.spade import LEAK, SpadeBlock
from oasis_studio.synthesis.networks.tensors import condition, double, resize_nearest

OASIS = "oasis"


@dataclass(frozen=True)
class GeneratorConfig:
    """Everything that decides the shapes of the weights.

    ``classes`` label channels · ``noise`` channels of the 3D noise · ``widths`` channels of the stem and of every
    block's output · ``hidden`` channels inside SPADE · ``shares_hidden`` one hidden map for the norms of a block ·
    ``modulation_kernel`` of γ and β (3 in the published networks, 1 in small ones) · native size in pixels ·
    ``grain`` random structure inside regions (not in the published networks).
    """

    classes: int
    noise: int = 64
    widths: tuple[int, ...] = (1024, 1024, 1024, 512, 256, 128, 64)
    hidden: int = 128
    shares_hidden: bool = False
    modulation_kernel: int = 3
    native_width: int = 256
    native_height: int = 256
    grain: bool = False

    def __post_init__(self) -> None:
        sizes = (self.classes, self.noise, self.hidden, *self.widths)
        if len(self.widths) < 2 or min(sizes) < 1 or self.modulation_kernel not in (1, 3):
            raise StudioError(_("The generator's configuration does not make a network."), detail=repr(self))

    @property
    def grid(self) -> int:
        """Image sides are multiples of this: the stem's pixel, doubled after every block but the last."""
        return 2 ** (len(self.widths) - 2)

    @property
    def inputs(self) -> int:
        """Channels of the condition."""
        return self.noise + self.classes

    @property
    def blocks(self) -> tuple[BlockShape, ...]:
        """The first block works at the stem's size, every other one at twice the size before."""
        return tuple(
            BlockShape(fan_in, fan_out, self.grid >> index)
            for index, (fan_in, fan_out) in enumerate(zip(self.widths, self.widths[1:], strict=False))
        )

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(has_region_noise=True)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"widths": list(self.widths)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> GeneratorConfig:
        """Raises StudioError if a field is unknown or missing."""
        try:
            fields: dict[str, Any] = data | {"widths": tuple(int(width) for width in data["widths"])}
            return cls(**fields)
        except (TypeError, KeyError, ValueError) as error:
            raise StudioError(
                _("The generator's configuration is not readable: {error}.").format(error=error)
            ) from error


ADE20K = GeneratorConfig(classes=151)
CITYSCAPES = GeneratorConfig(classes=35, native_width=512, native_height=256)
COCO_STUFF = GeneratorConfig(classes=183)


class Generator(SynthesisNetwork[GeneratorConfig]):
    """Condition (N, noise + classes, H, W) → image (N, 3, H, W) in [−1, 1]; H, W multiples of ``config.grid``."""

    architecture = OASIS

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        stem, *_blocks = config.widths
        self.fc = nn.Conv2d(config.inputs, stem, 3, padding=1)
        self.body = nn.ModuleList(
            SpadeBlock(
                fan_in,
                fan_out,
                config.inputs,
                config.hidden,
                config.modulation_kernel,
                config.shares_hidden,
                config.grain,
            )
            for fan_in, fan_out in zip(config.widths, config.widths[1:], strict=False)
        )
        self.conv_img = nn.Conv2d(config.widths[-1], 3, 3, padding=1)
        initialise(self)

    @property
    def residual_blocks(self) -> list[SpadeBlock]:
        return [block for block in self.body if isinstance(block, SpadeBlock)]

    def condition(self, labels_NHW: Tensor, regions_NHW: Tensor, noise_NRZ: Tensor) -> Tensor:
        """Noise, then one-hot classes."""
        return condition(labels_NHW, regions_NHW, noise_NRZ, self.config.classes)

    def stages(self, condition_NCHW: Tensor, style_NS: Tensor | None = None) -> Iterator[Tensor]:
        """As :class:`SynthesisNetwork` says; there is no style code here."""
        x = self.fc(resize_nearest(condition_NCHW, stem_size(condition_NCHW, self.config.grid)))
        label_path = self.label_path(condition_NCHW)
        yield x
        for index, block in enumerate(self.body):
            if index:
                x = double(x)
            x = block(x, label_path.at(x))
            yield x
        yield self.conv_img(F.leaky_relu(x, LEAK)).tanh()


def initialise(network: nn.Module, gain: float = 0.02) -> None:
    """Xavier-normal weights and zero biases in all layers without spectral norm; 0.02 as the paper trains.

    A short training needs a larger gain: with 0.02 the label map hardly reaches the picture for a thousand steps.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.xavier_normal_(module.weight, gain)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
