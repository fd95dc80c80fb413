"""Every column goes through the same measurements, against the same photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from oasis_training.evaluation import neighbours
from oasis_training.evaluation.alignment import Agreement, confusions
from oasis_training.evaluation.colours import thumbnail_patches
from oasis_training.evaluation.distances import frechet_distance, kernel, mmd
from oasis_training.evaluation.diversity import (
    Variety,
    locality,
    perceptual_distances,
    seed_pairs,
    structural_similarities,
)
from oasis_training.evaluation.judgement import Column, Kind
from oasis_training.evaluation.own_networks import InceptionFile, SegmenterFile
from oasis_training.evaluation.plain_examination import PlainExamination
from oasis_training.evaluation.pooled_features import fd_e, standardised
from oasis_training.evaluation.pooled_features import features as pooled_features
from oasis_training.evaluation.readers import ModelReader
from oasis_training.evaluation.resampling import Estimate, crossed, estimate
from oasis_training.evaluation.scenes import Scenes

_FEW = 30
"""Resamples of what takes long."""


@dataclass(frozen=True, eq=False)
class Judges:
    """Who reads the pictures, and a person's own networks."""

    readers: tuple[ModelReader, ...] = ()
    inception: InceptionFile | None = None
    own_segmenter: SegmenterFile | None = None


class Reader(Protocol):
    """A network that says what a picture shows."""

    def classes(self, image_N3HW: Tensor) -> Tensor:
        """(N, H, W) ids of the likeliest classes of (N, 3, H, W) pictures in [−1, 1]."""
        ...


class Examination:
    """Holds what is known of the photos of ``scenes``."""

    def __init__(self, scenes: Scenes, judges: Judges) -> None:
        self.scenes = scenes
        self.judges = judges
        self.plain = PlainExamination(scenes)
        self.real = self._features(scenes.photos)
        self.trained = self._features(scenes.trained) if len(scenes.trained) else {}
        self.read = [self._confusions(reader, scenes.photos) for reader in judges.readers]

    def column(self, name: str, kind: Kind, pictures: Tensor, variety: Variety | None = None) -> Column:
        found = self._features(pictures)
        values: dict[str, Estimate] = {}
        for space, rows in found.items():
            scaled = standardised if space == "e" else _as_they_are
            values[f"kid_{space}"] = self._kernel_distance(scaled(self.real[space]), scaled(rows))
        values["fd_e"] = self._frechet(found["e"])
        if "i" in found and kind != "photos":
            values["fid"] = Estimate(frechet_distance(self.real["i"], found["i"]))
        values |= self._spread(self.real["e"], found["e"])
        values |= self.plain.values(pictures)
        if self.trained:
            values |= self._copying(pictures, found["e"])
        if variety is not None:
            values |= self._variety(variety)
        elif kind == "photos":
            values |= self._different_scenes()
        column = self._with_agreement(Column(name, kind, pictures, values, variety=variety))
        return self._with_own_reading(column)

    def _features(self, pictures: Tensor) -> dict[str, Tensor]:
        """By the letter of the space: e EfficientNet, i Inception."""
        found = {"e": pooled_features(pictures)}
        if self.judges.inception is not None:
            found["i"] = self.judges.inception.features(pictures)
        return found

    def _kernel_distance(self, real: Tensor, rows: Tensor) -> Estimate:
        within, other, between = kernel(real, real), kernel(rows, rows), kernel(real, rows)

        def distance(a: Tensor, b: Tensor) -> float:
            return mmd(within[a][:, a], other[b][:, b], between[a][:, b])

        return estimate(crossed(distance), len(real))

    def _frechet(self, rows: Tensor) -> Estimate:
        real = self.real["e"]
        return estimate(crossed(lambda a, b: fd_e(real[a], rows[b])), len(real), _FEW)

    def _spread(self, real: Tensor, rows: Tensor) -> dict[str, Estimate]:
        within, other, between = torch.cdist(real, real), torch.cdist(rows, rows), torch.cdist(real, rows)

        def measured(statistic: Callable[[Tensor, Tensor, Tensor], float]) -> Estimate:
            return estimate(
                crossed(lambda a, b: statistic(within[a][:, a], other[b][:, b], between[a][:, b])), len(real)
            )

        return {
            "precision": measured(lambda r, _o, b: neighbours.precision(r, b)),
            "recall": measured(lambda _r, o, b: neighbours.recall(o, b)),
            "density": measured(lambda r, _o, b: neighbours.density(r, b)),
            "coverage": measured(lambda r, _o, b: neighbours.coverage(r, b)),
        }

    def _copying(self, pictures: Tensor, rows: Tensor) -> dict[str, Estimate]:
        scenes = self.scenes
        by_features = neighbours.copying_ratios(rows[:, None], self.real["e"][:, None], self.trained["e"][:, None])
        by_pixels = neighbours.copying_ratios(
            thumbnail_patches(pictures), thumbnail_patches(scenes.photos), thumbnail_patches(scenes.trained)
        )
        return {"copying": _median(by_features), "copying_pixels": _median(by_pixels)}

    def _variety(self, variety: Variety) -> dict[str, Estimate]:
        pairs = seed_pairs()
        seeds = variety.seeds
        similar = torch.stack([structural_similarities(seeds[:, a], seeds[:, b]) for a, b in pairs]).mean(dim=0)
        apart = torch.stack([perceptual_distances(seeds[:, a], seeds[:, b]) for a, b in pairs])
        values = {"ms_ssim": _mean(similar), "diversity": _mean(apart.mean(dim=0))}
        inside, outside = locality(variety)
        if variety.has_region.any():
            values["locality"] = estimate(
                lambda rows: float(inside[rows].nanmean() / outside[rows].nanmean().clamp(min=1e-9)), len(inside)
            )
        return values

    def _different_scenes(self) -> dict[str, Estimate]:
        photos = self.scenes.photos
        other = photos.roll(1, dims=0)
        apart = perceptual_distances(photos, other)
        return {"diversity": _mean(apart), "ms_ssim": _mean(structural_similarities(photos, other))}

    def _with_agreement(self, column: Column) -> Column:
        """Mean over the readers; for the photos the most that a picture can hope for."""
        if not self.judges.readers:
            return column
        scenes = self.scenes
        read = [self._confusions(reader, column.pictures) for reader in self.judges.readers]

        def mean(rows: Tensor, number: Callable[[Agreement], float], of: list[Tensor]) -> float:
            found = [Agreement(table[rows].sum(dim=0), scenes.palette.dont_care) for table in of]
            return sum(map(number, found)) / len(found)

        def measured(number: Callable[[Agreement], float]) -> Estimate:
            return estimate(lambda rows: mean(rows, number, read), len(scenes))

        def ratio(rows: Tensor) -> float:
            return mean(rows, _mean_iou, read) / max(mean(rows, _mean_iou, self.read), 1e-9)

        values = column.values | {
            "mean_iou": measured(_mean_iou),
            "accuracy": measured(lambda found: found.accuracy),
            "iou_ratio": estimate(ratio, len(scenes)),
        }
        iou = tuple(measured(lambda found, index=index: found.iou[index]) for index in range(len(scenes.palette)))
        hits = read[0].diagonal(dim1=1, dim2=2).sum(dim=1) / read[0].sum(dim=(1, 2)).clamp(min=1)
        every = [_mean_iou(Agreement(table.sum(dim=0), scenes.palette.dont_care)) for table in read]
        facts = column.facts | {"mean_iou_by_reader": [round(value, 4) for value in every]}
        return replace(column, values=values, iou=iou, accuracies=hits, facts=facts)

    def _with_own_reading(self, column: Column) -> Column:
        if self.judges.own_segmenter is None:
            return column
        table = self._confusions(self.judges.own_segmenter, column.pictures)
        ignored = self.scenes.palette.dont_care
        numbers = {"own_iou": _mean_iou, "own_accuracy": lambda found: found.accuracy}
        values = {
            key: estimate(lambda rows, n=number: n(Agreement(table[rows].sum(dim=0), ignored)), len(table))
            for key, number in numbers.items()
        }
        return replace(column, values=column.values | values)

    def _confusions(self, reader: Reader, pictures: Tensor) -> Tensor:
        scenes = self.scenes
        return confusions(reader.classes(pictures), scenes.labels, scenes.valid, len(scenes.palette))


def _as_they_are(rows: Tensor) -> Tensor:
    return rows


def _mean_iou(found: Agreement) -> float:
    return found.mean_iou


def _mean(numbers_N: Tensor) -> Estimate:
    return estimate(lambda rows: float(numbers_N[rows].nanmean()), len(numbers_N))


def _median(numbers_N: Tensor) -> Estimate:
    return estimate(lambda rows: float(numbers_N[rows].median()), len(numbers_N))
