"""A photo too large for one piece: ``python -m tests.benchmarks.tiles [--model NAME] [--side PIXELS]``.

The program's own ``render`` makes it, in a process that can have so many bytes of addresses and no more (``--most``),
as on a machine of that size. Prints the time from file to file, megapixels a second, and the largest memory.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

CELLS = 60
CLASSES = 8
MAX_MEMORY = "3G"
"""What the renderer is told to take; the rest is for libraries, the drawing and the photo."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="outdoor")
    parser.add_argument("--side", type=int, default=8192)
    parser.add_argument("--most", type=float, default=8.0, help="GiB of addresses")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        labels, photo = Path(folder) / "labels.png", Path(folder) / "photo.png"
        draw(labels, options.side)
        start = time.perf_counter()
        render(labels, photo, options.model, int(options.most * 2**30))
        seconds = time.perf_counter() - start
        made = cv2.imread(str(photo))
        assert made is not None and made.shape[:2] == (options.side, options.side)
    resident = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"{options.side}² with {options.model}: {seconds:.1f} s, {options.side**2 / seconds / 1e6:.2f} Mpx/s")
    print(f"resident at most {resident:.2f} GiB, of {options.most} GiB of addresses")
    return 0


def draw(path: Path, side: int) -> None:
    """Cells of classes, as an index picture."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    nearest, labels = np.full((side, side), np.inf, np.float32), np.zeros((side, side), np.uint8)
    for _cell in range(CELLS):
        row, column = rng.random(2) * side
        distance = (y - row) ** 2 + (x - column) ** 2
        is_nearer = distance < nearest
        nearest[is_nearer], labels[is_nearer] = distance[is_nearer], rng.integers(0, CLASSES)
    cv2.imwrite(str(path), labels)


def render(labels: Path, photo: Path, model: str, most_bytes: int) -> None:
    """By the command line, in bfloat16; CalledProcessError if it does not fit."""
    command = [sys.executable, "-m", "oasis_studio", "render", str(labels), "-o", str(photo), "--model", model]
    limits = (most_bytes, most_bytes)
    subprocess.run(
        [*command, "--precision", "bf16", "--max-memory", MAX_MEMORY],
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limits),
    )


if __name__ == "__main__":
    raise SystemExit(main())
