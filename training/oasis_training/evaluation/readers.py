"""Who reads pictures in an evaluation: the readers of models, each trained on real photos alone.

A generator was trained to please its discriminator, so a discriminator's reading would flatter it. A reader never saw a
generated picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import READER_FILE, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.synthesis.models.checkpoint import open_reader
from oasis_studio.synthesis.networks.segmenter import Segmenter

_CHUNK = 16


@dataclass(frozen=True, eq=False)
class ModelReader:
    """The ``network`` that comes with the model of ``card``, in evaluation mode on ``device``."""

    network: Segmenter
    card: ModelCard
    device: torch.device

    @classmethod
    def open(cls, folder: Path, card: ModelCard, device: torch.device) -> ModelReader:
        """StudioError if the model has no reader, or its weights cannot be used."""
        return cls(open_reader(folder, card).to(device), card, device)

    @property
    def sha256(self) -> str:
        """Of the reader's weights."""
        return self.card.sha256[READER_FILE]

    @torch.inference_mode()
    def classes(self, image_N3HW: Tensor) -> Tensor:
        """(N, H, W) int64, the likeliest class of every pixel, on the CPU; images in [−1, 1] of any size."""
        return torch.cat([self._read(part).argmax(dim=1).cpu() for part in image_N3HW.split(_CHUNK)])

    def _read(self, image_N3HW: Tensor) -> Tensor:
        image = image_N3HW.float().to(self.device)
        height, width = image.shape[2:]
        grid = self.network.config.grid
        padded = F.pad(image, (0, -width % grid, 0, -height % grid), mode="replicate")
        return self.network(padded)[..., :height, :width]


def same_classes(card: ModelCard, palette: Palette) -> bool:
    """Does the model have the classes of ``palette``, by name and in the same order?"""
    return [entry.name.lower() for entry in card.palette.classes] == [entry.name.lower() for entry in palette.classes]


def models_with_readers(library: ModelLibrary, palette: Palette) -> list[tuple[Path, ModelCard]]:
    """Models of the library that have just these classes and come with a reader: shipped ones last."""
    found = [card for card in library.cards() if card.reader is not None and same_classes(card, palette)]
    found.sort(key=lambda card: library.is_shipped(card.id))
    return [library.find(card.id) for card in found]
