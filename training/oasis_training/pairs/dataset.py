"""Pairs of photos and label maps, resized once and kept in memory."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from oasis_studio.core.disk.whole_files import read_table
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.rendering.memory import available_bytes
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import LabelImage, known_classes
from oasis_training.datasets.model import NO_CLASS, ClassList
from oasis_training.datasets.photos import Photo
from oasis_training.datasets.readers.folder_pair import match_folders
from oasis_training.datasets.sniff import child
from oasis_training.pairs.photo_arrays import PhotoArrays, room_for
from oasis_training.pairs.problems import Problems
from oasis_training.recipe import Source

UNLABELLED = 255
_MARGIN = 1.12
_SHARE_OF_DEVICE = 0.4
"""Of a graphics card's free memory that photos may take."""
_READING = 2
"""Raised when photos or label maps are read in another way, so that those kept in files are read again."""
_WIDEST = 1.6
"""Longer sides than this many short sides are cut, so that all pairs share one array."""


@dataclass(frozen=True)
class Pair:
    """A photo, its label map and how often it is drawn; ``ids`` as in :class:`Source`.

    ``listed``: the class list beside the label maps, if there is one, whose colours they may have.
    """

    name: str
    image: Path
    labels: Path
    weight: float
    ids: tuple[int, ...] = ()
    listed: ClassList | None = None


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
        images, maps = child(folder, source.images), child(folder, source.labels)
        if not images.is_dir() or not maps.is_dir():
            continue
        listed = find_class_list(folder)
        for name, image, labels in sorted(match_folders(images, maps)[0], key=lambda entry: entry[1]):
            weight = source.weight * shares.get(name, 1.0)
            pairs.append(Pair(f"{source.folder}/{name}", image, labels, weight, source.ids, listed))
    if not pairs:
        raise StudioError(
            _("No pairs of photo and label map were found in {folder}.").format(folder=root),
            _("A photo and its label PNG need the same name."),
        )
    return pairs


def split(pairs: list[Pair], held_out: int) -> tuple[list[Pair], list[Pair]]:
    """(training, held out): one in ``held_out``, chosen by name, so that it never changes when pairs are added.

    With so few pairs that none would be left to train on, none is held out.
    """
    is_held = [zlib.crc32(pair.name.encode()) % held_out == 0 for pair in pairs]
    kept = [pair for pair, held in zip(pairs, is_held, strict=True) if not held]
    if not kept:
        return pairs, []
    return kept, [pair for pair, held in zip(pairs, is_held, strict=True) if held]


def read_pair(pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """(H, W, 3) uint8 RGB and (H, W) uint16 ids as the files have them; StudioError naming the pair."""
    try:
        image = Photo(FileBlob(pair.image)).read()
    except StudioError as error:
        message = _("The photo of {name} cannot be read: {reason}").format(name=pair.name, reason=error.message)
        raise StudioError(message, error.hint, error.detail) from error
    try:
        labels = LabelImage(FileBlob(pair.labels), known_classes(pair.listed or ClassList(()))).read()
    except StudioError as error:
        message = _("The label map of {name} cannot be read: {reason}").format(name=pair.name, reason=error.message)
        raise StudioError(message, error.hint, error.detail) from error
    if labels.shape != image.shape[:2]:
        raise StudioError(
            _("The label map of {name} has {labels} pixels, its photo {photo}.").format(
                name=pair.name,
                labels=f"{labels.shape[1]}×{labels.shape[0]}",
                photo=f"{image.shape[1]}×{image.shape[0]}",
            )
        )
    return image, labels


def read_classes(pair: Pair, classes: int) -> tuple[np.ndarray, np.ndarray, Counter[int]]:
    """As :func:`read_pair` with the ids translated to classes, and the pixels of every id that is none."""
    image, labels = read_pair(pair)
    unknown = unknown_pixels(labels, len(pair.ids) or classes)
    if pair.ids:
        table = np.full(65536, NO_CLASS, np.uint16)
        table[: len(pair.ids)] = pair.ids
        labels = table[labels]
    return image, labels, unknown


def unknown_pixels(labels_HW: np.ndarray, classes: int) -> Counter[int]:
    """Pixels of every id that is neither a class nor "unlabelled"."""
    counts = np.bincount(labels_HW.ravel())
    found = (classes + np.flatnonzero(counts[classes:])).tolist()
    return Counter({number: int(counts[number]) for number in found if number not in (UNLABELLED, NO_CLASS)})


def scale_pair(image: np.ndarray, labels: np.ndarray, short_side: int) -> tuple[np.ndarray, np.ndarray]:
    """(h, w, 3) uint8 RGB and (h, w) uint8 ids of a pair as read, the short side scaled to ``short_side``."""
    if labels.dtype != np.uint8:
        labels = np.minimum(labels, UNLABELLED).astype(np.uint8)
    height, width = labels.shape
    scale = short_side / min(height, width)
    size = (max(short_side, round(width * scale)), max(short_side, round(height * scale)))
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    labels = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    longest = round(short_side * _WIDEST)
    top, left = max(0, size[1] - longest) // 2, max(0, size[0] - longest) // 2
    window = np.s_[top : top + longest, left : left + longest]
    return image[window], labels[window]


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
    """All pairs at one scale, on ``device``: a batch is gathered there, without a way through the host.

    ``pairs`` are those that could be used, in their order; ``problems`` says what is wrong with the others. StudioError
    if none can.
    """

    def __init__(
        self,
        pairs: list[Pair],
        size: int,
        classes: int,
        device: torch.device,
        margin: float = _MARGIN,
        short: int = 0,
        cache: Path | None = None,
    ) -> None:
        """Crops of ``size`` pixels from photos whose short side is ``short`` pixels, or ``margin`` times the crop.

        A large set is kept in files in the folder ``cache``.
        """
        self.size = size
        self.short = short = short or round(size * margin)
        self.pairs: list[Pair] = []
        self.problems = Problems()
        key = (_READING, short, classes, [_identity(pair) for pair in pairs] if cache else ())
        arrays = room_for(len(pairs), round(short * _WIDEST), cache, key)
        notes = arrays.known
        if notes is None:
            self._fill(arrays, pairs, classes)
        else:
            chosen = set(notes["pairs"])
            self.pairs = [pair for pair in pairs if pair.name in chosen]
            self.problems = Problems.from_notes(notes)
        kept = len(self.pairs)
        if not kept:
            raise StudioError(_("No pair can be used."), "\n".join([*self.problems.left_out.values()][:3]))
        home = _home(arrays, device)
        self.image = torch.from_numpy(arrays.image[:kept]).to(home)
        self.labels = torch.from_numpy(arrays.labels[:kept]).to(home)
        self.valid = torch.from_numpy(arrays.valid[:kept]).to(home)
        self.extent = torch.from_numpy(arrays.extent[:kept]).to(device)
        self.weight = torch.tensor([pair.weight for pair in self.pairs], dtype=torch.float32, device=device)

    def __len__(self) -> int:
        return len(self.weight)

    def _fill(self, arrays: PhotoArrays, pairs: list[Pair], classes: int) -> None:
        """Read all photos, at the scale of the set."""
        for pair in pairs:
            try:
                photo, ids, unknown = read_classes(pair, classes)
            except StudioError as error:
                self.problems.left_out[pair.name] = error.message
                continue
            if unknown:
                self.problems.unknown[pair.name] = unknown
            photo, ids = scale_pair(photo, ids, self.short)
            index, (height, width) = len(self.pairs), ids.shape
            arrays.image[index, :height, :width] = photo
            arrays.labels[index, :height, :width], arrays.valid[index, :height, :width] = fill_unlabelled(ids, classes)
            arrays.extent[index] = height, width
            self.pairs.append(pair)
        arrays.finish({"pairs": [pair.name for pair in self.pairs], **self.problems.to_notes()})

    def draw(self, count: int, generator: torch.Generator, rows: slice = slice(None)) -> Batch:
        """Random pairs by weight, random square crops, half of them mirrored; of ``count`` images only those ``rows``.

        The random numbers are those of all images, so that several processes with one seed share a batch.
        """
        device = self.weight.device
        chosen = torch.multinomial(self.weight, count, replacement=True, generator=generator)
        room = (self.extent[chosen] - self.size + 1).to(torch.float32)
        corner = (torch.rand((count, 2), generator=generator, device=device) * room).long()
        mirrored = torch.rand((count, 1), generator=generator, device=device) < 0.5
        return self._crop(chosen[rows], corner[rows], mirrored[rows])

    def centre(self, indices: Tensor) -> Batch:
        """Centre crops of the pairs ``indices``."""
        corner = (self.extent[indices] - self.size) // 2
        return self._crop(indices, corner, torch.zeros((len(indices), 1), dtype=torch.bool, device=corner.device))

    def _crop(self, chosen: Tensor, corner: Tensor, mirrored: Tensor) -> Batch:
        line = torch.arange(self.size, device=corner.device)
        rows = (corner[:, :1] + line)[:, :, None]
        columns = (corner[:, 1:] + torch.where(mirrored, self.size - 1 - line, line))[:, None, :]
        home, device = self.image.device, corner.device
        index, rows, columns = chosen[:, None, None].to(home), rows.to(home), columns.to(home)
        image = self.image[index, rows, columns].to(device).permute(0, 3, 1, 2).to(torch.float32) / 127.5 - 1
        labels = self.labels[index, rows, columns].to(device).long()
        return Batch(image, labels, self.valid[index, rows, columns].to(device))


def _identity(pair: Pair) -> tuple[object, ...]:
    """What changes when the pair's files do."""
    stamps = []
    for path in (pair.image, pair.labels):
        with suppress(OSError):
            status = path.stat()
            stamps.append((str(path), status.st_mtime_ns, status.st_size))
    return pair.name, pair.ids, *stamps


def _home(arrays: PhotoArrays, device: torch.device) -> torch.device:
    """The device, if there is room for the photos on it; else they stay where they are, and batches travel."""
    if device.type != "cuda":
        return device
    free = available_bytes(device)
    needed = arrays.image.nbytes + arrays.labels.nbytes + arrays.valid.nbytes
    return device if free is None or needed < free * _SHARE_OF_DEVICE else torch.device("cpu")


def _manifest_column(path: Path, column: str) -> dict[str, float]:
    try:
        values = {row["id"]: float(row[column]) for row in read_table(path)}
        if not all(0 <= value < math.inf for value in values.values()):
            raise ValueError(column)
    except (StudioError, KeyError, ValueError) as error:
        raise StudioError(
            _("The manifest {path} has no usable column {column}.").format(path=path, column=column)
        ) from error
    return values


def read_held_out(pairs: list[Pair], classes: int) -> tuple[list[Pair], Problems]:
    """Those of ``pairs`` that can be used, and what is wrong with the others."""
    usable: list[Pair] = []
    problems = Problems()
    for pair in pairs:
        try:
            unknown = read_classes(pair, classes)[2]
        except StudioError as error:
            problems.left_out[pair.name] = error.message
            continue
        usable.append(pair)
        if unknown:
            problems.unknown[pair.name] = unknown
    return usable, problems
