"""All random choices of a step, made before it: so that processes share a batch, and a batch can be cut in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from oasis_training.learning import augment
from oasis_training.learning.appearance import NUMBERS, Appearance, measured, region_weights
from oasis_training.learning.ranks import Ranks
from oasis_training.pairs.dataset import Batch
from oasis_training.pairs.draws import draw_bits, draw_noise
from oasis_training.recipe import Phase, Recipe

_FOLLOWING = 0.5
"""Share of the images that are asked for as their photos look, where the recipe has an appearance term."""
_FARTHEST = 2.5
"""Deviations beyond which a photo's numbers are not followed: drawn ones hardly ever lie there."""


@dataclass(frozen=True)
class Plan:
    """A batch and what is to be done with it; every tensor has a row per image.

    ``image`` (N, 3, S, S) in [−1, 1] · ``labels``, ``valid`` (N, S, S) of the photos · ``asked`` the label maps given
    to the generator · ``noise`` and ``other_noise`` (N, classes, Z) · ``code`` (N, 256) ~ N(0, 1) for a style code ·
    ``colours`` (N, 3, 3) for the picture in the generator's step, the photo, and the picture once more ·
    ``bits`` (N, classes) of LabelMix.
    """

    image: Tensor
    labels: Tensor
    valid: Tensor
    asked: Tensor
    geometry: augment.Geometry
    noise: Tensor
    other_noise: Tensor
    code: Tensor
    colours: Tensor
    bits: Tensor

    def __len__(self) -> int:
        return len(self.image)

    def parts(self, count: int) -> Iterator[Plan]:
        """The plan in ``count`` parts of nearly equal size, none of them empty."""
        for rows in torch.arange(len(self), device=self.image.device).tensor_split(min(count, len(self))):
            yield self._rows(rows)

    def _rows(self, rows: Tensor) -> Plan:
        geometry = self.geometry
        return Plan(
            self.image[rows], self.labels[rows], self.valid[rows], self.asked[rows],
            augment.Geometry(geometry.rows[rows], geometry.columns[rows], geometry.valid[rows]),
            self.noise[rows], self.other_noise[rows], self.code[rows], self.colours[rows], self.bits[rows],
        )  # fmt: skip

    def seen(self, image_N3HW: Tensor, which: int) -> Tensor:
        """A picture as the discriminator sees it; pixels that do not count are grey, so that they tell nothing."""
        moved = self.geometry.apply(augment.recoloured(image_N3HW, self.colours[:, which]))
        return (moved * self.geometry.valid[:, None]).contiguous()


@dataclass(frozen=True)
class Sizes:
    """``classes`` of the model · numbers of a noise vector and of a style code."""

    classes: int
    noise: int
    style: int


def draw_plan(
    batch: Batch,
    sizes: Sizes,
    recipe: Recipe,
    phase: Phase,
    draws: torch.Generator,
    ranks: Ranks,
    appearance: Appearance | None = None,
) -> Plan:
    """``batch`` holds the images of this rank, out of ``phase.batch``; the numbers are drawn for all of them.

    With ``appearance`` half of the images are asked for as their photos look.
    """
    count, rows = phase.batch, ranks.rows(phase.batch)
    share = recipe.region_noise
    noise, other = (draw_noise(count, sizes.classes, sizes.noise, share, draws)[rows] for _index in range(2))
    if appearance is not None:
        follows = torch.rand((count, 1), generator=draws, device=draws.device)[rows] < _FOLLOWING
        noise = _like_photos(noise, batch, follows, appearance)
    code = torch.randn((count, sizes.style), generator=draws, device=draws.device)[rows]
    if not recipe.uses_noise:
        noise, other, code = (torch.zeros_like(drawn) for drawn in (noise, other, code))
    geometry = augment.draw_geometry(count, phase.size, phase.augment, draws)
    # A picture that is compared with the photo has to be asked for with the photo's own map.
    bent = recipe.label_warp if recipe.architecture == "oasis" and not (recipe.vgg or recipe.perception) else 0.0
    warp = augment.draw_warp(count, bent, draws)[rows]
    colours = torch.stack([augment.draw_colour(count, phase.augment, draws)[rows] for _index in range(3)], dim=1)
    return Plan(
        batch.image, batch.labels, batch.valid, augment.warp_labels(batch.labels, warp),
        augment.Geometry(geometry.rows[rows], geometry.columns[rows], geometry.valid[rows]),
        noise, other, code, colours, draw_bits(count, sizes.classes, draws)[rows],
    )  # fmt: skip


@torch.no_grad()
def _like_photos(noise_NRZ: Tensor, batch: Batch, follows_N1: Tensor, appearance: Appearance) -> Tensor:
    """The noise with the numbers of the photos' own regions, where they can be measured and are to be followed."""
    share, weights = region_weights(batch.labels, batch.valid, noise_NRZ.shape[1])
    numbers = appearance.numbers(measured(batch.image, weights)).clamp(-_FARTHEST, _FARTHEST)
    followed = torch.where(((share > 0) & follows_N1)[..., None], numbers, noise_NRZ[..., :NUMBERS])
    return torch.cat([followed, noise_NRZ[..., NUMBERS:]], dim=2)
