"""``oasis-studio thumbnail``: the small picture inside a drawing or a model, for file managers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from PIL import Image

from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.disk.distinct import require_distinct
from oasis_studio.core.files.pictures import png
from oasis_studio.core.files.projects.thumbnail import read_thumbnail
from oasis_studio.core.models import archive
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_LARGEST = 4096
"""Pixels a side of the largest picture that is decoded."""


def thumbnail(
    file: Annotated[Path, typer.Argument(help=_("A drawing (.oasis) or a model (.oasismodel)."))],
    out: Annotated[Path, typer.Argument(help=_("The PNG to write."))],
    size: Annotated[int, typer.Option(help=_("Pixels of the longer side."), min=16, max=1024)] = 256,
) -> None:
    """Read only the picture: neither the drawing nor the weights are opened."""
    require_distinct(out, [file])
    picture = _of_model(file) if file.suffix.lower() == archive.SUFFIX else _of_drawing(file)
    if picture is None:
        raise StudioError(_("{path} has no picture inside.").format(path=file))
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    write_atomically(out, lambda stream: picture.save(stream, "PNG"))


def _of_drawing(file: Path) -> Image.Image | None:
    pixels = read_thumbnail(file)
    return None if pixels is None else Image.fromarray(pixels)


def _of_model(file: Path) -> Image.Image | None:
    data = archive.read_preview(file)
    if data is None or max((header := png.read_header(data, file.name)).width, header.height) > _LARGEST:
        return None
    return png.open_png(data, file.name).convert("RGB")
