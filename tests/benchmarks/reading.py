"""How well photos are read: ``python -m tests.benchmarks.reading --data FOLDER [--model NAME …]``.

FOLDER holds images/ and labels/ in the models' classes. The photos that a training leaves out (one in ten, chosen by
name) are read by each model's reader and by its critic. Printed are the mean IoU over the classes, the share of the
pixels read rightly and the IoU of every class, over all pixels of all photos.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from oasis_training.pairs.dataset import find_pairs, split
from oasis_training.pairs.labelled_photos import read_labelled
from oasis_training.reading.measured import reading_figures
from oasis_training.recipe import Source

from oasis_studio.core.models.library import default_library
from oasis_studio.synthesis.photos.reading import PhotoReader


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", action="append")
    arguments = parser.parse_args()
    data = arguments.data.resolve()
    _kept, held_out = split(find_pairs(data.parent, (Source(data.name),)), 10)
    for name in arguments.model or ["outdoor"]:
        folder, card = default_library().find(name)
        able = card.capabilities
        opened = {"reader": PhotoReader.open if able.has_reader else None}
        opened["critic"] = PhotoReader.open_critic if able.has_critic else None
        for kind, opener in opened.items():
            if opener is None:
                continue
            reader = opener(folder, card)
            photos = list(read_labelled(held_out, min(card.native_size), len(card.palette)))
            started = time.monotonic()
            found = reading_figures(reader, photos, card.palette)
            seconds = (time.monotonic() - started) / len(photos)
            print(
                f"{card.name} {kind:7} mean IoU {found['reading_mean_iou']:.3f}, "
                f"{found['reading_pixel_accuracy']:.1%} of the pixels of {found['reading_photos']} photos, "
                f"{seconds:.2f} s a photo at {reader.sides}"
            )
            print("   " + ", ".join(f"{name} {value:.2f}" for name, value in found["reading_iou"].items()), flush=True)


if __name__ == "__main__":
    main()
