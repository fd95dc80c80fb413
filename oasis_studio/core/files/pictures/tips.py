"""Tips of the person's own: PNG files in a folder, painted where they are dark or opaque."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import numpy as np
from PIL import Image

from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.disk.endings import ending
from oasis_studio.core.disk.listing import list_files
from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.core.files.pictures import png
from oasis_studio.core.pixels.tip_shape import TipShape
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

MOST_SIDE = 1024
_MOST_TIPS = 100


def read_tips(folder: Path) -> list[TipShape]:
    """The tips in a folder, by name; files that are none are left out and logged."""
    found = []
    paths = [path for path in list_files(folder, is_deep=False) if ending(path) == ".png"] if folder.is_dir() else []
    for path in paths[:_MOST_TIPS]:
        try:
            found.append(read_tip(path))
        except StudioError as error:
            log.warning("no tip: %s", error)
    return found


def read_tip(path: Path) -> TipShape:
    """A picture as a tip: what is opaque, or in a picture without transparency what is dark. StudioError if none."""
    data = read_bytes(path)
    header = png.read_header(data, path.name)
    if max(header.width, header.height) > MOST_SIDE:
        raise StudioError(
            _("{name} is too large for a tip.").format(name=path.name),
            _("Each side may have up to {side} pixels.").format(side=MOST_SIDE),
        )
    pixels = np.asarray(png.open_png(data, path.name).convert("RGBA"))
    alpha, grey = pixels[..., 3], pixels[..., :3].mean(-1)
    mask = alpha >= 128 if (alpha < 255).any() else grey < 128
    if not mask.any():
        raise StudioError(_("Nothing in {name} is dark or opaque.").format(name=path.name))
    return TipShape(path.stem, mask)


def write_tip(folder: Path, name: str, mask_HW: np.ndarray) -> Path:
    """Keep a tip, black where ``mask_HW`` is true, under a name that is not taken; StudioError if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(_("The folder for tips cannot be made: {reason}.").format(reason=error.strerror)) from error
    stem = re.sub(r"[^\w -]", "", name).strip() or "tip"
    path = folder / f"{stem}.png"
    number = 2
    while path.exists():
        path = folder / f"{stem} {number}.png"
        number += 1
    picture = Image.fromarray(np.where(mask_HW, 0, 255).astype(np.uint8), "L")
    write_atomically(path, lambda stream: picture.save(stream, "PNG"))
    return path
