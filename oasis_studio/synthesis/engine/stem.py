"""The coarsest features: a convolution of the label map or, in a SPADE network with a style code, made of that code."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.synthesis.engine.arithmetic.convolution import PackedConv, as_rows
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv, centre, fold_stem
from oasis_studio.synthesis.engine.arithmetic.workspace import Workspace
from oasis_studio.synthesis.engine.label_path import LabelPath
from oasis_studio.synthesis.engine.scene import EntryBook, Scene
from oasis_studio.synthesis.engine.tables import TapTable, as_indices
from oasis_studio.synthesis.networks.network import AnyNetwork
from oasis_studio.synthesis.networks.windows import bordered


class Stem(Protocol):
    """Scene, and its entries or None → features (h, w, C) at every ``grid``-th pixel."""

    def __call__(self, scene: Scene, entries: np.ndarray | None) -> Tensor: ...
    def clear(self) -> None:
        """Forget all entries."""
        ...


def make_stem(generator: AnyNetwork, label_path: LabelPath, book: EntryBook, workspace: Workspace) -> Stem:
    """The generator's kind."""
    first = generator.get_submodule("fc")
    if isinstance(first, nn.Linear):
        return StyleStem(first, generator, workspace)
    return LabelStem(fold_stem(generator), generator, label_path, book, workspace)


class LabelStem:
    """Through a table of taps, as the hidden maps."""

    def __init__(
        self, conv: FoldedConv, generator: AnyNetwork, label_path: LabelPath, book: EntryBook, workspace: Workspace
    ) -> None:
        self._conv, self._grid = conv, generator.config.grid
        self._label_path, self._book, self._workspace = label_path, book, workspace
        self._width = len(conv.weight_OIHW)
        self._taps = TapTable(conv, generator.config, workspace)
        self._dense: PackedConv | None = None  # most scenes never need it

    def clear(self) -> None:
        self._taps.clear()

    def __call__(self, scene: Scene, entries: np.ndarray | None) -> Tensor:
        dtype, device = self._workspace.dtype, self._workspace.device
        if entries is None:
            if self._dense is None:
                self._dense = PackedConv(self._conv, dtype, device)
            return as_rows(self._dense(self._label_path.condition(scene, self._grid), 1))
        self._taps.learn(self._book)
        windows = self._workspace.kernels.windows()
        index = windows.number(bordered(entries[:: self._grid, :: self._grid]))
        assert index is not None  # without a limit all windows are taken
        rows = torch.empty((len(windows), self._width), dtype=dtype, device=device)
        self._taps.convolve(as_indices(windows.members, device), rows, is_activated=False)
        return rows[as_indices(index, device).long()]


class StyleStem:
    """The code's features have the native size; another canvas stretches them. The last ones are kept."""

    def __init__(self, dense: nn.Linear, generator: AnyNetwork, workspace: Workspace) -> None:
        config = generator.config
        self._grid, self._centre, self._workspace = config.grid, centre(generator, 0), workspace
        self._native = (config.native_height // config.grid, config.native_width // config.grid)
        self._weight = dense.weight.detach().float()
        self._bias = dense.bias.detach().float()
        self._seen: tuple[bytes, tuple[int, int]] | None = None
        self._features = torch.empty(0)

    def clear(self) -> None:
        self._seen = None

    def __call__(self, scene: Scene, entries: np.ndarray | None) -> Tensor:
        del entries
        assert scene.style_S is not None  # the renderer sees to it
        height, width = scene.whole or scene.size
        grid = self._grid
        size = (height // grid, width // grid)
        key = (scene.style_S.tobytes(), size)
        if self._seen != key:
            self._features, self._seen = self._make(scene.style_S, size), key
        top, left = (side // grid for side in scene.corner)
        return self._features[top : top + scene.size[0] // grid, left : left + scene.size[1] // grid]

    def _make(self, style_S: np.ndarray, size: tuple[int, int]) -> Tensor:
        style = torch.from_numpy(style_S).to(self._weight.device)
        x = F.linear(style[None], self._weight, self._bias).unflatten(1, (-1, *self._native))
        if size != self._native:
            x = F.interpolate(x, size=size, mode="bilinear")
        x = x[0].permute(1, 2, 0) - self._centre.to(x.device)
        return x.to(self._workspace.dtype).contiguous()
