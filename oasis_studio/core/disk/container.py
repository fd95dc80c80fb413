"""Zip files of layers (.oasis, .ora), read with care: nothing is unpacked that says it is too large."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MIMETYPE = b"image/openraster"
THUMBNAIL = "Thumbnails/thumbnail.png"
MERGED = "mergedimage.png"

MAX_LABEL_BYTES = 2**32
"""Of all layers together once decoded: more than any document needs, and what a hostile file may cost at most."""

_MAX_ENTRY = 512 * 2**20
DAMAGE = (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error)
"""What reading a damaged zip file, or what is in it, may raise."""


class Container:
    """An open zip file; ``name`` is what messages call it."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self.name = name

    def has(self, file: str) -> bool:
        return file in self._archive.NameToInfo

    def read(self, file: str, limit: int = _MAX_ENTRY) -> bytes:
        """The bytes of an entry, unless it says it is larger than ``limit``; zipfile never yields more than it says.

        StudioError if it is missing or too large.
        """
        if not self.has(file):
            raise StudioError(
                _("{name} has no {file}: it is damaged, or is no project of OASIS Studio.").format(
                    name=self.name, file=file
                ),
                _("A picture of another program can be imported as a label map, saved as PNG or OpenRaster."),
            )
        info = self._archive.getinfo(file)
        if info.file_size > limit:
            raise StudioError(
                _("{name} holds a file too large to be opened: {file}.").format(name=self.name, file=file)
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(_("{file} is packed in an unusual way").format(file=file))
        return self._archive.read(info)


@contextmanager
def open_container(path: Path) -> Iterator[Container]:
    """Open the file for reading. Whatever is wrong with it while it is open becomes a StudioError of one sentence."""
    path = Path(path)
    with _told(path, path.name), zipfile.ZipFile(path) as archive:
        yield Container(archive, path.name)


@contextmanager
def open_packed(data: bytes, name: str) -> Iterator[Container]:
    """The same of a zip file in memory, which messages call ``name``."""
    with _told(name, name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield Container(archive, name)


@contextmanager
def _told(path: Path | str, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StudioError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    except MemoryError as error:
        raise StudioError(_("There is not enough memory to open {name}.").format(name=name)) from error
    except DAMAGE as error:
        raise StudioError(
            _("{name} is damaged, or is no project of OASIS Studio.").format(name=name),
            _("Look for an earlier copy: each save replaces the file as a whole."),
            repr(error),
        ) from error


def check_total(width: int, height: int, maps: int) -> None:
    """Raise StudioError if so many label maps of that size are more than a file may hold."""
    if width * height * maps > MAX_LABEL_BYTES:
        raise StudioError(
            _("{layers} layers of {width}×{height} pixels are more than a project may hold.").format(
                layers=maps, width=width, height=height
            ),
            _("At this size there may be {most}, snapshots included; remove some.").format(
                most=MAX_LABEL_BYTES // (width * height)
            ),
        )
