"""What came out: a column of numbers for the photos, every model and every control."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import READER_FILE, ModelCard
from oasis_studio.i18n import _
from oasis_training.evaluation.diversity import Variety
from oasis_training.evaluation.resampling import Estimate

FORMAT = 1
Kind = Literal["photos", "model", "control"]


@dataclass(frozen=True, eq=False)
class Column:
    """``name`` of a model or control · ``values`` by the key of a measure · ``iou`` by class (NaN: not in the data).

    ``pictures`` (N, 3, S, S) in [−1, 1] for the report; ``accuracies`` (N,) of every picture.
    """

    name: str
    kind: Kind
    pictures: Tensor
    values: dict[str, Estimate] = field(default_factory=dict)
    iou: tuple[Estimate, ...] = ()
    accuracies: Tensor | None = None
    variety: Variety | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self, palette: Palette) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            **self.facts,
            "measures": {key: value.to_json() for key, value in self.values.items()},
            "iou": {entry.name: value.to_json() for entry, value in zip(palette.classes, self.iou, strict=False)},
        }


@dataclass(frozen=True, eq=False)
class Judgement:
    """The columns, and what they were measured with."""

    data: str
    palette: Palette
    names: tuple[str, ...]
    size: int
    columns: tuple[Column, ...]
    readers: tuple[ModelCard, ...]
    """Cards of the models whose readers judged."""
    notes: tuple[str, ...] = ()

    @property
    def models(self) -> list[Column]:
        return [column for column in self.columns if column.kind == "model"]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "data": self.data,
            "scenes": len(self.names),
            "size": self.size,
            "remark": remark(),
            "notes": list(self.notes),
            "readers": [
                {
                    "model": card.id,
                    "sha256": card.sha256[READER_FILE],
                    "held_out": card.reader.figures,
                    "trained_on": card.reader.data,
                }
                for card in self.readers
                if card.reader is not None
            ],
            "columns": [column.to_json(self.palette) for column in self.columns],
        }


def remark() -> str:
    """What every reader of these numbers has to know."""
    return _(
        "Not comparable to published FID, KID or mIoU: other networks look at the pictures here. "
        "Compare only with numbers of the same reader, data and size."
    )
