"""The label path of one block: its windows, and the tables of its norms. It lasts as long as the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from oasis_studio.core.pixels.box import Box
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedBlock
from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients
from oasis_studio.synthesis.engine.arithmetic.rows import GrowingRows
from oasis_studio.synthesis.engine.arithmetic.workspace import Workspace
from oasis_studio.synthesis.engine.rectangles import Patch, grown, within
from oasis_studio.synthesis.engine.scene import EntryBook
from oasis_studio.synthesis.engine.tables import NormTable, TapTable, as_indices
from oasis_studio.synthesis.networks.network import NetworkConfig
from oasis_studio.synthesis.networks.windows import OUTSIDE, WindowDictionary

_MOST_BYTES = 384 << 20
"""Tables of one block larger than this are emptied before the next render."""
_DENSE_FROM = 64 * 64
"""Smaller levels never go dense: their tables cost no more, and are there again next time."""
_DENSE_SHARE = 0.5
_GROWTH = 2.5
"""Tables grow by half: while they are copied, old and new ones take so many times their rows."""
_ROW_EXTRA_BYTES = 3072
"""What learning a window takes for a moment, and what the dictionaries keep of it."""


class TablesFull(Exception):  # noqa: N818 - not a failure: there are other ways
    """The windows of a map do not fit into the memory that tables may take."""


@dataclass(frozen=True)
class Modulations:
    """A and B for the norms of a block; ``norm_s`` is None where the block has no such norm."""

    norm_0: Coefficients
    norm_1: Coefficients
    norm_s: Coefficients | None


class Level:
    """Windows and tables of one block."""

    def __init__(self, block: FoldedBlock, config: NetworkConfig, workspace: Workspace) -> None:
        sources = 1 + max(norm.source for norm in block.norms)
        width = block.shared.weight_OIHW.shape[0]
        dtype, device = workspace.dtype, workspace.device
        self._workspace, self._dtype, self._device = workspace, dtype, device
        self._taps = TapTable(block.shared, config, workspace)
        self._norms = [NormTable(norm, width // sources, workspace) for norm in block.norms]
        self._small = workspace.kernels.windows()
        self._large = workspace.kernels.windows() if block.norm_0.kernel == 3 else None
        self._hidden = GrowingRows(width, dtype, device)
        self.clear()

    @property
    def bytes(self) -> int:
        """Memory of the tables."""
        return sum(rows.bytes for rows in self._tables)

    @property
    def held_bytes(self) -> int:
        """Memory of the tables with the room they keep."""
        return sum(rows.held_bytes for rows in self._tables)

    @property
    def windows(self) -> int:
        """Distinct windows whose A and B are known."""
        return len(self._large if self._large is not None else self._small) - 1

    def clear(self) -> None:
        """Forget all windows and entries."""
        self._taps.clear()
        self.clear_windows()

    def clear_windows(self, keeps_room: bool = True) -> None:
        """Forget all windows; without ``keeps_room``, give the tables' memory back."""
        self._small.clear()
        if self._large is not None:
            self._large.clear()
        for norm in self._norms:
            norm.clear(keeps_room)
        if keeps_room:
            self._hidden.clear()
        else:
            self._hidden.release()
        # Beyond the border the hidden map is zero: not relu(bias), which a window of nothing would give.
        self._hidden.extend(1).zero_()

    def modulations(
        self, entries_HW: np.ndarray, book: EntryBook, patch: Patch | None = None, room_bytes: int | None = None
    ) -> Modulations | None:
        """A and B for this level's map of entries, or a patch of it: norm_1 for its ``middle``, others as ``needed``.

        None if it has too many distinct windows to be worth tables; TablesFull if new ones would take more than
        ``room_bytes``.
        """
        if self.bytes > _MOST_BYTES:
            self.clear_windows()
        box = patch.needed if patch else Box(0, 0, entries_HW.shape[1], entries_HW.shape[0])
        pixels = box.width * box.height
        worth = int(_DENSE_SHARE * pixels) if pixels > _DENSE_FROM else pixels
        most = worth if room_bytes is None else min(worth, self._windows_in(room_bytes))
        try:
            self._taps.learn(book)
            index_HW = self._index(entries_HW, box, most)
        except BaseException:
            self.clear()  # windows and rows may no longer agree
            raise
        if index_HW is None:
            if most < worth:
                raise TablesFull
            return None
        return self._gathered(index_HW, index_HW[within(patch.middle, patch.needed).slices] if patch else index_HW)

    def _gathered(self, index_HW: Tensor, middle_HW: Tensor) -> Modulations:
        indices = (index_HW, middle_HW, index_HW)
        columns = [Coefficients(norm.tensor, index) for norm, index in zip(self._norms, indices, strict=False)]
        return Modulations(columns[0], columns[1], columns[2] if len(columns) > 2 else None)

    @property
    def _tables(self) -> list[GrowingRows]:
        return [self._hidden, *(norm.rows for norm in self._norms)]

    def _windows_in(self, room_bytes: int) -> int:
        """How many windows can be learnt in so much memory."""
        row_bytes = sum(rows.width for rows in self._tables) * self._dtype.itemsize
        return max(0, int(room_bytes / (_GROWTH * row_bytes + _ROW_EXTRA_BYTES)))

    def _index(self, entries_HW: np.ndarray, box: Box, most: int) -> Tensor | None:
        """(box height, box width) row numbers in the norms' tables; None if more than ``most`` windows are new."""
        height, width = entries_HW.shape
        margin = 1 if self._large is not None else 0
        wide = grown(box, margin, height, width)
        small = self._small.number(_with_border(entries_HW, wide), most)
        if small is None:
            return None
        self._learn_hidden()
        if self._large is None:
            return as_indices(small, self._device)
        # Around the box stand the numbers of its neighbours' windows, and OUTSIDE beyond the image.
        inner = within(box, wide)
        large = self._large.number(_with_border(small, inner), most)
        if large is None:
            return None
        self._learn_norms(self._large)
        return as_indices(large, self._device)

    def _learn_hidden(self) -> None:
        """Hidden features of the 3×3 windows that are new; with a kernel of 1, their A and B at once."""
        fresh = self._small.members[len(self._hidden) :]
        if not len(fresh):
            return
        hidden = self._hidden.extend(len(fresh))
        self._taps.convolve(as_indices(fresh, self._device), hidden, is_activated=True)
        if self._large is None:
            for norm in self._norms:
                norm.learn(hidden, None)

    def _learn_norms(self, large: WindowDictionary) -> None:
        """A and B of the 5×5 windows that are new."""
        fresh = large.members[len(self._norms[0].tensor) :]
        if not len(fresh):
            return
        used, windows_N9 = _renumbered(fresh, len(self._small))
        hidden = self._hidden.tensor.index_select(0, as_indices(used, self._device))
        windows = as_indices(windows_N9, self._device)
        for norm in self._norms:
            norm.learn(hidden, windows)


def _renumbered(windows_N9: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The distinct numbers (below ``count``) of some windows, and the windows in terms of their positions there."""
    is_used = np.zeros(count, bool)
    is_used[windows_N9.ravel()] = True
    used = np.flatnonzero(is_used).astype(np.int32)
    order = np.zeros(count, np.int32)
    order[used] = np.arange(used.size, dtype=np.int32)
    return used, order[windows_N9]


def _with_border(ids_HW: np.ndarray, box: Box) -> np.ndarray:
    """(height + 2, width + 2): the box and one pixel around it, which is OUTSIDE beyond the map."""
    height, width = ids_HW.shape
    around = grown(box, 1, height, width)
    result = np.full((box.height + 2, box.width + 2), OUTSIDE, np.int32)
    result[within(around, Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)).slices] = ids_HW[around.slices]
    return result
