"""The noise of a label map spread out: a row for every class, or for every region of a region map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from oasis_studio.api import arrays
from oasis_studio.api.requests import scene_request
from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True, eq=False)
class NoiseRows:
    """``labels_HW`` uint8, ``regions_HW`` the row of ``noise_RZ`` float32 of every pixel."""

    labels_HW: np.ndarray
    regions_HW: np.ndarray
    noise_RZ: np.ndarray

    @classmethod
    def of(cls, card: ModelCard, labels: Any, seed: int | Iterable[int], noise: Any, regions: Any) -> NoiseRows:
        """From what ``Model.render`` takes, but noise for every pixel; StudioError where nothing could differ."""
        if not card.capabilities.has_region_noise:
            raise StudioError(_('The model "{name}" takes no noise.').format(name=card.name))
        if np.ndim(noise) > 2:
            raise StudioError(_("With noise for every pixel there are no regions that could be told apart."))
        request = scene_request("", card, labels, seed, noise, regions, None, "auto")
        count = len(card.palette)
        regions_HW = request.labels_HW.astype(np.int64)
        if regions is not None:
            regions_HW = arrays.region_map(regions, request.labels_HW.shape)
            count = int(regions_HW.max()) + 1
        noise_RZ = request.noise_RZ if len(request.noise_RZ) > 1 else np.repeat(request.noise_RZ, count, axis=0)
        return cls(request.labels_HW, regions_HW, noise_RZ)

    @property
    def there(self) -> list[int]:
        """Rows that have pixels."""
        return np.unique(self.regions_HW).tolist()

    def class_of(self, row: int) -> int:
        """The class that most pixels of the row have."""
        return int(np.bincount(self.labels_HW[self.regions_HW == row]).argmax())

    def require(self, rows: Iterable[int]) -> list[int]:
        """The same rows in their order; StudioError if one of them has no pixels, or there are none."""
        given, there = list(rows), self.there
        missing = [row for row in given if row not in there]
        if missing:
            raise StudioError(_("The label map has no pixels of region {row}.").format(row=missing[0]))
        if not given:
            raise StudioError(_("No region is chosen that could take a style."))
        return sorted({int(row) for row in given})

    def varied(self, seed: int, rows: Iterable[int]) -> np.ndarray:
        """(R, Z): those rows with seeds of their own that follow from ``seed``."""
        noise_RZ = self.noise_RZ.copy()
        for place, row in enumerate(rows):
            noise_RZ[row] = noise_vector(seed + place, noise_RZ.shape[1])
        return noise_RZ
