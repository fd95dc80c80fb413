"""A folder of photos as a person has them before labelling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 60, 40


def make_photo_folder(folder: Path) -> Path:
    """``folder`` with ``images/photo0.png`` to ``photo2.png`` of (HEIGHT, WIDTH) pixels, each of one grey."""
    (folder / "images").mkdir(parents=True)
    for number in range(3):
        pixels = np.full((HEIGHT, WIDTH, 3), 60 * number + 40, np.uint8)
        Image.fromarray(pixels).save(folder / "images" / f"photo{number}.png")
    return folder
