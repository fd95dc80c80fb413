"""The way from a label map to A and B: through tables or, where they do not pay, through plain convolutions."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from oasis_studio.core.pixels.box import Box
from oasis_studio.i18n import _
from oasis_studio.synthesis.engine.arithmetic.folding import fold_block
from oasis_studio.synthesis.engine.arithmetic.workspace import Workspace
from oasis_studio.synthesis.engine.dense import DenseLevel
from oasis_studio.synthesis.engine.footprint import dense_bytes
from oasis_studio.synthesis.engine.level import Level, Modulations, TablesFull
from oasis_studio.synthesis.engine.rectangles import Patch, grown, within
from oasis_studio.synthesis.engine.scene import EntryBook, Scene
from oasis_studio.synthesis.networks.network import AnyNetwork
from oasis_studio.synthesis.networks.tensors import condition
from oasis_studio.synthesis.rendering.memory import shortage

TABLES_SHARE = 0.25
"""Of the memory that a render may take."""
_LEAST_KEPT_BYTES = 96 << 20
"""Tables that take no more than this are kept, whatever they are of: undone steps and old seeds are quick again."""
_SCENES_KEPT = 4
"""Larger ones are kept up to so many times what one scene needs."""
_REACH = 2
"""Pixels: the convolution to the hidden map, and the one from there to A and B."""


class LabelPath:
    """``levels`` are those of the generator's blocks, ``book`` numbers the entries of all scenes.

    ``most_bytes`` is what tables, buffers and dense levels may take together; None: as much as they need.
    """

    def __init__(self, generator: AnyNetwork, levels: list[Level], book: EntryBook, workspace: Workspace) -> None:
        self._generator, self._levels, self._book, self._workspace = generator, levels, book, workspace
        self._dense: dict[int, DenseLevel] = {}  # most scenes never need them
        self.most_bytes: int | None = None
        self._scene_bytes: int | None = None
        """What the tables of one scene took, measured with empty ones; None where that is to be measured again."""

    @property
    def table_bytes(self) -> int:
        """Memory of the tables' rows."""
        return sum(level.bytes for level in self._levels)

    @property
    def held_bytes(self) -> int:
        """Memory of buffers and tables, which the next render can use."""
        return self._workspace.bytes + sum(level.held_bytes for level in self._levels)

    def release_tables(self) -> None:
        """Forget all windows and give their memory back."""
        self._scene_bytes = None
        for level in self._levels:
            level.clear_windows(keeps_room=False)

    def drop_old_scenes(self) -> None:
        """Before a render: release the tables if they hold far more than one scene needs.

        Every other seed, style and edge that was ever drawn has windows of its own, which nobody may ask for again.
        """
        needed = self._scene_bytes or 0
        if self.table_bytes > max(_LEAST_KEPT_BYTES, _SCENES_KEPT * needed):
            self.release_tables()

    def note_scene(self) -> None:
        """After a whole render: if it began with empty tables, they are now what one scene needs."""
        if self._scene_bytes is None:
            self._scene_bytes = self.table_bytes

    def modulations(
        self, index: int, scene: Scene, entries: np.ndarray | None, patch: Patch | None = None
    ) -> Modulations:
        """A and B of block ``index`` for the scene, or a patch of that block's map.

        Raises MemoryShortage if that would take more than ``most_bytes``.
        """
        found = None if entries is None else self._from_tables(index, entries, patch)
        return found if found is not None else self._densely(index, scene, patch)

    def condition(self, scene: Scene, step: int, box: Box | None = None) -> Tensor:
        """The network's plain input at every ``step``-th pixel, or in a box of these: (1, inputs, h, w)."""
        part = box.slices if box else (slice(None), slice(None))
        workspace = self._workspace
        labels, regions = (
            torch.from_numpy(ids[::step, ::step][part].astype(np.int64))[None].to(workspace.device)
            for ids in (scene.labels_HW, scene.regions_HW)
        )
        noise = torch.from_numpy(scene.noise_RZ)[None].to(workspace.device, workspace.dtype)
        seen = condition(labels, regions, noise, self._generator.config.classes)
        if scene.edges_HW is not None:  # as they are in the whole image
            outlines = torch.from_numpy(np.ascontiguousarray(scene.edges_HW[::step, ::step][part]))
            seen = torch.cat([seen, outlines[None, None].to(seen)], dim=1)
        return seen.contiguous(memory_format=torch.channels_last)

    def _from_tables(self, index: int, entries: np.ndarray, patch: Patch | None) -> Modulations | None:
        step = self._generator.config.blocks[index].stride
        level, coarse = self._levels[index], entries[::step, ::step]
        try:
            return level.modulations(coarse, self._book, patch, self._room())
        except TablesFull:
            self.release_tables()  # what other scenes left there makes room
        try:
            return level.modulations(coarse, self._book, patch, self._room())
        except TablesFull:
            return None

    def _room(self) -> int | None:
        """Bytes that further rows may take."""
        if self.most_bytes is None:
            return None
        return int(self.most_bytes * TABLES_SHARE) - sum(level.held_bytes for level in self._levels)

    def _densely(self, index: int, scene: Scene, patch: Patch | None) -> Modulations:
        config, dtype = self._generator.config, self._workspace.dtype
        step = config.blocks[index].stride
        whole = Box(0, 0, scene.size[1] // step, scene.size[0] // step)
        needed, middle = (patch.needed, patch.middle) if patch else (whole, whole)
        around = grown(needed, _REACH, whole.height, whole.width)
        wanted = dense_bytes(config, index, around.width * around.height, dtype.itemsize)
        if self.most_bytes is not None and wanted + self.held_bytes > self.most_bytes:
            raise shortage(_("so many small regions"), f"block {index} needs {wanted} bytes")
        if index not in self._dense:
            self._dense[index] = DenseLevel(fold_block(self._generator, index), dtype, self._workspace.device)
        seen = self.condition(scene, step, around)
        return self._dense[index].modulations(seen, within(needed, around), within(middle, around))
