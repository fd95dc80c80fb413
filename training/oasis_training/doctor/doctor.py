"""The dataset doctor: photos and regions that are probably mislabelled, and photos unlike all others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import torch

from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.photos.reading import PhotoReader
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, Dataset, SourcePair
from oasis_training.doctor.suspicion import LabelledRegion, Suspicion, labelled_regions, suspicions
from oasis_training.evaluation.pooled_features import features

_SIDE = 256
"""Label maps are looked at with this short side at most: regions, not outlines, are judged."""
_THUMBNAIL = 96
_NEIGHBOURS = 5
_UNLIKE = 3.5
"""Robust deviations from the usual distance to other photos, from which on one is named (Iglewicz, Hoaglin)."""


@dataclass(frozen=True)
class SuspectRegion:
    """A labelled region, and why it is suspected."""

    region: LabelledRegion
    suspicion: Suspicion


@dataclass(frozen=True)
class SuspectPhoto:
    """``score``: the sum of its regions' suspicions, each by its share · ``share`` of it that is suspected."""

    name: str
    score: float
    share: float


@dataclass
class Diagnosis:
    """All regions and photos, the most suspected first, and the ``outliers`` with their deviations."""

    palette: Palette
    model: str
    photos: list[SuspectPhoto] = field(default_factory=list)
    regions: list[SuspectRegion] = field(default_factory=list)
    outliers: list[tuple[str, float]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    unknown_classes: tuple[str, ...] = ()

    @property
    def suspected(self) -> list[SuspectRegion]:
        """Regions that rather are something else."""
        return [entry for entry in self.regions if entry.suspicion.score > 0]

    def to_json(self) -> dict[str, Any]:
        names = [entry.name for entry in self.palette.classes]
        return {
            "model": self.model,
            "pairs": len(self.photos),
            "regions_in_all": len(self.regions),
            "photos": [
                {"name": photo.name, "score": round(photo.score, 4), "suspected_share": round(photo.share, 4)}
                for photo in self.photos
                if photo.score > 0
            ],
            "regions": [
                {
                    "name": entry.region.pair,
                    "class": names[entry.region.label],
                    "reads": names[entry.suspicion.instead],
                    "score": round(entry.suspicion.score, 4),
                    "share": round(entry.region.share, 4),
                    "box": list(entry.region.box),
                    "point": list(entry.region.point),
                }
                for entry in self.suspected
            ],
            "outliers": [{"name": name, "deviation": round(amount, 2)} for name, amount in self.outliers],
            "left_out": [{"name": name, "reason": reason} for name, reason in self.left_out.items()],
            "unknown_classes": list(self.unknown_classes),
        }


def diagnose(
    dataset: Dataset, reader: PhotoReader, palette: Palette, model: str, advance: Callable[[], object] = lambda: None
) -> Diagnosis:
    """Read every photo once with the discriminator of ``model``, whose classes are ``palette``.

    A pair that cannot be read is noted and never ends the work; StudioError if no class has a name the model knows.
    """
    table, unknown = class_table(dataset, palette)
    result = Diagnosis(palette, model, unknown_classes=unknown)
    regions: list[LabelledRegion] = []
    names, thumbnails = [], []
    for pair in dataset.pairs:
        try:
            image, labels = _read(pair)
            regions += _regions(pair.name, image, table[labels], reader)
            thumbnails.append(cv2.resize(image, (_THUMBNAIL, _THUMBNAIL), interpolation=cv2.INTER_AREA))
            names.append(pair.name)
        except StudioError as error:
            result.left_out[pair.name] = error.message
        advance()
    found = [SuspectRegion(*both) for both in zip(regions, suspicions(regions), strict=True)]
    result.regions = sorted(found, key=_worth, reverse=True)
    result.photos = _photos(names, found)
    result.outliers = unlike_photos(names, np.stack(thumbnails)) if thumbnails else []
    return result


def class_table(dataset: Dataset, palette: Palette) -> tuple[np.ndarray, tuple[str, ...]]:
    """(65536,) uint8: the model's id for every id of the data, 255 for none; and the classes it does not know.

    Without a class list of its own, the data's ids are taken for the model's.
    """
    table = np.full(65536, UNPAINTED, np.uint8)
    if not dataset.classes:
        table[: len(palette)] = np.arange(len(palette))
        if dataset.unlabelled is not None:
            table[dataset.unlabelled] = UNPAINTED
        return table, ()
    ids = palette.namesakes(entry for entry in dataset.classes if entry.id not in (NO_CLASS, UNKNOWN))
    table[list(ids)] = list(ids.values())
    unknown = [entry.name for entry in dataset.classes if palette.by_name(entry.name) is None]
    if len(unknown) == len(dataset.classes):
        raise StudioError(
            _("The model knows none of the classes of this data."),
            _("Rename them with: oasis-studio dataset convert --map, or choose another model."),
        )
    return table, tuple(unknown)


def _read(pair: SourcePair) -> tuple[np.ndarray, np.ndarray]:
    image, labels = pair.photo.read(), pair.labels.read()
    if image.shape[:2] != labels.shape:
        raise StudioError(_("The label map of {name} has another size than its photo.").format(name=pair.name))
    return image, labels


def _regions(name: str, image: np.ndarray, labels: np.ndarray, reader: PhotoReader) -> list[LabelledRegion]:
    height, width = labels.shape
    scale = max(1.0, min(height, width) / _SIDE)
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    small = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    return labelled_regions(name, small, reader.read(image), scale)


def _worth(entry: SuspectRegion) -> float:
    """Large regions first among equally suspect ones: they are read more surely, and spoil more."""
    score = entry.suspicion.score
    return score * entry.region.share**0.25 if score > 0 else score


def _photos(names: list[str], found: list[SuspectRegion]) -> list[SuspectPhoto]:
    score, share = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for entry in found:
        if entry.suspicion.score > 0:
            score[entry.region.pair] += entry.suspicion.score * entry.region.share
            share[entry.region.pair] += entry.region.share
    photos = [SuspectPhoto(name, score[name], share[name]) for name in names]
    return sorted(photos, key=lambda photo: -photo.score)


def unlike_photos(names: list[str], thumbnails_NHW3: np.ndarray) -> list[tuple[str, float]]:
    """Photos that are far from all others, the farthest first: (name, robust deviations of the distance)."""
    if len(names) <= 2 * _NEIGHBOURS:
        return []
    image = torch.from_numpy(thumbnails_NHW3).permute(0, 3, 1, 2).float() / 127.5 - 1
    rows = features(image)
    distance = torch.cdist(rows, rows).kthvalue(_NEIGHBOURS + 1, dim=1).values.numpy()
    usual = np.median(distance)
    deviation = 0.6745 * (distance - usual) / max(float(np.median(np.abs(distance - usual))), 1e-9)
    order = np.argsort(-deviation)
    return [(names[index], float(deviation[index])) for index in order if deviation[index] > _UNLIKE]
