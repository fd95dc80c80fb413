"""A model in one file: ``.oasismodel``, a zip of the model's folder."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.disk.openable import MODEL
from oasis_studio.core.models.card import (
    CARD_FILE,
    GENERATOR_FILE,
    MAX_CARD_BYTES,
    MODEL_FILES,
    PREVIEW_FILE,
    SWATCHES_FILE,
    WEIGHT_FILES,
    ModelCard,
)
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

SUFFIX = MODEL
_LIMITS = {CARD_FILE: MAX_CARD_BYTES, PREVIEW_FILE: 64 * 2**20, SWATCHES_FILE: 64 * 2**20} | dict.fromkeys(
    WEIGHT_FILES, 4 * 2**30
)
_MAX_ENTRIES = 100
_MAX_RATIO = 200  # weights hardly compress; a bomb does


def pack(folder: Path, file: Path) -> None:
    """Write the model in ``folder`` into ``file``; an old file there stays whole until the new one is."""

    def write(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # weights do not compress
            for name in MODEL_FILES:
                if (folder / name).is_file():
                    archive.write(folder / name, name)

    write_atomically(file, write)


def read_card(file: Path) -> ModelCard:
    """The card inside ``file``; StudioError if the file is not a sound .oasismodel."""
    with _opened(file) as (archive, entries), tempfile.TemporaryDirectory() as scratch:
        _extract(archive, entries[CARD_FILE], Path(scratch) / CARD_FILE)
        return ModelCard.read(Path(scratch))


def read_preview(file: Path) -> bytes | None:
    """The bytes of the picture inside ``file``, None if it has none; StudioError as :func:`read_card`."""
    with _opened(file) as (archive, entries):
        return archive.read(entries[PREVIEW_FILE]) if PREVIEW_FILE in entries else None


def unpack(file: Path, folder: Path) -> None:
    """Unpack the model in ``file`` into the empty ``folder``; StudioError if it is not a sound .oasismodel.

    Only the known files are written, under fixed names and up to fixed sizes: no entry can reach
    another folder.
    """
    with _opened(file) as (archive, entries):
        for name, entry in entries.items():
            _extract(archive, entry, folder / name)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _checked_entries(archive, file)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeError,
    ) as error:
        raise StudioError(
            _("{file} is damaged or is not a model file of OASIS Studio.").format(file=file.name),
            detail=str(error),
        ) from error
    except OSError as error:
        raise StudioError(
            _("Cannot unpack {file}: {error}.").format(file=file, error=error.strerror or error)
        ) from error


def _checked_entries(archive: zipfile.ZipFile, file: Path) -> dict[str, zipfile.ZipInfo]:
    """The known files of the archive by name; StudioError for anything that smells."""
    infos = archive.infolist()
    if len(infos) > _MAX_ENTRIES:
        raise StudioError(_("{file} holds far more files than a model has.").format(file=file.name))
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in info.filename:
            raise StudioError(
                _("{file} tries to write outside its folder ({entry}); it was not opened.").format(
                    file=file.name, entry=info.filename
                )
            )
        if info.filename not in _LIMITS:
            continue
        is_bomb = info.file_size > _MAX_RATIO * max(info.compress_size, 2**16)
        if info.file_size > _LIMITS[info.filename] or is_bomb or info.filename in entries:
            raise StudioError(
                _("The part {entry} of {file} is larger than any model's; it was not opened.").format(
                    entry=info.filename, file=file.name
                )
            )
        entries[info.filename] = info
    for needed in (CARD_FILE, GENERATOR_FILE):
        if needed not in entries:
            raise StudioError(_("{file} is not a model: it lacks {entry}.").format(file=file.name, entry=needed))
    return entries


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    # zipfile stops at the declared size (checked above) and verifies the checksum at the end.
    with archive.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, 2**20)
