"""The SPADE generator (Park et al., CVPR 2019, §3.2 and appendix), from which OASIS grew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.generator import initialise
from oasis_studio.synthesis.networks.network import BlockShape, SynthesisNetwork, stem_size
from oasis_studio.synthesis.networks.spade import LEAK, ParamFreeSpade, SpadeBlock
from oasis_studio.synthesis.networks.tensors import double, edges, one_hot, resize_nearest

SPADE = "spade"
STEM = 16
"""Channels of the first features, in multiples of the last ones of the ``normal`` network."""
STYLE_SIZE = 256
_BLOCKS = (
    ("head_0", STEM),
    ("G_middle_0", STEM),
    ("G_middle_1", STEM),
    ("up_0", STEM // 2),
    ("up_1", STEM // 4),
    ("up_2", STEM // 8),
    ("up_3", STEM // 16),
)
_DEEPER = "up_4"
_NOT_DOUBLED = {"normal": ("head_0", "G_middle_1"), "more": ("head_0",), "most": ("head_0",)}


@dataclass(frozen=True)
class SpadeConfig:
    """Everything that decides the shapes of the weights.

    ``classes`` label channels · ``has_edges`` one channel more, for the outlines of instances · ``width`` channels
    of ``up_3`` · ``upsampling`` "normal" (×32), "more" (×64) or "most" (×128, and a block more) · ``style`` numbers of
    the style code that feeds the stem, 0: the stem reads the label map · ``hidden`` channels inside SPADE · native
    size in pixels.
    """

    classes: int
    has_edges: bool = False
    width: int = 64
    upsampling: str = "normal"
    style: int = 0
    hidden: int = 128
    native_width: int = 256
    native_height: int = 256

    def __post_init__(self) -> None:
        try:
            is_sound = min(self.classes, self.width, self.hidden, self.style + 1) >= 1
            is_sound = is_sound and self.upsampling in _NOT_DOUBLED
            # The stem of a style code has a size of its own.
            if is_sound and self.style:
                sides = (self.native_width, self.native_height)
                is_sound = all(0 < side <= 8192 and side % self.grid == 0 for side in sides)
        except TypeError:
            is_sound = False
        if not is_sound:
            raise StudioError(_("The generator's configuration does not make a network."), detail=repr(self))

    @property
    def noise(self) -> int:
        """SPADE takes no noise but the style code."""
        return 0

    @property
    def shares_hidden(self) -> bool:
        return False

    @property
    def modulation_kernel(self) -> int:
        return 3

    @property
    def inputs(self) -> int:
        """Channels of the condition."""
        return self.classes + self.has_edges

    @property
    def names(self) -> tuple[str, ...]:
        """Keys of the blocks, in order."""
        names = tuple(name for name, _width in _BLOCKS)
        return (*names, _DEEPER) if self.upsampling == "most" else names

    @property
    def doubled(self) -> tuple[bool, ...]:
        """For every block: are the features doubled before it?"""
        return tuple(name not in _NOT_DOUBLED[self.upsampling] for name in self.names)

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of the stem and of every block's output."""
        widths = (STEM * self.width, *(factor * self.width for _name, factor in _BLOCKS))
        return (*widths, self.width // 2) if self.upsampling == "most" else widths

    @property
    def grid(self) -> int:
        """Image sides are multiples of this."""
        return 2 ** sum(self.doubled)

    @property
    def stem(self) -> tuple[int, int]:
        """(height, width) of the first features at the native size."""
        return self.native_height // self.grid, self.native_width // self.grid

    @property
    def blocks(self) -> tuple[BlockShape, ...]:
        stride, blocks = self.grid, []
        for fan_in, fan_out, is_doubled in zip(self.widths, self.widths[1:], self.doubled, strict=False):
            stride = stride // 2 if is_doubled else stride
            blocks.append(BlockShape(fan_in, fan_out, stride))
        return tuple(blocks)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(has_region_noise=False, style_size=self.style, sees_instances=self.has_edges)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SpadeConfig:
        """Raises StudioError if a field is unknown or missing."""
        try:
            return cls(**data)
        except TypeError as error:
            raise StudioError(
                _("The generator's configuration is not readable: {error}.").format(error=error)
            ) from error


class SpadeGenerator(SynthesisNetwork[SpadeConfig]):
    """Condition (N, inputs, H, W), style code (N, S) where it takes one → image (N, 3, H, W) in [−1, 1]."""

    architecture = SPADE

    def __init__(self, config: SpadeConfig) -> None:
        super().__init__()
        self.config = config
        first, *_rest, last = config.widths
        height, width = config.stem
        if config.style:
            self.fc: nn.Module = nn.Linear(config.style, first * height * width)
        else:
            self.fc = nn.Conv2d(config.inputs, first, 3, padding=1)
        for name, block in zip(config.names, config.blocks, strict=True):
            self.add_module(
                name, SpadeBlock(block.fan_in, block.fan_out, config.inputs, config.hidden, spade=ParamFreeSpade)
            )
        self.conv_img = nn.Conv2d(last, 3, 3, padding=1)
        initialise(self)

    @property
    def residual_blocks(self) -> list[SpadeBlock]:
        blocks = [self.get_submodule(name) for name in self.config.names]
        return [block for block in blocks if isinstance(block, SpadeBlock)]

    def condition(self, labels_NHW: Tensor, regions_NHW: Tensor, noise_NRZ: Tensor) -> Tensor:
        """One-hot classes, then the outlines: every region of every class counts as an instance."""
        condition_NCHW = noise_NRZ.new_zeros((len(labels_NHW), self.config.inputs, *labels_NHW.shape[1:]))
        one_hot(labels_NHW, condition_NCHW[:, : self.config.classes])
        if self.config.has_edges:
            condition_NCHW[:, -1] = edges(labels_NHW) | edges(regions_NHW)
        return condition_NCHW

    def stages(self, condition_NCHW: Tensor, style_NS: Tensor | None = None) -> Iterator[Tensor]:
        """As :class:`SynthesisNetwork` says."""
        x = self._stem(condition_NCHW, style_NS)
        label_path = self.label_path(condition_NCHW)
        yield x
        for name, is_doubled in zip(self.config.names, self.config.doubled, strict=True):
            if is_doubled:
                x = double(x)
            block = self.get_submodule(name)
            x = block(x, label_path.at(x))
            yield x
        yield self.conv_img(F.leaky_relu(x, LEAK)).tanh()

    def _stem(self, condition_NCHW: Tensor, style_NS: Tensor | None) -> Tensor:
        size = stem_size(condition_NCHW, self.config.grid)
        if not self.config.style:
            return self.fc(resize_nearest(condition_NCHW, size))
        if style_NS is None:
            raise ValueError("this network takes a style code")
        x = self.fc(style_NS).unflatten(1, (-1, *self.config.stem))
        # The code makes features of the native size; another canvas stretches them.
        return x if size == self.config.stem else F.interpolate(x, size=size, mode="bilinear")
