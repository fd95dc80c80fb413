"""The measurements that need no network: nobody can have been trained to please them."""

from __future__ import annotations

from torch import Tensor

from oasis_training.evaluation.colours import colour_histograms, histogram_distance
from oasis_training.evaluation.plain_pictures import sharpness
from oasis_training.evaluation.resampling import Estimate, crossed, estimate
from oasis_training.evaluation.scenes import Scenes
from oasis_training.evaluation.texture import (
    grid_power,
    level_deviations,
    patch_projections,
    power_spectra,
    repetitions,
    sliced_distance,
    spectrum_distance,
)

_FEW = 20
"""Resamples of what takes long."""


class PlainExamination:
    """Holds what is known of the photos of ``scenes``."""

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes
        self.deviations = level_deviations(scenes.photos)
        self.patches = patch_projections(scenes.photos, self.deviations)
        self.spectra = power_spectra(scenes.photos)
        self.colours = self._colours(scenes.photos)

    def values(self, pictures: Tensor) -> dict[str, Estimate]:
        """By the key of the measure; pictures (N, 3, S, S) of the scenes in their order."""
        count = len(pictures)
        patches = patch_projections(pictures, self.deviations)
        spectra, colours = power_spectra(pictures), self._colours(pictures)
        repeated = repetitions(pictures, self.scenes.labels)
        woven = grid_power(pictures)

        def patch_distance(a: Tensor, b: Tensor) -> float:
            return sliced_distance([level[a] for level in self.patches], [level[b] for level in patches])

        return {
            "patches": estimate(crossed(patch_distance), count, _FEW),
            "spectrum": estimate(crossed(lambda a, b: spectrum_distance(self.spectra[a], spectra[b])), count),
            "colours": estimate(crossed(lambda a, b: histogram_distance(self.colours[a], colours[b])), count),
            "grid": estimate(lambda rows: float(woven[rows].nanmean()), count),
            "repetition": estimate(lambda rows: float(repeated[rows].nanmean()), count),
            "sharpness": estimate(lambda rows: sharpness(pictures[rows]), count, _FEW),
        }

    def _colours(self, pictures: Tensor) -> Tensor:
        scenes = self.scenes
        return colour_histograms(pictures, scenes.labels, scenes.valid, len(scenes.palette))
