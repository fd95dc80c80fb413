"""Any data set as the folder pair that the trainer reads."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from oasis_studio.core.files import png
from oasis_studio.core.palette import UNPAINTED
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.check import found_classes
from oasis_training.datasets.mapping import ClassMap
from oasis_training.datasets.model import Dataset, DatasetClass, SourcePair

_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 95]


@dataclass
class Written:
    """How many pairs were written, and (name, reason) of those that were left out."""

    pairs: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)


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
    part = out.with_name(out.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        for name in ("images", "labels"):
            (part / name).mkdir(parents=True)
        written = _write_pairs(dataset, part, class_map, choice, advance)
        if not written.pairs:
            raise StudioError(
                _("No pair of this data set can be used."),
                "; ".join(f"{name}: {reason}" for name, reason in written.left_out[:3]),
            )
        text = json.dumps(class_map.palette.to_json(), indent=2, ensure_ascii=False)
        (part / "classes.json").write_text(text + "\n", encoding="utf-8")
        if out.exists():
            out.rmdir()
        part.replace(out)
    except OSError as error:
        raise StudioError(
            _("{folder} could not be written: {reason}.").format(folder=out, reason=error.strerror or error)
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return written


def _write_pairs(
    dataset: Dataset, part: Path, class_map: ClassMap, choice: Choice, advance: Callable[[], object]
) -> Written:
    written = Written()
    taken: set[str] = set()
    names = [entry.name for entry in class_map.palette.classes]
    with (part / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
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
                labels = _write_pair(pair, part, stem, class_map, choice)
            except StudioError as error:
                written.left_out.append((pair.name, error.message))
            else:
                taken.add(stem.casefold())
                written.pairs += 1
                share = np.bincount(labels.ravel(), minlength=256) / labels.size
                figures = [f"{value:.4f}" for value in (1 - share[UNPAINTED], *share[: len(names)])]
                rows.writerow([stem, dataset.format, pair.name, f"{pair.weight:g}", *figures])
            advance()
    return written


def _write_pair(pair: SourcePair, part: Path, stem: str, class_map: ClassMap, choice: Choice) -> np.ndarray:
    """Write both files; returns the new label map."""
    image = pair.photo.read()
    labels = pair.labels.read()
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
        original = (".jpg", _encoded(".jpg", image)) if original and original[0] in (".jpg", ".jpeg") else None
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
    """A file name without folders that differs from the others on every system."""
    stem = re.sub(r"[^\w.\-]+", "_", name).strip("._") or "photo"
    free, number = stem, 2
    while free.casefold() in taken:
        free, number = f"{stem}-{number}", number + 1
    return free
