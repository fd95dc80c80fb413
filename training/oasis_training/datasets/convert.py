"""Any data set as the folder pair that the trainer reads."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.disk.endings import PHOTO_ENDINGS
from oasis_studio.core.files.pictures import png
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.check import found_classes
from oasis_training.datasets.mapping import ClassMap
from oasis_training.datasets.model import Dataset, DatasetClass, LabelNotes, SourcePair

_LONGEST_STEM = 200
"""Bytes of a file's name without ending: systems take 255 with it."""
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
"""Names that Windows keeps for devices."""
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 95]


@dataclass
class Written:
    """How many pairs were written, and (name, reason) of those that were left out.

    ``shapes``: (name of a written pair, shape and why it could not be drawn). ``notes``: how its label maps were read.
    """

    pairs: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    shapes: list[tuple[str, str]] = field(default_factory=list)
    notes: LabelNotes = field(default_factory=LabelNotes)


@dataclass(frozen=True)
class Choice:
    """``short_side``: larger photos are scaled down to it; ``limit``: no more pairs than this.

    ``left_out``: names of pairs that are passed over. ``fits_labels``: a label map of another size than its photo is
    scaled to it instead of being left out.
    """

    short_side: int | None = None
    limit: int | None = None
    left_out: frozenset[str] = frozenset()
    fits_labels: bool = False


def classes_of(dataset: Dataset) -> tuple[DatasetClass, ...]:
    """Its classes, or if nothing says what they are, one for every id that occurs (which reads all label maps)."""
    if dataset.classes:
        return dataset.classes
    if dataset.is_stream:
        raise StudioError(
            _("A stream can be read only once, and nothing says what its classes are."), _("Name them with --classes.")
        )
    counts = np.zeros(65536, np.int64)
    for pair in dataset.pairs:
        try:
            counts += np.bincount(pair.labels.read().ravel(), minlength=65536)
        except StudioError:
            continue  # it is named when the pair is written
    return found_classes(counts, dataset.unlabelled)


def convert(
    dataset: Dataset,
    out: Path,
    class_map: ClassMap,
    choice: Choice = Choice(),
    advance: Callable[[], object] = lambda: None,
) -> Written:
    """Write ``images/``, ``labels/``, ``classes.json`` and ``manifest.csv``; ``out`` appears only when all is there.

    Photos are copied as they are unless they have to be cut or scaled. A bad pair is left out and named in the
    result; StudioError if none is left, if ``out`` is in use, or if the disk refuses.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise StudioError(_("{folder} is not empty.").format(folder=out), _("Choose a folder that does not exist yet."))
    out = out.resolve()  # a link keeps pointing at the folder
    part: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{out.name[:40]}.", suffix=".part", dir=out.parent))
        part.chmod(0o755)  # mkdtemp made it private
        for name in ("images", "labels"):
            (part / name).mkdir()
        written = _write_pairs(dataset, part, class_map, choice, advance)
        if not written.pairs:
            raise StudioError(
                _("No pair of this data set can be used."),
                "; ".join(f"{name}: {reason}" for name, reason in written.left_out[:3]),
            )
        write_json(part / "classes.json", class_map.palette.to_json())
        if out.exists():
            out.rmdir()
        part.replace(out)
    except OSError as error:
        raise StudioError(
            _("{folder} could not be written: {reason}.").format(folder=out, reason=error.strerror or error)
        ) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    return written


def _write_pairs(
    dataset: Dataset, part: Path, class_map: ClassMap, choice: Choice, advance: Callable[[], object]
) -> Written:
    written = Written()
    taken: set[str] = set()
    names = [entry.name for entry in class_map.palette.classes]
    with (part / "manifest.csv").open("w", encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.writer(file)
        columns = ("id", "source", "name", "weight", "labelled_share")
        rows.writerow([*columns, *(f"class {name}" if name in columns else name for name in names)])
        for pair in dataset.pairs:
            if choice.limit is not None and written.pairs >= choice.limit:
                break
            if pair.name in choice.left_out:
                advance()
                continue
            try:
                stem = _free_stem(pair.name, taken)
                labels = _write_pair(pair, part, stem, class_map, choice, written.notes)
            except StudioError as error:
                written.notes.shapes.clear()
                written.left_out.append((pair.name, error.message))
            else:
                written.shapes += [(pair.name, shape) for shape in written.notes.shapes]
                written.notes.shapes.clear()
                taken.add(stem.casefold())
                written.pairs += 1
                share = np.bincount(labels.ravel(), minlength=256) / labels.size
                figures = [f"{value:.4f}" for value in (1 - share[UNPAINTED], *share[: len(names)])]
                rows.writerow([stem, dataset.format, pair.name, f"{pair.weight:g}", *figures])
            advance()
    return written


def _write_pair(
    pair: SourcePair, part: Path, stem: str, class_map: ClassMap, choice: Choice, notes: LabelNotes
) -> np.ndarray:
    """Write both files; returns the new label map."""
    image = pair.photo.read()
    labels = pair.labels.read(notes)
    short_side = choice.short_side
    if choice.fits_labels and labels.shape != image.shape[:2]:
        labels = cv2.resize(labels, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST)
    if labels.shape != image.shape[:2]:
        raise StudioError(
            _("the label map has {labels} pixels, the photo {photo}").format(
                labels=f"{labels.shape[1]}×{labels.shape[0]}", photo=f"{image.shape[1]}×{image.shape[0]}"
            )
        )
    labels = class_map.apply(labels)
    original = pair.photo.original()
    if short_side is not None and min(labels.shape) > short_side:
        scale = short_side / min(labels.shape)
        size = (max(1, round(labels.shape[1] * scale)), max(1, round(labels.shape[0] * scale)))
        labels = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        is_jpeg = original is not None and PHOTO_ENDINGS[original[0]] == "JPEG"
        original = (".jpg", _encoded(".jpg", image)) if is_jpeg else None
    ending, data = original or (".png", _encoded(".png", image))
    (part / "images" / (stem + ending)).write_bytes(data)
    (part / "labels" / f"{stem}.png").write_bytes(png.encode_labels(labels, class_map.palette))
    return labels


def _encoded(ending: str, image_HW3: np.ndarray) -> bytes:
    done, data = cv2.imencode(ending, cv2.cvtColor(image_HW3, cv2.COLOR_RGB2BGR), _QUALITY if ending == ".jpg" else [])
    if not done:
        raise StudioError(_("the photo could not be packed"))
    return data.tobytes()


def _free_stem(name: str, taken: set[str]) -> str:
    """A file name without folders that differs from the others on every system, and is not too long for any."""
    stem = re.sub(r"[^\w.\-]+", "_", name).strip("._") or "photo"
    if len(stem.encode()) > _LONGEST_STEM:
        digest = hashlib.sha256(stem.encode()).hexdigest()[:8]
        stem = stem.encode()[: _LONGEST_STEM - len(digest) - 1].decode(errors="ignore") + f"-{digest}"
    if stem.partition(".")[0].upper() in _RESERVED:
        stem = f"_{stem}"
    free, number = stem, 2
    while free.casefold() in taken:
        free, number = f"{stem}-{number}", number + 1
    return free
