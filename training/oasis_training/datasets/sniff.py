"""A look into a file without reading all of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

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
    return all(word.encode() in text for word in words)


def some(folder: Path, pattern: str, count: int = 5) -> list[Path]:
    """A few files that match; not sorted, so that a large folder costs nothing."""
    try:
        return list(islice(folder.glob(pattern), count))
    except OSError:
        return []


def subfolders(folder: Path) -> Iterator[Path]:
    """The visible folders directly below ``folder``, sorted."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.name.startswith("."):
                yield path
