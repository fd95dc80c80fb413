"""A photo in the memory there is: in one piece, else in tiles, else in smaller tiles."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from oasis_studio.core.pixels.box import Box
from oasis_studio.core.work.request import SynthesisCancelled
from oasis_studio.errors import MemoryShortage
from oasis_studio.synthesis.engine.editing import LiveImage, Progress, unwatched
from oasis_studio.synthesis.engine.footprint import tile_bytes, whole_bytes
from oasis_studio.synthesis.engine.label_path import TABLES_SHARE
from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.engine.tiling import tiles
from oasis_studio.synthesis.rendering.memory import memory_guard, shortage

log = logging.getLogger(__name__)

_SIDES = (2048, 1024, 512, 256, 128, 64)

Take = Callable[[Box, np.ndarray], None]
"""Is given a box of the image and its pixels (h, w, 3) float32 in [−1, 1], good until it returns."""


@dataclass(frozen=True)
class Work:
    """What to render, a noun for it in messages, and who wants to know. A piece may be given to ``take`` again."""

    scene: Scene
    name: str
    take: Take
    is_stale: Callable[[], bool]
    progress: Progress = unwatched
    follows: bool = False
    only_detail: bool = False


def render_in(live: LiveImage, work: Work, most_bytes: int | None) -> bool:
    """Render in at most ``most_bytes`` beyond what the model takes (None: nobody knows how much there is).

    Returns whether the image is approximate. Raises SynthesisCancelled, and MemoryShortage if not even the smallest
    tile fits. Tables are given a share of the memory; what they hold already counts as part of it.
    """
    live.generator.label_path.most_bytes = most_bytes
    for side in _ways(live, work.scene, most_bytes):
        try:
            with memory_guard(work.name):
                if side is None:
                    return _render_whole(live, work)
                _render_tiles(live, work, side)
                return live.is_draft
        except MemoryShortage as error:
            log.info("%s in pieces of %s pixels: %s", work.name, side, error.detail)
            live.release()
    raise shortage(work.name, f"{most_bytes} bytes")


def _ways(live: LiveImage, scene: Scene, most_bytes: int | None) -> Iterator[int | None]:
    """The side of the tiles, largest first; None stands for one piece."""
    config = live.generator.config
    kind = (live.generator.dtype.itemsize, live.generator.arithmetic.is_int8)
    room = None if most_bytes is None else int(most_bytes * (1 - TABLES_SHARE))
    if room is None or whole_bytes(config, *scene.size, *kind) <= room:
        yield None
    else:
        live.release()
    for side in _SIDES:
        is_smaller = config.grid <= side < max(scene.size)
        if is_smaller and (room is None or tile_bytes(config, side, *kind) <= room):
            yield side


def _render_whole(live: LiveImage, work: Work) -> bool:
    if work.follows:
        image, is_approximate = live.follow(work.scene, work.is_stale, work.only_detail)
    else:
        image, is_approximate = live.render(work.scene, work.is_stale, work.progress), live.is_draft
    height, width = work.scene.size
    work.take(Box(0, 0, width, height), image.cpu().numpy())
    return is_approximate


def _render_tiles(live: LiveImage, work: Work, side: int) -> None:
    generator = live.generator
    live.forget_picture()
    plan = tiles(generator.config, *work.scene.size, side)
    steps = len(generator.blocks) + 1
    for index, tile in enumerate(plan):
        for done, stage in enumerate(generator.tile_stages(work.scene, tile), 1):
            is_last = index + 1 == len(plan) and done == steps
            if not is_last and work.is_stale():
                raise SynthesisCancelled
            if done == steps:
                work.take(tile.box, stage.cpu().numpy())
            work.progress(index * steps + done, len(plan) * steps)
