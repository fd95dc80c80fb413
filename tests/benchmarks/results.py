"""What kept photos cost: ``python -m tests.benchmarks.results [--sides PIXELS …]``.

Prints, for the first sample enlarged to each side, seconds and megabytes of a photo kept as JPEG and as PNG and of its
scene, seconds until a small picture is decoded and until the scene is open again, and seconds of saving and opening the
drawing with no results and with as many as are kept by themselves at most; saving is the median of turns of both.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from oasis_studio.app.files.drawings import first_sample
from oasis_studio.app.results.pictures import SIDE
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.result import MOST_PASSING, MOST_PASSING_BYTES, Result
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.files.projects.results import made_result, open_photo, open_scene

TURNS = 5
GRAIN = 6
"""Of the enlarged photo, so that it is as hard to pack as one that was rendered in that size."""

T = TypeVar("T")


def main() -> int:
    parser = argparse.ArgumentParser(description="What kept photos cost.")
    parser.add_argument("--sides", type=int, nargs="+", default=[512, 1024, 2048, 4096])
    options = parser.parse_args()
    for side in options.sides:
        document, photo = enlarged(side)
        result = print_one(document, photo)
        print_file(document, photo, result)
    return 0


def enlarged(side: int) -> tuple[Document, np.ndarray]:
    """The first sample as a square of that side, and a photo for it."""
    sample = first_sample()
    assert sample is not None
    found = read_project(sample.path)
    colors = found.document.palette.colors[found.document.flatten()]
    source = colors if found.image_HW3 is None else found.image_HW3
    photo = np.asarray(cv2.resize(source, (side, side), interpolation=cv2.INTER_CUBIC)).astype(np.int16)
    photo += np.random.default_rng(0).integers(-GRAIN, GRAIN + 1, photo.shape, np.int16)
    layers = [replace(layer, labels=_nearest(layer.labels, side)) for layer in found.document.layers]
    document = replace(found.document, width=side, height=side, layers=layers, styles={}, locks={}, reference=None)
    return replace(document, snapshots=(), results=()), np.clip(photo, 0, 255).astype(np.uint8)


def _nearest(labels_HW: np.ndarray, side: int) -> np.ndarray:
    return np.asarray(cv2.resize(labels_HW, (side, side), interpolation=cv2.INTER_NEAREST))


def print_one(document: Document, photo: np.ndarray) -> Result:
    jpeg, jpeg_s = timed(lambda: made_result(document, photo, "Outdoor", "", 0))
    png, png_s = timed(lambda: made_result(document, photo, "Outdoor", "", 0, is_lossless=True))
    _small, small_s = timed(lambda: open_photo(jpeg, SIDE))
    _scene, scene_s = timed(lambda: open_scene(jpeg))
    print(f"{document.width}², {len(document.layers)} layers")
    print(f"  kept as JPEG in {jpeg_s:.3f} s, {megabytes(jpeg.photo):.2f} MB; as PNG {png_s:.3f} s, ", end="")
    print(f"{megabytes(png.photo):.2f} MB; its scene {megabytes(jpeg.scene):.3f} MB")
    print(f"  small picture after {1000 * small_s:.0f} ms, scene open after {scene_s:.3f} s")
    return jpeg


def print_file(document: Document, photo: np.ndarray, result: Result) -> None:
    count = max(1, min(MOST_PASSING, MOST_PASSING_BYTES // result.nbytes))
    full = replace(document, results=tuple(replace(result, id=number) for number in range(count)))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("none.oasis", "full.oasis")]
        seconds: list[list[float]] = [[], []]
        for _turn in range(TURNS):
            for place, each in enumerate((document, full)):
                seconds[place].append(timed(lambda place=place, each=each: write_project(paths[place], each, photo))[1])
        saved = [float(np.median(each)) for each in seconds]
        opened = [timed(lambda path=path: read_project(path))[1] for path in paths]
        sizes = [path.stat().st_size / 2**20 for path in paths]
    for name, save, size, read in zip(("no results", f"{count} results"), saved, sizes, opened, strict=True):
        print(f"  with {name}: saved in {save:.3f} s, {size:.1f} MB, opened in {read:.3f} s", flush=True)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def megabytes(data: bytes) -> float:
    return len(data) / 2**20


if __name__ == "__main__":
    raise SystemExit(main())
