"""A generator in the engine's form: weights laid out once, tables that last between renders."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.engine.arithmetic.convolution import PackedConv, as_map, as_rows
from oasis_studio.synthesis.engine.arithmetic.folding import (
    FoldedBlock,
    FoldedConv,
    check_finite,
    deviation,
    fold_block,
    fold_image,
)
from oasis_studio.synthesis.engine.arithmetic.kernel_choice import choose_kernels
from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients, Kernels
from oasis_studio.synthesis.engine.arithmetic.matrix import PackedMatrix
from oasis_studio.synthesis.engine.arithmetic.workspace import Workspace
from oasis_studio.synthesis.engine.label_path import LabelPath
from oasis_studio.synthesis.engine.level import Level, Modulations
from oasis_studio.synthesis.engine.modulate import project
from oasis_studio.synthesis.engine.rectangles import Patch, grown, within
from oasis_studio.synthesis.engine.scene import EntryBook, Scene
from oasis_studio.synthesis.engine.spade_conv import Arithmetic, SpadeConv
from oasis_studio.synthesis.engine.stem import make_stem
from oasis_studio.synthesis.engine.tiling import Tile, patches
from oasis_studio.synthesis.networks.network import AnyNetwork, NetworkConfig
from oasis_studio.synthesis.networks.spade import LEAK

_MOST_ENTRIES = 1024
"""A scene with more distinct pairs of class and noise is rendered with plain convolutions."""
_MOST_KEPT_ENTRIES = 4096
"""When scenes brought more than these together, the engine starts again from nothing."""


class CompiledBlock:
    """One residual block: its convolutions and its label path."""

    def __init__(
        self,
        block: FoldedBlock,
        config: NetworkConfig,
        workspace: Workspace,
        arithmetic: Arithmetic,
        index: int,
        is_last: bool,
    ) -> None:
        dtype, device = workspace.dtype, workspace.device
        self.level = Level(block, config, workspace)
        self.width = block.width
        self._is_last = is_last
        self._result = f"result {index % 2}"
        self._middle = block.conv_0.weight_OIHW.shape[0]
        self.conv_0 = SpadeConv(block.conv_0, workspace, arithmetic)
        self.conv_1 = SpadeConv(block.conv_1, workspace, arithmetic)
        self._shortcut = _matrix(block.conv_s, dtype, device)
        self._grain = None
        if block.grain is not None:
            self._grain = (block.grain.field_TT.to(device, dtype), block.grain.strength_C.to(device, dtype))
        self._workspace = workspace

    def __call__(self, x_HWC: Tensor, modulations: Modulations, out_HWO: Tensor) -> Tensor:
        """The block's output into ``out``, which is as large as x or twice as large; the last block's is activated."""
        height, width, _outputs = out_HWO.shape
        factor = width // x_HWC.shape[1]
        middle = self._before_conv_0(self._workspace.take("middle", height, width, self._middle), (0, 0))
        self.conv_0.add_to(middle, x_HWC, modulations.norm_0, factor, spends=False)
        self._skip(x_HWC, modulations.norm_s, out_HWO, factor, (0, 0))
        self.conv_1.add_to(out_HWO, middle, modulations.norm_1, 1, spends=True)
        return F.leaky_relu_(out_HWO, LEAK) if self._is_last else out_HWO

    def part(
        self, source_HWC: Tensor, modulations: Modulations, patch: Patch, corner: tuple[int, int] = (0, 0)
    ) -> Tensor:
        """The patch's ``result`` (h, w, O) from its ``source``; good until the block after the next.

        ``corner`` is where the map lies (row, column) in the block's map of the whole image, if it is a piece of that.
        """
        needed, middle, result = patch.needed, patch.middle, patch.result
        factor = needed.width // patch.source.width
        inside = grown(middle, 1, patch.height, patch.width)
        at = within(inside, needed)
        between = self._workspace.take("middle", middle.height, middle.width, self._middle)
        self._before_conv_0(between, (corner[0] + middle.top, corner[1] + middle.left))
        norm_0 = modulations.norm_0.cut(*at.slices)
        self.conv_0.add_part(between, source_HWC, norm_0, middle, inside, factor, (at.top, at.left))
        out = self._workspace.take(self._result, result.height, result.width, self.width)
        at = within(result, needed)
        coefficients = modulations.norm_s.cut(*at.slices) if modulations.norm_s is not None else None
        self._skip(source_HWC, coefficients, out, factor, (at.top, at.left))
        inside = grown(result, 1, patch.height, patch.width)
        self.conv_1.add_part(out, between, modulations.norm_1, result, inside)
        return F.leaky_relu_(out, LEAK) if self._is_last else out

    def _skip(
        self, x_HWC: Tensor, norm_s: Coefficients | None, out_HWO: Tensor, factor: int, corner: tuple[int, int]
    ) -> None:
        """The shortcut's share of the output."""
        if self._shortcut is not None and norm_s is not None:
            project(x_HWC, norm_s, self._shortcut, out_HWO, self._workspace, factor, corner)
        else:
            spread(x_HWC, out_HWO, factor, corner)

    def _before_conv_0(self, out_HWC: Tensor, corner: tuple[int, int]) -> Tensor:
        """What conv_0 is added to: the grain, or zeros. The field begins at the top left of the whole image."""
        if self._grain is None:
            return out_HWC.zero_()
        field_TT, strength_C = self._grain
        rows, columns = (
            torch.arange(first, first + count, device=field_TT.device) % len(field_TT)
            for first, count in zip(corner, out_HWC.shape[:2], strict=True)
        )
        return torch.mul(field_TT[rows][:, columns, None], strength_C, out=out_HWC)


class CompiledGenerator:
    """Renders scenes as ``generator`` does. ``dtype`` is that of convolutions and tables."""

    def __init__(
        self, generator: AnyNetwork, dtype: torch.dtype, device: torch.device, kernels: Kernels | None = None
    ) -> None:
        """``kernels``: the fastest there are, if none are named. Raises StudioError if the weights are not numbers."""
        check_finite(generator)
        self.config = generator.config
        self.dtype, self.device = dtype, device
        self.workspace = Workspace(dtype, device, kernels or choose_kernels(device))
        self.book = EntryBook()
        self.generation = 0  # of the numbers in the book
        self.deviation = deviation(generator)
        self.arithmetic = Arithmetic()
        with torch.inference_mode():
            last = len(self.config.blocks) - 1
            self.blocks = [
                CompiledBlock(
                    fold_block(generator, index), self.config, self.workspace, self.arithmetic, index, index == last
                )
                for index in range(last + 1)
            ]
            self._image = PackedConv(fold_image(generator), dtype, device)
            levels = [block.level for block in self.blocks]
            self.label_path = LabelPath(generator, levels, self.book, self.workspace)
            self.stem = make_stem(generator, self.label_path, self.book, self.workspace)

    def clear(self) -> None:
        """Forget all scenes: the next render is a cold one."""
        self.generation += 1
        self.book.clear()
        self.stem.clear()
        for block in self.blocks:
            block.level.clear()

    def stages(self, scene: Scene, entries: np.ndarray | None) -> Iterator[Tensor]:
        """Yield the features (H, W, C) after the stem and after every block, then the image (H, W, 3) float32.

        ``entries`` as :meth:`entries` gives them; the scene's sides are multiples of ``config.grid``. A place to stop
        in between, as Generator.stages. To be run in inference mode. The next render overwrites the features.
        """
        x = self.stem(scene, entries)
        yield x
        for index, block in enumerate(self.blocks):
            step = self.config.blocks[index].stride
            size = (scene.size[0] // step, scene.size[1] // step)
            out = self.workspace.take(f"block {index}", *size, block.width)
            x = block(x, self.label_path.modulations(index, scene, entries), out)
            yield x
        yield self.image(x)

    def tile_stages(self, scene: Scene, tile: Tile) -> Iterator[Tensor]:
        """Yield features after every block, then the tile's image (h, w, 3) float32 in [−1, 1]; ``scene`` is the whole.

        Level by level a tile is only as much larger than its pixels as the convolutions after that level reach; what
        reaches far is the label map. As for :meth:`stages`; the image too is good until the next render only.
        """
        piece = scene.cut(tile.crop)
        entries = self.entries(piece)
        inside = within(tile.box, tile.crop)
        parts = patches(self.config, inside, *piece.size)
        x = self.stem(piece, entries)[parts[0].source.slices]
        for index, (block, patch) in enumerate(zip(self.blocks, parts, strict=True)):
            stride = self.config.blocks[index].stride
            corner = (tile.crop.top // stride, tile.crop.left // stride)
            x = block.part(x, self.label_path.modulations(index, piece, entries, patch), patch, corner)
            yield x
        yield self.image(x)[within(inside, parts[-1].result).slices]

    def entries(self, scene: Scene) -> np.ndarray | None:
        """(H, W) int32 entry ids, or None if the scene has too many to be worth tables."""
        found = len(scene.pairs[0])
        if found > _MOST_ENTRIES:
            return None
        if len(self.book) + found > _MOST_KEPT_ENTRIES:
            self.clear()
        return self.book.number(scene)

    def image(self, x_HWC: Tensor) -> Tensor:
        """The last features → (H, W, 3) float32 in [−1, 1]."""
        return as_rows(self._image(as_map(x_HWC), 1)).float().tanh_()


def spread(x_HWC: Tensor, out_HWC: Tensor, factor: int, corner: tuple[int, int]) -> None:
    """x, every pixel as ``factor`` × ``factor`` pixels, from ``corner`` on into ``out``."""
    height, width, channels = out_HWC.shape
    if any(side % factor for side in (height, width, *corner)):
        rows, columns = (
            torch.arange(first, first + count, device=x_HWC.device) // factor
            for first, count in zip(corner, (height, width), strict=True)
        )
        out_HWC.copy_(x_HWC[rows[:, None], columns])
        return
    part = x_HWC[corner[0] // factor :, corner[1] // factor :][: height // factor, : width // factor]
    out_HWC.view(height // factor, factor, width // factor, factor, channels).copy_(part[:, None, :, None])


def _matrix(conv: FoldedConv | None, dtype: torch.dtype, device: torch.device) -> PackedMatrix | None:
    """A 1×1 convolution as a matrix."""
    if conv is None:
        return None
    return PackedMatrix(conv.weight_OIHW[:, :, 0, 0].T.to(device, dtype))
