"""The story of a judgement: photos, models and controls go through the same measurements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_training.evaluation import neighbours
from oasis_training.evaluation.alignment import Agreement, confusions
from oasis_training.evaluation.distances import frechet_distance, kernel, mmd, scaled
from oasis_training.evaluation.frozen import FrozenSegmenter, find_segmenters, open_segmenter
from oasis_training.evaluation.judgement import Column, Judgement, Kind
from oasis_training.evaluation.plain_pictures import mean_colour_pictures
from oasis_training.evaluation.random_features import features as random_features
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.resampling import Estimate, crossed, estimate
from oasis_training.evaluation.scenes import Scenes

Advance = Callable[[str], object]
_FEW = 30
"""Resamples of what takes long."""


@dataclass(frozen=True, eq=False)
class Judges:
    """Who looks: the first segmenter's features are those of KID-S and FD-S, all of them read the pictures."""

    segmenters: tuple[FrozenSegmenter, ...]


def find_judges(palette: Palette, folders: list[Path], device: torch.device) -> Judges:
    """The segmenters in ``folders``, or else those found; StudioError if one reads other classes than ``palette``."""
    names = [entry.name.lower() for entry in palette.classes]
    found = tuple(open_segmenter(folder, device) for folder in folders or find_segmenters(palette))
    for segmenter, folder in zip(found, folders, strict=False):
        if [entry.name.lower() for entry in segmenter.card.palette.classes] != names:
            raise StudioError(
                _("The segmenter in {folder} reads other classes than the data has.").format(folder=folder)
            )
    return Judges(found)


def judge(scenes: Scenes, painters: list[Painter], judges: Judges, data: str, advance: Advance) -> Judgement:
    """A column for the photos, every model and two controls; ``advance`` is told what begins."""
    advance(_("photos"))
    room = _Room(scenes, judges)
    columns = [room.column(_("photos"), "photos", scenes.photos)]
    for painter in painters:
        advance(painter.card.name)
        pictures = painter.pictures(scenes.labels)
        column = room.column(painter.card.name, "model", pictures)
        columns.append(replace(column, facts={"id": painter.card.id, "sha256": painter.card.sha256}))
    for name, pictures in _controls(scenes, painters[0], advance):
        columns.append(room.column(name, "control", pictures))
    cards = tuple(segmenter.card for segmenter in judges.segmenters)
    return Judgement(data, scenes.palette, scenes.names, scenes.size, tuple(columns), cards, _notes(scenes, judges))


def _notes(scenes: Scenes, judges: Judges) -> tuple[str, ...]:
    notes = []
    if not judges.segmenters:
        notes.append(
            _(
                "No segmenter reads these classes, so only fixed random features were used. To train one: {command}"
            ).format(command="oasis-studio evaluate --train-segmenter DATA")
        )
    if left_out := len(scenes.problems.left_out):
        text = ngettext("{count} pair could not be read.", "{count} pairs could not be read.", left_out)
        notes.append(text.format(count=left_out))
    return tuple(notes)


def _controls(scenes: Scenes, painter: Painter, advance: Advance) -> list[tuple[str, Tensor]]:
    advance(_("controls"))
    classes = len(scenes.palette)
    exchanged = painter.pictures(exchanged_classes(scenes.labels, classes))
    flat = mean_colour_pictures(scenes.photos, scenes.labels, classes)
    return [(_("classes exchanged"), exchanged), (_("mean colours"), flat)]


def exchanged_classes(labels_NHW: Tensor, classes: int) -> Tensor:
    """Every class that occurs becomes the next one: believable textures in the wrong places."""
    present = torch.bincount(labels_NHW.flatten(), minlength=classes).nonzero()[:, 0]
    table = torch.arange(classes)
    table[present] = present.roll(-1)
    return table[labels_NHW]


class _Room:
    """Holds what is known of the photos, so that every column is compared with the same."""

    def __init__(self, scenes: Scenes, judges: Judges) -> None:
        self.scenes = scenes
        self.judges = judges
        self.random = random_features(scenes.photos)
        self.real = {"r": scaled(self.random, self.random)}
        if judges.segmenters:
            self.real["s"] = judges.segmenters[0].features(scenes.photos)
        self.read = [self._confusions(segmenter, scenes.photos) for segmenter in judges.segmenters]

    def column(self, name: str, kind: Kind, pictures: Tensor) -> Column:
        values: dict[str, Estimate] = {}
        found = {"r": scaled(random_features(pictures), self.random)}
        if self.judges.segmenters:
            found["s"] = self.judges.segmenters[0].features(pictures)
        for space, rows in found.items():
            values[f"kid_{space}"] = self._kernel_distance(self.real[space], rows)
        values |= self._spread(found.get("s", found["r"]))
        if "s" in found:
            values["fd_s"] = self._frechet(found["s"])
        column = Column(name, kind, pictures, values)
        return self._with_agreement(column) if self.judges.segmenters else column

    def _kernel_distance(self, real: Tensor, rows: Tensor) -> Estimate:
        within, other, between = kernel(real, real), kernel(rows, rows), kernel(real, rows)

        def distance(a: Tensor, b: Tensor) -> float:
            return mmd(within[a][:, a], other[b][:, b], between[a][:, b])

        return estimate(crossed(distance), len(real))

    def _frechet(self, rows: Tensor) -> Estimate:
        real = self.real["s"]
        return estimate(crossed(lambda a, b: frechet_distance(real[a], rows[b])), len(real), _FEW)

    def _spread(self, rows: Tensor) -> dict[str, Estimate]:
        """Precision, recall, density and coverage, in the segmenter's features if there is one."""
        real = self.real.get("s", self.real["r"])
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

    def _with_agreement(self, column: Column) -> Column:
        """Mean over the segmenters; for the photos the most that a picture can hope for."""
        ignored = self.scenes.palette.dont_care
        read = [self._confusions(segmenter, column.pictures) for segmenter in self.judges.segmenters]

        def mean(rows: Tensor, number: Callable[[Agreement], float], of: list[Tensor]) -> float:
            return sum(number(Agreement(table[rows].sum(dim=0), ignored)) for table in of) / len(of)

        def measured(number: Callable[[Agreement], float]) -> Estimate:
            return estimate(lambda rows: mean(rows, number, read), len(self.scenes))

        def mean_iou(found: Agreement) -> float:
            return found.mean_iou

        values = column.values | {
            "mean_iou": measured(mean_iou),
            "accuracy": measured(lambda found: found.accuracy),
            "iou_ratio": estimate(
                lambda rows: mean(rows, mean_iou, read) / max(mean(rows, mean_iou, self.read), 1e-9), len(self.scenes)
            ),
        }
        iou = tuple(measured(lambda found, index=index: found.iou[index]) for index in range(len(self.scenes.palette)))
        hits = read[0].diagonal(dim1=1, dim2=2).sum(dim=1) / read[0].sum(dim=(1, 2)).clamp(min=1)
        return replace(column, values=values, iou=iou, accuracies=hits)

    def _confusions(self, segmenter: FrozenSegmenter, pictures: Tensor) -> Tensor:
        scenes = self.scenes
        return confusions(segmenter.classes(pictures), scenes.labels, scenes.valid, len(scenes.palette))
