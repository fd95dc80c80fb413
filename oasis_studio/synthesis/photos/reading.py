"""Photos read by a network: of every pixel, which class it shows; by a critic also how likely it is *fake*."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.reading import Reading
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_reader
from oasis_studio.synthesis.networks.discriminator import SegmentationDiscriminator
from oasis_studio.synthesis.networks.segmenter import Segmenter
from oasis_studio.synthesis.rendering.memory import memory_guard
from oasis_studio.synthesis.rendering.opening import folded

_MOST_PIXELS = 2**21
"""At which a photo is read: a very long one is read smaller, whatever its short side should be."""


class PhotoReader:
    """Reads photos at the short sides ``sides`` and averages what it sees, each also mirrored.

    ``network`` is a discriminator or a segmenter; a segmenter finds nothing *fake*.
    """

    def __init__(
        self, network: SegmentationDiscriminator | Segmenter, sides: Sequence[int], device: torch.device | None = None
    ) -> None:
        self.device = device or torch.device("cpu")
        self.network = folded(network).to(self.device).eval().requires_grad_(False)
        self.sides = tuple(sides)

    @classmethod
    def open(cls, folder: Path, card: ModelCard, device: torch.device | None = None) -> PhotoReader:
        """What reads photos best for the model in ``folder``: its reader, or without one its critic.

        Raises StudioError if the model has neither.
        """
        if card.reader is None:
            return cls.open_critic(folder, card, device)
        return cls(open_reader(folder, card), card.reader.sides, device)

    @classmethod
    def open_critic(cls, folder: Path, card: ModelCard, device: torch.device | None = None) -> PhotoReader:
        """The discriminator of the model in ``folder``; StudioError if it has none that names classes."""
        check_critic(card)
        network = open_discriminator(folder, card)
        assert isinstance(network, SegmentationDiscriminator), "the card says that it names classes"
        return cls(network, reading_sides(card), device)

    @property
    def classes(self) -> int:
        """Classes that it can name."""
        return self.network.config.classes

    @torch.inference_mode()
    def read(self, image_HW3: np.ndarray, sides: Sequence[int] | None = None) -> Reading:
        """(H, W, 3) uint8 RGB of any size; the reading is as large as the largest of the sides."""
        height, width = image_HW3.shape[:2]
        with memory_guard(_("reading the photo")):
            largest, *others = sorted(sides or self.sides, reverse=True)
            total = self._read_at(image_HW3, largest)
            for side in others:
                size = (total.shape[2], total.shape[1])
                for plane, smaller in zip(total, self._read_at(image_HW3, side), strict=True):
                    np.add(plane, cv2.resize(smaller, size, interpolation=cv2.INTER_LINEAR), out=plane)
            total /= total.sum(axis=0, keepdims=True)
        return Reading(total, width, height)

    def _read_at(self, image_HW3: np.ndarray, side: int) -> np.ndarray:
        """(C + 1, h, w) float32 probabilities: *fake*, then the classes."""
        image_N3HW = prepared(image_HW3, side, self.network.config.grid, self.device)
        logits = self.network(torch.cat([image_N3HW, image_N3HW.flip(3)])).float()
        straight, mirrored = logits.softmax(dim=1)
        found = ((straight + mirrored.flip(2)) / 2).cpu().numpy()
        if isinstance(self.network, Segmenter):
            found = np.concatenate([np.zeros_like(found[:1]), found])
        return found


def prepared(image_HW3: np.ndarray, side: int, grid: int, device: torch.device) -> Tensor:
    """(1, 3, h, w) in [−1, 1]: the short side about ``side``, both on the grid of the network."""
    height, width = image_HW3.shape[:2]
    scale = min(side / min(height, width), math.sqrt(_MOST_PIXELS / (height * width)))
    rows, columns = (max(grid, round(length * scale / grid) * grid) for length in (height, width))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    image = np.asarray(cv2.resize(image_HW3, (columns, rows), interpolation=how))
    return as_tensor(image, device).contiguous(memory_format=torch.channels_last)


def as_tensor(image_HW3: np.ndarray, device: torch.device) -> Tensor:
    """uint8 RGB → (1, 3, H, W) in [−1, 1]."""
    return torch.from_numpy(image_HW3).to(device).permute(2, 0, 1)[None].float() / 127.5 - 1


def check_critic(card: ModelCard) -> None:
    """StudioError unless the model has a discriminator that names classes."""
    if not card.capabilities.has_critic:
        raise StudioError(
            _('The model "{name}" comes without a discriminator that names classes, so it cannot judge photos.').format(
                name=card.name
            ),
            _("Choose a model that has one, or import its *_D.pth with it."),
        )


def reading_sides(card: ModelCard) -> tuple[int, ...]:
    """The short sides at which the critic reads photos best, as its card says; else about its native size."""
    if card.critic is not None:
        return card.critic.sides
    native = min(card.native_size)
    return (native * 3 // 4, native)
