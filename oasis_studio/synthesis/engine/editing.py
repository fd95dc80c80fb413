"""Following the brush: only the rectangle that an edit touched is computed again, level by level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from oasis_studio.core.box import EMPTY, Box
from oasis_studio.core.request import SynthesisCancelled
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.rectangles import changed_box, grown, patch_around, scaled, within
from oasis_studio.synthesis.engine.scene import Scene

_HALO = 2
"""Pixels around the touched rectangle that are computed again at every level."""
_LARGEST_SHARE = 0.5
"""An edit that touches more of the picture is rendered as a whole."""


@dataclass(eq=False)
class _Picture:
    """What the last render left: entries (numbered in ``generation``), every level's features, the image.

    ``touched`` was computed again by a render that was abandoned: at some levels, not at others.
    """

    generation: int
    entries: np.ndarray
    features: list[Tensor]
    image_HW3: Tensor
    touched: Box = EMPTY


class LiveImage:
    """Renders scenes whole, or follows small edits of the last one.

    Following is approximate: what a change does beyond its rectangle, a slight shift of colours, waits for the next
    whole render.
    """

    def __init__(self, generator: CompiledGenerator) -> None:
        self._generator = generator
        self._picture: _Picture | None = None

    def forget(self) -> None:
        """Empty the tables: the next render depends on nothing that was rendered before, in its last bits neither."""
        self._generator.clear()
        self._picture = None

    def render(self, scene: Scene, is_stale: Callable[[], bool]) -> Tensor:
        """The whole image, (H, W, 3) float32 in [−1, 1]. Raises SynthesisCancelled between blocks."""
        self._picture = None  # its features are about to be overwritten
        entries = self._generator.entries(scene)
        features: list[Tensor] = []
        for stage in self._generator.stages(scene, entries):
            if is_stale() and len(features) <= len(self._generator.blocks):
                raise SynthesisCancelled
            features.append(stage)
        image = features.pop()
        if entries is not None:
            self._picture = _Picture(self._generator.generation, entries, features, image)
        return image

    def follow(self, scene: Scene, is_stale: Callable[[], bool]) -> tuple[Tensor, bool]:
        """The image, and whether it is approximate. A large change, or another scene, is rendered whole."""
        entries = self._generator.entries(scene)
        picture = self._picture
        if entries is None or picture is None or not self._continues(picture, entries):
            return self.render(scene, is_stale), False
        touched = changed_box(picture.entries, entries).united(picture.touched)
        if touched.is_empty:
            return picture.image_HW3, True
        is_large = touched.width * touched.height > _LARGEST_SHARE * entries.size
        if is_large or not self._refresh(picture, touched, scene, entries, is_stale):
            return self.render(scene, is_stale), False
        return picture.image_HW3, True

    def _continues(self, picture: _Picture, entries: np.ndarray) -> bool:
        return picture.generation == self._generator.generation and picture.entries.shape == entries.shape

    def _refresh(
        self, picture: _Picture, touched: Box, scene: Scene, entries: np.ndarray, is_stale: Callable[[], bool]
    ) -> bool:
        """Compute ``touched`` again at every level it changes; False if tables do not pay there."""
        moves = not picture.touched.is_empty
        picture.touched = touched
        for index in range(len(self._generator.blocks)):
            step = self._generator.config.grid >> index
            part = scaled(touched, step).slices
            old, new = picture.entries[::step, ::step], entries[::step, ::step]
            # Coarse levels see every 32nd, 16th … pixel only: a dab between those leaves them as they are.
            moves = moves or not np.array_equal(old[part], new[part])
            if not moves:
                continue
            if index == 0:
                picture.features[0] = self._generator.stem(scene, entries)
            if not self._refresh_level(picture, index, new, scaled(touched, step)):
                return False
            if is_stale():
                raise SynthesisCancelled
        self._refresh_image(picture, touched)
        picture.entries, picture.touched = entries, EMPTY
        return True

    def _refresh_level(self, picture: _Picture, index: int, entries: np.ndarray, touched: Box) -> bool:
        """The output of block ``index`` around ``touched``."""
        block = self._generator.blocks[index]
        patch = patch_around(touched, _HALO, entries.shape[0], entries.shape[1], doubles=index > 0)
        modulations = block.level.modulations(entries, self._generator.book, patch)
        if modulations is None:
            return False
        picture.features[index + 1][patch.result.slices] = block.part(picture.features[index], modulations, patch)
        return True

    def _refresh_image(self, picture: _Picture, touched: Box) -> None:
        last = picture.features[-1]
        result = grown(touched, _HALO + 1, last.shape[0], last.shape[1])
        needed = grown(result, 1, last.shape[0], last.shape[1])
        crop = self._generator.workspace.take("crop", needed.height, needed.width, last.shape[2])
        image = self._generator.image(crop.copy_(last[needed.slices]))
        picture.image_HW3[result.slices] = image[within(result, needed).slices]
