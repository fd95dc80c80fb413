"""From entries to A and B: one row per distinct window instead of convolutions over every pixel."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv, FoldedNorm
from oasis_studio.synthesis.engine.arithmetic.matrix import PackedMatrix
from oasis_studio.synthesis.engine.arithmetic.rows import GrowingRows
from oasis_studio.synthesis.engine.arithmetic.workspace import Workspace
from oasis_studio.synthesis.engine.scene import EntryBook
from oasis_studio.synthesis.networks.network import NetworkConfig
from oasis_studio.synthesis.networks.windows import TAPS

_CHUNK_BYTES = 8 << 20
_COLUMNS = 128
_SUMS_PAY_FROM = 2
"""From so many 5×5 windows per 3×3 window on, products per 3×3 window and sums of nine beat products per 5×5 window."""


class TapTable:
    """A 3×3 convolution of the condition, as sums of nine table rows: one row per entry and tap.

    The entry's noise is folded in; the outside (entry 0) has zero rows.
    """

    def __init__(self, conv: FoldedConv, config: NetworkConfig, workspace: Workspace) -> None:
        self._workspace, device = workspace, workspace.device
        weight = conv.weight_OIHW.to(device)
        outputs, inputs = weight.shape[:2]
        taps_9IO = weight.permute(2, 3, 1, 0).reshape(TAPS, inputs, outputs)
        self._noise_9ZO, self._class_9LO, self._edge_9EO = (
            part.contiguous()
            for part in taps_9IO.split([config.noise, config.classes, inputs - config.noise - config.classes], dim=1)
        )
        self._bias = conv.bias.to(device) if conv.bias is not None else weight.new_zeros(outputs)
        self._rows = GrowingRows(TAPS * outputs, torch.float32, device)
        self.clear()

    def __len__(self) -> int:
        """Entries it knows, the outside counted."""
        return len(self._rows)

    def clear(self) -> None:
        """Back to nothing but the outside."""
        self._rows.clear()
        self._rows.extend(1).zero_()

    def learn(self, book: EntryBook) -> None:
        """Append the rows of the entries that are new in the book."""
        if len(self) == len(book):
            return
        device = self._bias.device
        labels, noise_EZ, edges = (torch.from_numpy(column).to(device) for column in book.since(len(self)))
        rows_9EO = torch.matmul(noise_EZ, self._noise_9ZO) + self._class_9LO[:, labels]
        if self._edge_9EO.shape[1]:
            rows_9EO += edges[:, None] * self._edge_9EO
        self._rows.extend(len(labels)).copy_(rows_9EO.transpose(0, 1).reshape(len(labels), -1))

    def convolve(self, windows_N9: Tensor, out_NO: Tensor, is_activated: bool) -> None:
        """Into ``out``: the convolution at each window of entry ids, bias added; with a ReLU if it is activated."""
        table = self._rows.tensor.view(-1, len(self._bias))
        self._workspace.kernels.sum_rows(table, windows_N9, self._bias, out_NO, is_activated)


class NormTable:
    """The rows [A | B] of one SPADE for all windows seen so far; row 0 belongs to no window."""

    def __init__(self, norm: FoldedNorm, hidden: int, workspace: Workspace) -> None:
        dtype, device = workspace.dtype, workspace.device
        self._workspace = workspace
        weight = norm.conv.weight_OIHW.to(device, dtype)
        self._columns = slice(norm.source * hidden, (norm.source + 1) * hidden)
        assert norm.conv.bias is not None  # the norm's "1 + γ" is in it
        self._bias = norm.conv.bias.to(device)
        # (taps · K, 2C): the weight as a matrix over the neighbours' hidden features.
        self._matrix_CO = weight.permute(2, 3, 1, 0).reshape(-1, len(weight))
        self._weight = PackedMatrix(self._matrix_CO)
        self._rows = GrowingRows(len(weight), dtype, device)
        self.clear()

    @property
    def tensor(self) -> Tensor:
        return self._rows.tensor

    @property
    def rows(self) -> GrowingRows:
        return self._rows

    def clear(self, keeps_room: bool = True) -> None:
        """Forget all windows; without ``keeps_room``, give the memory back."""
        if keeps_room:
            self._rows.clear()
        else:
            self._rows.release()
        self._rows.extend(1).zero_()

    def learn(self, hidden_ND: Tensor, windows_N9: Tensor | None) -> None:
        """Append rows for further windows.

        ``hidden_ND`` all hidden maps of the block side by side: with a kernel of 3 one row per 3×3 window, which
        ``windows_N9`` (row numbers) names; with a kernel of 1 one row per window to learn.
        """
        hidden_NK = hidden_ND[:, self._columns]
        if windows_N9 is None:
            self._add(self._weight(hidden_NK.contiguous()))
        elif len(windows_N9) < _SUMS_PAY_FROM * len(hidden_NK):
            self._learn_by_windows(hidden_NK.contiguous(), windows_N9)
        else:
            self._learn_by_sums(hidden_NK.contiguous(), windows_N9)

    def _learn_by_windows(self, hidden_NK: Tensor, windows_N9: Tensor) -> None:
        """The nine neighbours' features side by side, times the whole weight."""
        depth = TAPS * hidden_NK.shape[1]
        step = max(1, _CHUNK_BYTES // (depth * hidden_NK.element_size()))
        for part_N9 in windows_N9.split(step):
            gathered = self._workspace.take("neighbours", len(part_N9) * TAPS, hidden_NK.shape[1])
            torch.index_select(hidden_NK, 0, part_N9.reshape(-1), out=gathered)
            self._add(self._weight(gathered.view(-1, depth)))

    def _add(self, product_NO: Tensor) -> None:
        """Rows are the product and the bias."""
        out = self._rows.extend(len(product_NO))
        self._workspace.kernels.sum_rows(product_NO, None, self._bias, out, False)

    def _learn_by_sums(self, hidden_NK: Tensor, windows_N9: Tensor) -> None:
        """Every 3×3 window times every tap's weight once, then sums of nine; some columns at a time."""
        out = self._rows.extend(len(windows_N9))
        for index, weight in enumerate(self._weights_by_tap):
            columns = slice(index * _COLUMNS, (index + 1) * _COLUMNS)
            products = weight(hidden_NK).view(len(hidden_NK) * TAPS, -1)
            self._workspace.kernels.sum_rows(products, windows_N9, self._bias[columns], out[:, columns], False)

    @cached_property
    def _weights_by_tap(self) -> list[PackedMatrix]:
        """For some columns each: (K, taps · columns)."""
        outputs = self._matrix_CO.shape[1]
        by_tap_K9O = self._matrix_CO.view(TAPS, -1, outputs).transpose(0, 1)
        return [PackedMatrix(part.reshape(len(part), -1)) for part in by_tap_K9O.split(_COLUMNS, dim=2)]


def as_indices(numbers: np.ndarray, device: torch.device) -> Tensor:
    """A map of ids or window numbers as int32 indices on the device."""
    return torch.from_numpy(np.ascontiguousarray(numbers)).to(device)
