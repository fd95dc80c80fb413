"""``python -m oasis_training.relabel PHOTOS OUT``: label maps for photos that have none, where a segmenter is sure.

Each photo is read at several scales, straight and mirrored, by one segmenter or by several together. Pixels below the
threshold stay unlabelled (255) and count in no loss. Trained on the result, the next segmenter is surer: rounds of both
are how a small hand-made set teaches a large one.
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
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.core.language import use_language
from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.device import choose_device
from oasis_training.dataset import UNLABELLED
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.photos import Photo, picture_files
from oasis_training.evaluation.data_place import read_classes
from oasis_training.evaluation.frozen import FrozenSegmenter, find_segmenters, open_segmenter

SCALES = (1.0, 1.25, 1.5)
"""Short sides at which a photo is read, in sizes of the segmenter's crops: those that its training showed it."""
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
    segmenters: Sequence[FrozenSegmenter], image_HW3: np.ndarray, sure: float = SURE, scales: Sequence[float] = SCALES
) -> np.ndarray:
    """(H, W) uint8 ids, 255 where the mean probability of the likeliest class is below ``sure``."""
    probability, found = mean_probabilities(segmenters, image_HW3, scales).max(dim=0)
    labels = torch.where(probability >= sure, found, UNLABELLED).to(torch.uint8)
    return labels.numpy()


def mean_probabilities(segmenters: Sequence[FrozenSegmenter], image_HW3: np.ndarray, scales: Sequence[float]) -> Tensor:
    """(classes, H, W): mean over segmenters, scales and the mirrored photo; (H, W, 3) uint8 RGB of any size."""
    height, width = image_HW3.shape[:2]
    image = torch.from_numpy(image_HW3).permute(2, 0, 1)[None].float() / 127.5 - 1
    total = torch.zeros(len(segmenters[0].card.palette), height, width)
    for segmenter in segmenters:
        for scale in scales:
            zoom = scale * segmenter.card.size / min(height, width)
            size = (max(1, round(height * zoom)), max(1, round(width * zoom)))
            seen = F.interpolate(image, size=size, mode="bilinear", antialias=zoom < 1)
            straight, mirrored = segmenter.probabilities(torch.cat([seen, seen.flip(3)]))
            both = (straight + mirrored.flip(2)) / 2
            total += F.interpolate(both[None], size=(height, width), mode="bilinear")[0]
    return total / (len(segmenters) * len(scales))


def relabel(
    photos: Path,
    out: Path,
    segmenters: Sequence[FrozenSegmenter],
    sure: float = SURE,
    scales: Sequence[float] = SCALES,
    advance: Callable[[], object] = lambda: None,
) -> Relabelled:
    """Write ``out/NAME.png`` for every photo in the folder ``photos``; one that cannot be read is left out."""
    files = list(picture_files(photos)) if photos.is_dir() else []
    if not files:
        raise StudioError(_("There are no photos in {folder}.").format(folder=photos))
    out.mkdir(parents=True, exist_ok=True)
    result = Relabelled()
    for file in files:
        try:
            labels = pseudo_labels(segmenters, Photo(FileBlob(file)).read(), sure, scales)
        except StudioError as error:
            result.left_out[file.name] = error.message
            continue
        _done, data = cv2.imencode(".png", labels)
        write_atomically(out / f"{file.stem}.png", lambda stream, data=data: stream.write(data.tobytes()))
        result.photos += 1
        result.pixels += np.bincount(labels.ravel(), minlength=256)
        advance()
    return result


def main(argv: list[str] | None = None) -> int:
    """Prints what was done as one JSON object; exit code 2 after an expected failure."""
    use_language()
    arguments = _arguments(argv)
    try:
        palette = read_classes(arguments.classes, Path())
        folders = arguments.segmenter or find_segmenters(palette)
        if not folders:
            raise StudioError(
                _("No segmenter reads the classes of {name}.").format(name=palette.name),
                _("Train one with oasis-studio evaluate --train-segmenter DATA, or name its folder with --segmenter."),
            )
        segmenters = [open_segmenter(folder, choose_device(arguments.device)) for folder in folders]
        done = relabel(arguments.photos, arguments.out, segmenters, arguments.sure, arguments.scales)
    except (StudioError, OSError) as error:
        hint = getattr(error, "hint", "")
        print(_("error: {message}").format(message=error) + (f"\n{hint}" if hint else ""), file=sys.stderr)
        return 2
    print(json.dumps(done.to_json(segmenters[0].card.palette), ensure_ascii=False))
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="oasis_training.relabel", description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--classes", default="outdoor8")
    parser.add_argument("--segmenter", type=Path, action="append", default=[], help=_("may be given more than once"))
    parser.add_argument("--sure", type=float, default=SURE, help=_("least probability of a pixel that gets a label"))
    parser.add_argument("--scales", type=float, nargs="+", default=list(SCALES))
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"])
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
