"""What every generator is to the rest of the program: the one protocol between a model card and a photo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from torch import Tensor, nn

from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.synthesis.networks.label_windows import LabelPath
from oasis_studio.synthesis.networks.spade import SpadeBlock


@dataclass(frozen=True)
class BlockShape:
    """Channels in and out of a residual block; ``stride`` image pixels lie along one of its pixels."""

    fan_in: int
    fan_out: int
    stride: int


class NetworkConfig(Protocol):
    """Sizes that rendering and storing need to know of any generator."""

    @property
    def classes(self) -> int: ...
    @property
    def noise(self) -> int:
        """Numbers of a region's noise vector; 0 where the network takes none."""
        ...

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of the stem and of every block's output."""
        ...

    @property
    def hidden(self) -> int: ...
    @property
    def shares_hidden(self) -> bool:
        """Do the norms of a block share one hidden map?"""
        ...

    @property
    def modulation_kernel(self) -> int:
        """Of γ and β, 3 or 1."""
        ...

    @property
    def inputs(self) -> int:
        """Channels of the condition: noise, classes, and one for the outlines where the network sees them."""
        ...

    @property
    def grid(self) -> int:
        """Image sides are multiples of this."""
        ...

    @property
    def native_width(self) -> int: ...
    @property
    def native_height(self) -> int: ...
    @property
    def blocks(self) -> tuple[BlockShape, ...]: ...
    @property
    def capabilities(self) -> Capabilities:
        """Those of the generator alone, without discriminator and encoder."""
        ...

    def to_json(self) -> dict[str, Any]: ...


Config = TypeVar("Config", bound=NetworkConfig)


class SynthesisNetwork(nn.Module, Generic[Config]):
    """A generator: label map, regions and noise or style code → image.

    With ``uses_windows`` it computes the label path once for every distinct window of the condition, where that is
    faster (:mod:`~oasis_studio.synthesis.networks.label_windows`).
    """

    architecture: ClassVar[str]
    config: Config
    uses_windows = False

    @property
    def residual_blocks(self) -> list[SpadeBlock]:
        """In order, as ``config.blocks``."""
        raise NotImplementedError

    def condition(self, labels_NHW: Tensor, regions_NHW: Tensor, noise_NRZ: Tensor) -> Tensor:
        """What the network reads at every pixel, (N, inputs, H, W) in the type of ``noise_NRZ``."""
        raise NotImplementedError

    def stages(self, condition_NCHW: Tensor, style_NS: Tensor | None = None) -> Iterator[Tensor]:
        """Yield the features after the stem and after every block, then the image: a place to stop in between.

        H, W are multiples of ``config.grid``, or ValueError; the image is (N, 3, H, W) in [−1, 1]. ``style_NS`` is
        given exactly where the network takes a style code.
        """
        raise NotImplementedError

    def label_path(self, condition_NCHW: Tensor) -> LabelPath:
        """The condition as the blocks read it."""
        return LabelPath(condition_NCHW, self.config.modulation_kernel, self.uses_windows)

    def forward(self, condition_NCHW: Tensor, style_NS: Tensor | None = None) -> Tensor:
        *_features, image = self.stages(condition_NCHW, style_NS)
        return image


AnyNetwork = SynthesisNetwork[Any]


def stem_size(condition_NCHW: Tensor, grid: int) -> tuple[int, int]:
    """(height, width) of the first features; ValueError off the grid."""
    height, width = condition_NCHW.shape[2:]
    if height % grid or width % grid:
        raise ValueError(f"{height}×{width} is not on the grid of {grid}")
    return height // grid, width // grid
