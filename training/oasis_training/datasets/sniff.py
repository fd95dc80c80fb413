"""A look into a file without reading all of it."""

from __future__ import annotations

import codecs
from itertools import islice
from pathlib import Path

from oasis_studio.core.disk.listing import is_companion
from oasis_training.datasets.photo_index import comparable

_PART = 2**20


def mentions(path: Path, *words: str) -> bool:
    """Whether the first or last MiB of a file contains all ``words``; False if it cannot be read."""
    try:
        with path.open("rb") as stream:
            text = stream.read(_PART)
            size = stream.seek(0, 2)
            if size > _PART:
                stream.seek(max(_PART, size - _PART))
                text += stream.read(_PART)
    except OSError:
        return False
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text.decode("utf-16", "replace").encode()
    return all(word.encode() in text for word in words)


def some(folder: Path, pattern: str, count: int = 5) -> list[Path]:
    """A few files that match, hidden companions left out; not sorted, so that a large folder costs nothing."""
    try:
        return list(islice((path for path in folder.glob(pattern) if not is_companion(path.name)), count))
    except OSError:
        return []


def subfolders(folder: Path) -> list[Path]:
    """The folders directly below ``folder``, linked ones too, sorted; hidden ones and what cannot be read are not."""
    try:
        return sorted(path for path in folder.iterdir() if not is_companion(path.name) and path.is_dir())
    except OSError:
        return []


def child(folder: Path, name: str) -> Path:
    """The folder ``name`` in ``folder``, in whatever case it is written there; the path as named if there is none."""
    path = folder / name
    if path.is_dir():
        return path
    return next((found for found in subfolders(folder) if comparable(found.name) == comparable(name)), path)
