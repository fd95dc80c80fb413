"""Following the brush: only the rectangle that an edit touched is computed again, level by level."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.work.request import SynthesisCancelled
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.drift import Composition, Sensitivity, Tolerance
from oasis_studio.synthesis.engine.rectangles import changed_box, grown, patch_around, scaled, within
from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.engine.tiling import doubles

Progress = Callable[[int, int], None]
"""Steps done, steps in all."""

_HALO = 2
"""Pixels around the touched rectangle that are computed again at every level of detail."""
_COARSE_HALO = 1
"""At the others: a second pixel there costs a third of the time of a dab, and brings nothing that shows."""
_LARGEST_SHARE = 0.5
"""An edit that touches more of the picture is rendered as a whole."""
_MARGINS = range(0, 49, 8)
"""Pixels around the touched rectangle that are computed again too, the fewest that bring the photo close enough."""
_BRUSH_REACH = 16
"""Pixels from a change to where no trace of the brush itself is left, only drift."""
_LEAST_COMPOSITION = 32
"""A picture with fewer of the coarsest pixels is rendered whole: all of it depends on each of them."""
_DETAIL_STRIDE = 4
"""Blocks whose pixels are larger hold composition and light rather than detail; they may wait."""


def unwatched(_done: int, _total: int) -> None:
    """Nobody wants to know how far it is."""


@dataclass(eq=False)
class _Picture:
    """What the last render left: every level's features, the image.

    ``seen`` are the entries (numbered in ``generation``) that each block's output stands for, and last the image: some
    are behind where an edit waits for its coarse blocks, or was abandoned on the way. ``owed`` is where the input of
    each was computed again since.
    """

    generation: int
    seen: list[np.ndarray]
    features: list[Tensor]
    image_HW3: Tensor
    owed: list[Box]
    composition: Composition
    style: bytes | None
    is_whole: bool = True
    is_int8: bool = False  # its whole render was

    def touched(self, entries: np.ndarray) -> list[Box]:
        """What has to be computed again for these entries, by block and last for the image."""
        boxes: dict[int, Box] = {}
        for seen in self.seen:
            if id(seen) not in boxes:  # mostly all of them are one map
                boxes[id(seen)] = changed_box(seen, entries)
        return [boxes[id(seen)].united(owed) for seen, owed in zip(self.seen, self.owed, strict=True)]


class LiveImage:
    """Renders scenes whole, or follows small edits of the last one.

    Following is approximate: what a change does beyond its rectangle, a slight shift of colours, waits for the next
    whole render. Where it does more there than ``tolerance`` lets pass, be it one large edit or many small ones, that
    comes at once.
    """

    def __init__(self, generator: CompiledGenerator, tolerance: Tolerance | None = None) -> None:
        self.generator = generator
        self._tolerance = tolerance or Tolerance()
        self._sensitivity = Sensitivity()
        self._whole_seconds = np.inf
        self.is_draft = False  # whole photos too are approximate at the moment, a better one may come
        self._picture: _Picture | None = None

    def forget(self) -> None:
        """Empty the tables: the next render depends on nothing that was rendered before, in its last bits neither."""
        self.generator.clear()
        self._picture = None

    @property
    def held_bytes(self) -> int:
        """Memory of buffers and tables, which the next render can use."""
        return self.generator.label_path.held_bytes

    def forget_picture(self) -> None:
        """The next render follows nothing; tables stay."""
        self._picture = None

    def release(self) -> None:
        """Give the memory of buffers and tables back."""
        self._picture = None
        self.generator.workspace.clear()
        self.generator.label_path.release_tables()

    def render(self, scene: Scene, is_stale: Callable[[], bool], progress: Progress = unwatched) -> Tensor:
        """The whole image, (H, W, 3) float32 in [−1, 1]. Raises SynthesisCancelled between blocks."""
        last, self._picture = self._picture, None  # its features are about to be overwritten
        self.generator.label_path.drop_old_scenes()
        start = time.perf_counter()
        entries = self.generator.entries(scene)
        features: list[Tensor] = []
        steps = len(self.generator.blocks) + 2
        for done, stage in enumerate(self.generator.stages(scene, entries), 1):
            if is_stale() and done < steps:
                raise SynthesisCancelled
            features.append(stage)
            progress(done, steps)
        image = features.pop()
        self.generator.label_path.note_scene()
        self._whole_seconds = time.perf_counter() - start
        if entries is not None:
            if last is not None and self._continues(last, scene):
                self._learn(last, entries, features[1], image)
            parts = len(self.generator.blocks) + 1
            self._picture = _Picture(
                self.generator.generation,
                [entries] * parts,
                features,
                image,
                [EMPTY] * parts,
                Composition(features[1], self.generator.deviation, self.generator.config.blocks[0].stride),
                _style(scene),
                is_whole=not self.is_draft,
                is_int8=self.generator.arithmetic.is_int8,
            )
        return image

    def follow(self, scene: Scene, is_stale: Callable[[], bool], only_detail: bool = False) -> tuple[Tensor, bool]:
        """The image, and whether it is approximate. A change of much, or another scene, is rendered whole.

        ``only_detail`` leaves the coarse blocks as they are; following without it, or a whole render, makes up for it.
        """
        self.generator.label_path.drop_old_scenes()
        entries = self.generator.entries(scene)
        picture = self._picture
        if entries is None or picture is None or not self._continues(picture, scene) or self._is_small(scene):
            return self.render(scene, is_stale), self.is_draft
        boxes = picture.touched(entries)
        first = self._first_of_detail if only_detail else 0
        touched = EMPTY
        for box in boxes[first:]:
            touched = touched.united(box)
        if touched.width * touched.height > _LARGEST_SHARE * entries.size:
            return self.render(scene, is_stale), self.is_draft
        if not touched.is_empty:
            picture.is_whole = False
            if not self._refresh(picture, boxes, first, scene, entries, is_stale):
                return self.render(scene, is_stale), self.is_draft
        return picture.image_HW3, not picture.is_whole

    @property
    def _first_of_detail(self) -> int:
        strides = [block.stride for block in self.generator.config.blocks]
        return next(index for index, stride in enumerate(strides) if stride <= _DETAIL_STRIDE)

    def _continues(self, picture: _Picture, scene: Scene) -> bool:
        is_known = picture.generation == self.generator.generation
        return is_known and picture.image_HW3.shape[:2] == scene.size and picture.style == _style(scene)

    def _is_small(self, scene: Scene) -> bool:
        return scene.size[0] * scene.size[1] < _LEAST_COMPOSITION * self.generator.config.blocks[0].stride ** 2

    def _learn(self, last: _Picture, entries: np.ndarray, features_HWC: Tensor, image_HW3: Tensor) -> None:
        """From a whole image (H, W, 3), whose coarsest features are ``features``, how far the last one was off."""
        touched = last.touched(entries)[-1]
        if not touched.is_empty:  # the brush itself reaches a little further
            touched = grown(touched, _BRUSH_REACH, *image_HW3.shape[:2])
        drift, arithmetic = last.composition.drift(features_HWC).outside(touched), self.generator.arithmetic
        noise = arithmetic.error if last.is_int8 or arithmetic.is_int8 else 0.0
        self._sensitivity.learn(drift, last.image_HW3, image_HW3, touched, noise)

    def _refresh(
        self,
        picture: _Picture,
        boxes: list[Box],
        first: int,
        scene: Scene,
        entries: np.ndarray,
        is_stale: Callable[[], bool],
    ) -> bool:
        """Compute ``boxes`` again from block ``first`` on, each block also what changed in those before it.

        False, with the picture half done, if too much changes outside.
        """
        touched, moves = EMPTY, False
        for index, box in enumerate(boxes[first:-1], first):
            touched = touched.united(box)
            step = self.generator.config.blocks[index].stride
            part = scaled(touched, step)
            old, new = picture.seen[index][::step, ::step], entries[::step, ::step]
            # Coarse levels see every 32nd, 16th … pixel only: a dab between those leaves them as they are.
            moves = moves or not picture.owed[index].is_empty
            moves = moves or not np.array_equal(old[part.slices], new[part.slices])
            if moves and index == 0:
                self._recompose(picture, scene, entries)
                wider = self._wide_enough(picture, touched, scene.size)
                if wider is None:
                    return False
                touched = wider
            elif moves:
                self._refresh_level(picture, index, scene, entries, part)
            if moves:
                picture.owed[index], picture.owed[index + 1] = EMPTY, picture.owed[index + 1].united(touched)
            picture.seen[index] = entries
            if moves and is_stale():
                raise SynthesisCancelled
        self._refresh_image(picture, touched.united(boxes[-1]))
        picture.seen[-1], picture.owed[-1] = entries, EMPTY
        if first == 0:
            picture.composition.draw(picture.features[1], touched)
        return True

    def _recompose(self, picture: _Picture, scene: Scene, entries: np.ndarray) -> None:
        """The output of the first block, all of it."""
        picture.features[0] = self.generator.stem(scene, entries)
        modulations = self.generator.label_path.modulations(0, scene, entries)
        self.generator.blocks[0](picture.features[0], modulations, picture.features[1])

    def _wide_enough(self, picture: _Picture, touched: Box, size: tuple[int, int]) -> Box | None:
        """What to compute again for the rest to drift little enough; None: the whole picture is worth it."""
        moves = [far(picture.features[1]) for far in (picture.composition.step, picture.composition.drift)]
        for margin in _MARGINS:
            box = grown(touched, margin, *size)
            if box.width * box.height > _LARGEST_SHARE * size[0] * size[1]:
                return None
            step, drift = (self._sensitivity.decibels(move.outside(box), box, size) for move in moves)
            if self._tolerance.allows(step, drift, self._whole_seconds):
                return box
        return None

    def _refresh_level(self, picture: _Picture, index: int, scene: Scene, entries: np.ndarray, touched: Box) -> None:
        """The output of block ``index`` around ``touched``."""
        height, width = picture.features[index + 1].shape[:2]
        halo = _HALO if self.generator.config.blocks[index].stride <= _DETAIL_STRIDE else _COARSE_HALO
        patch = patch_around(touched, halo, height, width, doubles=doubles(self.generator.config, index))
        modulations = self.generator.label_path.modulations(index, scene, entries, patch)
        source = picture.features[index][patch.source.slices]
        with self.generator.arithmetic.following():
            result = self.generator.blocks[index].part(source, modulations, patch)
        picture.features[index + 1][patch.result.slices] = result

    def _refresh_image(self, picture: _Picture, touched: Box) -> None:
        last = picture.features[-1]
        result = grown(touched, _HALO + 1, last.shape[0], last.shape[1])
        needed = grown(result, 1, last.shape[0], last.shape[1])
        crop = self.generator.workspace.take("crop", needed.height, needed.width, last.shape[2])
        image = self.generator.image(crop.copy_(last[needed.slices]))
        picture.image_HW3[result.slices] = image[within(result, needed).slices]


def _style(scene: Scene) -> bytes | None:
    return None if scene.style_S is None else scene.style_S.tobytes()
