"""The story of a judgement: photos, models and controls go through the same measurements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_training.evaluation.diversity import draw_variety
from oasis_training.evaluation.examination import Examination, Judges
from oasis_training.evaluation.judgement import Judgement
from oasis_training.evaluation.own_networks import InceptionFile, SegmenterFile
from oasis_training.evaluation.plain_pictures import mean_colour_pictures
from oasis_training.evaluation.readers import ModelReader, models_with_readers, same_classes
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.scenes import Scenes

Advance = Callable[[str], object]


def find_judges(
    library: ModelLibrary,
    palette: Palette,
    names: list[str],
    device: torch.device,
    inception: Path | None = None,
    own_segmenter: Path | None = None,
) -> Judges:
    """The readers of the models ``names``, or else the first one found, and a person's own TorchScript files.

    One reader judges all models that are compared, whichever model it comes with. StudioError if a reader names other
    classes than ``palette``, or a file is none.
    """
    places = [library.find(name) for name in names] or models_with_readers(library, palette)[-1:]
    for _folder, card in places:
        if not same_classes(card, palette):
            raise StudioError(
                _('The reader of the model "{name}" reads other classes than the data has.').format(name=card.name)
            )
    return Judges(
        tuple(ModelReader.open(folder, card, device) for folder, card in places),
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
    cards = tuple(reader.card for reader in judges.readers)
    return Judgement(data, scenes.palette, scenes.names, scenes.size, tuple(columns), cards, _notes(scenes, judges))


def _notes(scenes: Scenes, judges: Judges) -> tuple[str, ...]:
    notes = []
    if not judges.readers:
        notes.append(
            _(
                "No model has a reader for these classes, so what the pictures show is not measured. "
                "To fit one: {command}"
            ).format(command="oasis-studio model reader MODEL DATA")
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
