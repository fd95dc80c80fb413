"""From styles to the numbers of a request.

The editor keeps a :class:`~oasis_studio.core.document.style.RegionStyle` for every region in ``document.styles``, which
only the commands of :mod:`~oasis_studio.core.history.style_commands` change. :func:`noise_table` turns all of them into
``regions_HW`` and ``noise_RZ``, which is all that the engine sees. Whoever finds a vector, a swatch or the noise of a
photo stores it as a :class:`~oasis_studio.core.document.style.StoredVector` with its origin and gives it to
``SetStyles``. A picture that is not in the document yet (a variation, a frame of an animation, a trial of an inversion)
is made of ``Styling.of(document, …).replaced({key: style})``.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.noise import MAX_SEED, noise_vector
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import (
    MOST_STEPS,
    PLAIN,
    Brushed,
    ImageSeed,
    Mix,
    OwnSeed,
    Paint,
    RegionStyle,
    Source,
    StoredVector,
    amounts,
    slerp,
)
from oasis_studio.core.models.card import GENERATOR_FILE, ModelCard
from oasis_studio.core.pixels.box import Box


def model_identity(card: ModelCard) -> str:
    """What stored vectors belong to: the weights, whatever the model's folder is called."""
    return card.sha256.get(GENERATOR_FILE, card.id)


def seed_of(stored: StoredVector) -> int:
    """The seed that stands for a stored vector where another model renders."""
    return zlib.crc32(np.array(stored.values, np.float32).tobytes()) & MAX_SEED


@dataclass(frozen=True)
class Styling:
    """The styles of a document at one moment, for the model of identity ``model``."""

    seed: int
    model: str
    styles: Mapping[RegionKey, RegionStyle] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document, model: str) -> Styling:
        return cls(document.seed, model, {key: trail.style for key, trail in document.styles.items()})

    def replaced(self, styles: Mapping[RegionKey, RegionStyle]) -> Styling:
        """With other styles of some regions."""
        return replace(self, styles={**self.styles, **styles})

    def style(self, key: RegionKey) -> RegionStyle:
        """The style of its own that a region has."""
        return self.styles.get(key, PLAIN)

    def in_use(self, key: RegionKey) -> RegionStyle:
        """The style that shows: where a region has nothing of its own over it, what lies over the whole image does."""
        style = self.style(key)
        if key != WHOLE_IMAGE and isinstance(style.source, ImageSeed) and not style.paints:
            return replace(style, paints=self.style(WHOLE_IMAGE).paints)
        return style

    def vector(self, source: Source, size: int) -> np.ndarray:
        """(size,) float32."""
        if isinstance(source, OwnSeed):
            return noise_vector(source.seed, size)
        if isinstance(source, StoredVector):
            if source.model != self.model or len(source.values) != size:
                return noise_vector(seed_of(source), size)
            return np.array(source.values, np.float32)
        if isinstance(source, Mix):
            return slerp(self.vector(source.first, size), self.vector(source.second, size), source.share)
        whole = self.style(WHOLE_IMAGE)
        if isinstance(whole.source, ImageSeed):
            return noise_vector(self.seed, size) * np.float32(whole.strength)
        own = self.vector(whole.source, size) if not _asks_for_image(whole.source) else self._mixed(whole.source, size)
        return own * np.float32(whole.strength)

    def _mixed(self, source: Source, size: int) -> np.ndarray:
        """A vector of the whole image's own style, in which the image's seed is only a seed."""
        if isinstance(source, Mix):
            return slerp(self._mixed(source.first, size), self._mixed(source.second, size), source.share)
        return noise_vector(self.seed, size) if isinstance(source, ImageSeed) else self.vector(source, size)

    @property
    def is_even(self) -> bool:
        """Do all regions have the same noise, that of the whole image?"""
        others = (style for key, style in self.styles.items() if key != WHOLE_IMAGE)
        return not self.style(WHOLE_IMAGE).paints and all(style.is_plain for style in others)

    def image_code(self, size: int) -> np.ndarray | None:
        """The style code of the whole image, (size,); None for a model that takes none."""
        return self.vector(ImageSeed(), size) if size else None


def _asks_for_image(source: Source) -> bool:
    if isinstance(source, Mix):
        return _asks_for_image(source.first) or _asks_for_image(source.second)
    return isinstance(source, ImageSeed)


@dataclass(frozen=True, eq=False)
class NoiseTable:
    """``regions_HW`` uint16 row of ``noise_RZ`` float32 for every pixel, as in a request."""

    regions_HW: np.ndarray
    noise_RZ: np.ndarray


def noise_table(regions: RegionMap, styling: Styling, size: int) -> NoiseTable:
    """A region's row is its number in the map; those that are painted over have more, after all of these.

    ``size`` is Z, 0 for models without region noise.
    """
    rows = [np.zeros(size, np.float32)] * len(regions.keys)  # of regions without pixels
    found = regions.regions
    for region in found:
        style = styling.style(region.key)
        rows[region.number] = styling.vector(style.source, size) * np.float32(style.strength)
    regions_HW = regions.ids_HW.copy()
    for region in found:
        style, row = styling.in_use(region.key), region.number
        if style.paints and size:
            box = _reach(style.paints, regions, region.key)
            if not box.is_empty:
                rows += _spread(regions_HW, row, box, style, styling, rows[row], len(rows))
    return NoiseTable(regions_HW, np.stack(rows).astype(np.float32).reshape(len(rows), size))


def even_table(height: int, width: int, styling: Styling, size: int) -> NoiseTable:
    """One row for all pixels, which says the same as :func:`noise_table` where the styling is even or ``size`` is 0.

    Nobody needs to know the regions for it.
    """
    row = styling.vector(ImageSeed(), size)
    return NoiseTable(np.zeros((height, width), np.uint16), row.astype(np.float32).reshape(1, size))


def _reach(paints: tuple[Paint, ...], regions: RegionMap, key: RegionKey) -> Box:
    """Where the paints of a region can be: its box, or less where all of them were brushed."""
    box = regions.box(key)
    if not all(isinstance(paint.shape, Brushed) for paint in paints):
        return box
    around = Box(0, 0, 0, 0)
    for paint in paints:
        if isinstance(paint.shape, Brushed):
            around = around.united(paint.shape.box)
    left, top = max(box.left, around.left), max(box.top, around.top)
    return Box(left, top, max(left, min(box.right, around.right)), max(top, min(box.bottom, around.bottom)))


def _spread(
    regions_HW: np.ndarray,
    row: int,
    box: Box,
    style: RegionStyle,
    styling: Styling,
    base_Z: np.ndarray,
    first: int,
) -> list[np.ndarray]:
    """Give the pixels of a painted region rows of their own, from number ``first`` on; the vectors of those rows.

    Every paint is quantised to as many steps as all of them together may have, so that no more than MOST_STEPS occur.
    """
    part = regions_HW[box.slices]
    inside = part == row
    steps = max(2, int(MOST_STEPS ** (1 / len(style.paints)) + 1e-9))
    codes = np.zeros(part.shape, np.int64)
    for paint in style.paints:
        codes *= steps
        codes += np.rint(amounts(paint.shape, box) * (steps - 1)).astype(np.int64)
    is_there = np.bincount(codes[inside], minlength=steps ** len(style.paints)) > 0
    is_there[0] = False  # nothing painted: the region's own row
    found = np.flatnonzero(is_there)
    table = np.full(is_there.shape, row, np.uint16)
    table[found] = np.arange(first, first + len(found), dtype=np.uint16)
    part[inside] = table[codes[inside]]
    strength = np.float32(style.strength)
    others = [styling.vector(paint.source, len(base_Z)) * strength for paint in style.paints]
    return [_composed(base_Z, others, int(code), steps) for code in found.tolist()]


def _composed(base_Z: np.ndarray, others: list[np.ndarray], code: int, steps: int) -> np.ndarray:
    """The paints over the base, from the first to the last; ``code`` tells how much of each."""
    shares = []
    for _other in others:
        code, step = divmod(code, steps)
        shares.append(step / (steps - 1))
    mixed = base_Z
    for other, share in zip(others, reversed(shares), strict=True):
        mixed = slerp(mixed, other, share)
    return mixed
