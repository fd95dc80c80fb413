"""The small picture inside a project, without opening the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from oasis_studio.core.disk.container import THUMBNAIL, open_container
from oasis_studio.core.files.pictures import png
from oasis_studio.errors import StudioError

_MAX_BYTES = 4 * 2**20
_MAX_SIDE = 1024


def read_thumbnail(path: Path) -> np.ndarray | None:
    """(h, w, 3) uint8 RGB, at most 1024 px a side (ours have 256); None if the file has none that can be read."""
    try:
        with open_container(path) as container:
            data = container.read(THUMBNAIL, _MAX_BYTES)
            header = png.read_header(data, THUMBNAIL)
            if not (1 <= header.width <= _MAX_SIDE and 1 <= header.height <= _MAX_SIDE):
                return None
            return np.array(png.open_png(data, THUMBNAIL).convert("RGB"))
    except StudioError:
        return None
