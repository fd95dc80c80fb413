"""The story of a judgement: photos, models and controls go through the same measurements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_training.evaluation.diversity import draw_variety
from oasis_training.evaluation.examination import Examination, Judges
from oasis_training.evaluation.frozen import find_segmenters, open_segmenter
from oasis_training.evaluation.judgement import Judgement
from oasis_training.evaluation.own_networks import InceptionFile, SegmenterFile
from oasis_training.evaluation.plain_pictures import mean_colour_pictures
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.scenes import Scenes

Advance = Callable[[str], object]


def find_judges(
    palette: Palette,
    folders: list[Path],
    device: torch.device,
    inception: Path | None = None,
    own_segmenter: Path | None = None,
) -> Judges:
    """The segmenters in ``folders``, or else those found, and a person's own TorchScript files.

    StudioError if a segmenter reads other classes than ``palette``, or a file is none.
    """
    names = [entry.name.lower() for entry in palette.classes]
    found = tuple(open_segmenter(folder, device) for folder in folders or find_segmenters(palette))
    for segmenter, folder in zip(found, folders, strict=False):
        if [entry.name.lower() for entry in segmenter.card.palette.classes] != names:
            raise StudioError(
                _("The segmenter in {folder} reads other classes than the data has.").format(folder=folder)
            )
    return Judges(
        found,
        InceptionFile(inception, device) if inception else None,
        SegmenterFile(own_segmenter, palette, device) if own_segmenter else None,
    )


def judge(scenes: Scenes, painters: list[Painter], judges: Judges, data: str, advance: Advance) -> Judgement:
    """A column for the photos, every model and two controls; ``advance`` is told what begins."""
    advance(_("photos"))
    examination = Examination(scenes, judges)
    columns = [examination.column(_("photos"), "photos", scenes.photos)]
    for painter in painters:
        advance(painter.card.name)
        pictures = painter.pictures(scenes.labels)
        variety = draw_variety(painter, scenes)
        column = examination.column(painter.card.name, "model", pictures, variety)
        columns.append(replace(column, facts=column.facts | {"id": painter.card.id, "sha256": painter.card.sha256}))
    for name, pictures in _controls(scenes, painters[0], advance):
        columns.append(examination.column(name, "control", pictures))
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
