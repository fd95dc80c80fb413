"""A generator in the engine's form: weights laid out once, tables that last between renders."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.engine.convolution import PackedConv, as_map, as_rows
from oasis_studio.synthesis.engine.dense import DenseLevel
from oasis_studio.synthesis.engine.folding import FoldedBlock, FoldedConv, fold
from oasis_studio.synthesis.engine.level import Level, Modulations
from oasis_studio.synthesis.engine.modulate import modulate, project
from oasis_studio.synthesis.engine.scene import EntryBook, Scene
from oasis_studio.synthesis.engine.tables import TapTable, as_indices
from oasis_studio.synthesis.engine.windows import WindowDictionary, bordered
from oasis_studio.synthesis.generator import Generator
from oasis_studio.synthesis.spade import LEAK
from oasis_studio.synthesis.tensors import condition

_MOST_ENTRIES = 1024
"""A scene with more distinct pairs of class and noise is rendered with plain convolutions."""
_MOST_KEPT_ENTRIES = 4096
"""When scenes brought more than these together, the engine starts again from nothing."""


class CompiledBlock:
    """One residual block: its convolutions, and both forms of its label path."""

    def __init__(self, block: FoldedBlock, classes: int, dtype: torch.dtype, device: torch.device) -> None:
        self.level = Level(block, classes, dtype, device)
        self._conv_0 = PackedConv(block.conv_0, dtype, device)
        self._conv_1 = PackedConv(block.conv_1, dtype, device)
        self._shortcut_CO = _matrix(block.conv_s, dtype, device)
        self._folded, self._dtype, self._device = block, dtype, device
        self._dense: DenseLevel | None = None

    @property
    def dense(self) -> DenseLevel:
        """Built when it is first needed: most scenes never do."""
        if self._dense is None:
            self._dense = DenseLevel(self._folded, self._dtype, self._device)
        return self._dense

    def __call__(self, x_HWC: Tensor, modulations: Modulations, doubles: bool) -> Tensor:
        """The block's output (H, W, O), twice the size of x if it ``doubles``."""
        main = as_rows(self._conv_0(as_map(modulate(x_HWC, modulations.norm_0, doubles)), 1))
        main = modulate(main, modulations.norm_1, False)
        if self._shortcut_CO is not None and modulations.norm_s is not None:
            shortcut = project(x_HWC, modulations.norm_s, doubles, self._shortcut_CO)
        else:
            shortcut = doubled(x_HWC) if doubles else x_HWC.clone()
        return as_rows(self._conv_1.add_to(as_map(shortcut), as_map(main), 1))


class CompiledGenerator:
    """Renders scenes as ``generator`` does. ``dtype`` is that of convolutions and tables."""

    def __init__(self, generator: Generator, dtype: torch.dtype, device: torch.device) -> None:
        """Raises StudioError if the weights are not numbers."""
        folded = fold(generator)
        self.config = generator.config
        self.dtype, self.device = dtype, device
        self.book = EntryBook()
        classes = self.config.classes
        with torch.inference_mode():
            self._stem_taps = TapTable(folded.stem, classes, device)
            self.blocks = [CompiledBlock(block, classes, dtype, device) for block in folded.blocks]
            self._image = PackedConv(folded.image, dtype, device)
        self._folded = folded
        self._stem_conv: PackedConv | None = None

    def clear(self) -> None:
        """Forget all scenes: the next render is a cold one."""
        self.book.clear()
        self._stem_taps.clear()
        for block in self.blocks:
            block.level.clear()

    def stages(self, scene: Scene) -> Iterator[Tensor]:
        """Yield the features (H, W, C) after the stem and after every block, then the image (H, W, 3) float32.

        The scene's sides are multiples of ``config.grid``. A place to stop in between, as Generator.stages. To be run
        in inference mode.
        """
        entries = self.entries(scene)
        x = self.stem(scene, entries)
        yield x
        for index in range(len(self.blocks)):
            x = self.blocks[index](x, self.modulations(index, scene, entries), doubles=index > 0)
            yield x
        yield self.image(x)

    def entries(self, scene: Scene) -> np.ndarray | None:
        """(H, W) int32 entry ids, or None if the scene has too many to be worth tables."""
        found = len(scene.pairs[0])
        if found > _MOST_ENTRIES:
            return None
        if len(self.book) + found > _MOST_KEPT_ENTRIES:
            self.clear()
        return self.book.number(scene)

    def stem(self, scene: Scene, entries: np.ndarray | None) -> Tensor:
        """Features (h, w, C) of the coarsest level."""
        if entries is None:
            if self._stem_conv is None:
                self._stem_conv = PackedConv(self._folded.stem, self.dtype, self.device)
            return as_rows(self._stem_conv(self._condition(scene, self.config.grid), 1))
        if len(self._stem_taps) < len(self.book):
            labels, noise = self.book.since(len(self._stem_taps))
            self._stem_taps.learn(torch.from_numpy(labels).to(self.device), torch.from_numpy(noise).to(self.device))
        coarse = entries[:: self.config.grid, :: self.config.grid]
        windows = WindowDictionary()
        index = windows.number(bordered(coarse))
        assert index is not None  # without a limit all windows are taken
        rows = self._stem_taps.convolve(as_indices(windows.members, self.device))
        return rows.to(self.dtype)[as_indices(index, self.device).long()]

    def modulations(self, index: int, scene: Scene, entries: np.ndarray | None) -> Modulations:
        """A and B of block ``index`` for the whole scene, from tables or, where they do not pay, densely."""
        step = self.config.grid >> index
        block = self.blocks[index]
        found = None if entries is None else block.level.modulations(entries[::step, ::step], self.book)
        return found if found is not None else block.dense.modulations(self._condition(scene, step))

    def image(self, x_HWC: Tensor) -> Tensor:
        """The last features → (H, W, 3) float32 in [−1, 1]."""
        activated = F.leaky_relu(x_HWC, LEAK)
        return as_rows(self._image(as_map(activated), 1)).float().tanh_()

    def _condition(self, scene: Scene, step: int) -> Tensor:
        """The network's plain input at every ``step``-th pixel."""
        labels, regions = (
            torch.from_numpy(ids[::step, ::step].astype(np.int64))[None].to(self.device)
            for ids in (scene.labels_HW, scene.regions_HW)
        )
        noise = torch.from_numpy(scene.noise_RZ)[None].to(self.device, self.dtype)
        return condition(labels, regions, noise, self.config.classes).contiguous(memory_format=torch.channels_last)


def doubled(x_HWC: Tensor) -> Tensor:
    """Every pixel becomes a 2×2 block."""
    height, width, channels = x_HWC.shape
    wide = x_HWC[:, None, :, None].expand(height, 2, width, 2, channels)
    return wide.reshape(2 * height, 2 * width, channels)


def _matrix(conv: FoldedConv | None, dtype: torch.dtype, device: torch.device) -> Tensor | None:
    """A 1×1 convolution as a (C, O) matrix."""
    if conv is None:
        return None
    return conv.weight_OIHW[:, :, 0, 0].T.to(device, dtype).contiguous()
