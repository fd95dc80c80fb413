"""Pairs of photos and label maps, resized once and kept in memory."""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.recipe import Source

UNLABELLED = 255
_IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
_MARGIN = 1.12
_WIDEST = 1.6
"""Longer sides than this many short sides are cut, so that all pairs share one array."""


@dataclass(frozen=True)
class Pair:
    """A photo, its label map and how often it is drawn."""

    name: str
    image: Path
    labels: Path
    weight: float


@dataclass(frozen=True)
class Batch:
    """``image`` (N, 3, S, S) float in [−1, 1] · ``labels`` (N, S, S) int64, every pixel a class · ``valid`` bool."""

    image: Tensor
    labels: Tensor
    valid: Tensor


def find_pairs(root: Path, sources: tuple[Source, ...]) -> list[Pair]:
    """All pairs of the sources, in the order of their names; StudioError if there is none."""
    pairs: list[Pair] = []
    for source in sources:
        folder = root / source.folder
        shares = _manifest_column(folder / "manifest.csv", source.weight_by) if source.weight_by else {}
        labels = {path.stem: path for path in (folder / source.labels).glob("*.png")}
        for image in sorted((folder / source.images).glob("*")):
            if image.suffix.lower() in _IMAGE_SUFFIXES and image.stem in labels:
                weight = source.weight * shares.get(image.stem, 1.0)
                pairs.append(Pair(f"{source.folder}/{image.stem}", image, labels[image.stem], weight))
    if not pairs:
        raise StudioError(
            _("No pairs of photo and label map were found in {folder}.").format(folder=root),
            _("A photo and its label PNG need the same name."),
        )
    return pairs


def split(pairs: list[Pair], held_out: int) -> tuple[list[Pair], list[Pair]]:
    """(training, held out): one in ``held_out``, chosen by name, so that it never changes when pairs are added."""
    is_held = [zlib.crc32(pair.name.encode()) % held_out == 0 for pair in pairs]
    kept = [pair for pair, held in zip(pairs, is_held, strict=True) if not held]
    return kept, [pair for pair, held in zip(pairs, is_held, strict=True) if held]


def load_pair(pair: Pair, short_side: int) -> tuple[np.ndarray, np.ndarray]:
    """(h, w, 3) uint8 RGB and (h, w) uint8 ids with the short side scaled to ``short_side`` (nearest for labels)."""
    image = cv2.imread(str(pair.image), cv2.IMREAD_COLOR)
    labels = cv2.imread(str(pair.labels), cv2.IMREAD_UNCHANGED)
    if image is None or labels is None:
        raise StudioError(_("The pair {name} cannot be read.").format(name=pair.name))
    if labels.ndim != 2 or labels.dtype != np.uint8 or labels.shape != image.shape[:2]:
        raise StudioError(
            _("The label map of {name} must be an 8-bit index PNG of its photo's size.").format(name=pair.name)
        )
    height, width = labels.shape
    scale = short_side / min(height, width)
    size = (max(short_side, round(width * scale)), max(short_side, round(height * scale)))
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    labels = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    longest = round(short_side * _WIDEST)
    top, left = max(0, size[1] - longest) // 2, max(0, size[0] - longest) // 2
    window = np.s_[top : top + longest, left : left + longest]
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)[window], labels[window]


def fill_unlabelled(labels_HW: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """(labels, valid): pixels without a class get that of the nearest labelled pixel, and do not count."""
    valid = labels_HW < classes
    if not valid.any():
        return np.zeros_like(labels_HW), valid
    _distance, nearest = cv2.distanceTransformWithLabels(
        (~valid).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.asarray(nearest, np.intp)
    of_pixel = np.zeros(int(nearest.max()) + 1, labels_HW.dtype)
    of_pixel[nearest[valid]] = labels_HW[valid]
    return of_pixel[nearest], valid


class PhotoSet:
    """All pairs at one scale, on ``device``: a batch is gathered there, without a way through the host."""

    def __init__(self, pairs: list[Pair], size: int, classes: int, device: torch.device, margin: float = _MARGIN):
        self.size = size
        short = round(size * margin)
        longest = round(short * _WIDEST)
        count = len(pairs)
        image = np.zeros((count, longest, longest, 3), np.uint8)
        labels = np.zeros((count, longest, longest), np.uint8)
        valid = np.zeros((count, longest, longest), bool)
        extent = np.zeros((count, 2), np.int64)
        for index, pair in enumerate(pairs):
            photo, ids = load_pair(pair, short)
            height, width = ids.shape
            image[index, :height, :width] = photo
            labels[index, :height, :width], valid[index, :height, :width] = fill_unlabelled(ids, classes)
            extent[index] = height, width
        self.image = torch.from_numpy(image).to(device)
        self.labels = torch.from_numpy(labels).to(device)
        self.valid = torch.from_numpy(valid).to(device)
        self.extent = torch.from_numpy(extent).to(device)
        self.weight = torch.tensor([pair.weight for pair in pairs], dtype=torch.float32, device=device)

    def __len__(self) -> int:
        return len(self.weight)

    def draw(self, count: int, generator: torch.Generator) -> Batch:
        """Random pairs by weight, random square crops, half of them mirrored."""
        device = self.image.device
        chosen = torch.multinomial(self.weight, count, replacement=True, generator=generator)
        room = (self.extent[chosen] - self.size + 1).to(torch.float32)
        corner = (torch.rand((count, 2), generator=generator, device=device) * room).long()
        mirrored = torch.rand((count, 1), generator=generator, device=device) < 0.5
        return self._crop(chosen, corner, mirrored)

    def centre(self, indices: Tensor) -> Batch:
        """Centre crops of the pairs ``indices``."""
        corner = (self.extent[indices] - self.size) // 2
        return self._crop(indices, corner, torch.zeros((len(indices), 1), dtype=torch.bool, device=corner.device))

    def _crop(self, chosen: Tensor, corner: Tensor, mirrored: Tensor) -> Batch:
        line = torch.arange(self.size, device=corner.device)
        rows = (corner[:, :1] + line)[:, :, None]
        columns = (corner[:, 1:] + torch.where(mirrored, self.size - 1 - line, line))[:, None, :]
        index = chosen[:, None, None]
        image = self.image[index, rows, columns].permute(0, 3, 1, 2).to(torch.float32) / 127.5 - 1
        labels = self.labels[index, rows, columns].long()
        return Batch(image, labels, self.valid[index, rows, columns])


def _manifest_column(path: Path, column: str) -> dict[str, float]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["id"]: float(row[column]) for row in csv.DictReader(file)}
    except (OSError, KeyError, ValueError) as error:
        raise StudioError(
            _("The manifest {path} has no usable column {column}.").format(path=path, column=column)
        ) from error
