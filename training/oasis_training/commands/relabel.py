"""``python -m oasis_training.commands.relabel PHOTOS OUT --model NAME``: label maps for photos that have none.

Each photo is read at several sizes, straight and mirrored, by the reader of one model or by those of several together.
Pixels below the threshold stay unlabelled (255) and count in no loss. A reader fitted to the result is surer, so a
small set of labels made by hand can teach a large one in rounds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.disk.atomic import write_bytes
from oasis_studio.core.disk.distinct import identities, identity, would_replace
from oasis_studio.core.disk.listing import list_photos
from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.photos.reading import PhotoReader
from oasis_studio.synthesis.rendering.device import choose_device
from oasis_training.commands.command import DEVICES, finish
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.photos import Photo
from oasis_training.pairs.dataset import UNLABELLED

SURE = 0.62


@dataclass
class Relabelled:
    """``pixels`` of every class and of 255 · ``left_out``: why a photo has no label map, by its name."""

    photos: int = 0
    pixels: np.ndarray = field(default_factory=lambda: np.zeros(256, np.int64))
    left_out: dict[str, str] = field(default_factory=dict)

    def to_json(self, palette: Palette) -> dict[str, Any]:
        total = max(int(self.pixels.sum()), 1)
        return {
            "photos": self.photos,
            "labelled_share": round(1 - int(self.pixels[UNLABELLED]) / total, 4),
            "classes": {entry.name: round(int(self.pixels[entry.id]) / total, 4) for entry in palette.classes},
            "left_out": self.left_out,
        }


def pseudo_labels(
    readers: Sequence[PhotoReader], image_HW3: np.ndarray, sure: float = SURE, sides: Sequence[int] = ()
) -> np.ndarray:
    """(H, W) uint8 ids, 255 where the mean probability of the likeliest class is below ``sure``.

    ``image_HW3`` is uint8 RGB of any size; it is read at the short sides ``sides``, or else at those of each reader.
    """
    height, width = image_HW3.shape[:2]
    total = sum(reader.read(image_HW3, sides or None).resized(height, width)[1:] for reader in readers)
    found = np.asarray(total) / len(readers)
    return np.where(found.max(axis=0) >= sure, found.argmax(axis=0), UNLABELLED).astype(np.uint8)


def relabel(
    photos: Path,
    out: Path,
    readers: Sequence[PhotoReader],
    sure: float = SURE,
    sides: Sequence[int] = (),
    advance: Callable[[], object] = lambda: None,
) -> Relabelled:
    """Write ``out/NAME.png`` for every photo in and below the folder ``photos``; one that cannot be read is left out.

    Of photos that differ only in their ending the first by name is read.
    """
    files = [path for path in list_photos(photos) if not path.is_relative_to(out)] if photos.is_dir() else []
    if not files:
        raise StudioError(_("There are no photos in {folder}.").format(folder=photos))
    out.mkdir(parents=True, exist_ok=True)
    result = Relabelled()
    read = identities(files)
    done: set[Path] = set()
    for file in files:
        place = file.relative_to(photos)
        target = out / place.with_suffix(".png")
        if target in done:
            result.left_out[place.as_posix()] = _("another photo of this name was read")
            continue
        done.add(target)
        if (found := identity(target)) in read:
            raise would_replace(target, read[found])
        try:
            labels = pseudo_labels(readers, Photo(FileBlob(file)).read(), sure, sides)
        except StudioError as error:
            result.left_out[place.as_posix()] = error.message
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _done, data = cv2.imencode(".png", labels)
        write_bytes(target, data.tobytes())
        result.photos += 1
        result.pixels += np.bincount(labels.ravel(), minlength=256)
        advance()
    return result


def main(argv: list[str] | None = None) -> int:
    """Prints what was done as one JSON object; exit code 2 after an expected failure."""
    use_language()
    arguments = _arguments(argv)
    return finish(lambda: _relabel(arguments))


def _relabel(arguments: argparse.Namespace) -> None:
    library, device = default_library(), choose_device(arguments.device)
    places = [library.find(name) for name in arguments.model]
    readers = [PhotoReader.open(folder, card, device) for folder, card in places]
    done = relabel(arguments.photos, arguments.out, readers, arguments.sure, arguments.sides)
    print(json.dumps(done.to_json(places[0][1].palette), ensure_ascii=False))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="oasis_training.commands.relabel", description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--model",
        action="append",
        required=True,
        help=_("model whose reader reads; several with the same classes may be given"),
    )
    parser.add_argument("--sure", type=float, default=SURE, help=_("least probability of a pixel that gets a label"))
    parser.add_argument("--sides", type=int, nargs="+", default=[], help=_("short sides in pixels, for all readers"))
    parser.add_argument("--device", default="auto", choices=DEVICES)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
