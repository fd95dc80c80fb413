"""Keeping what is read apart from what is written: a file that is an input is never written over."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Identity = tuple[int, int]
"""Tells a file from every other one, whatever it is called: through links, in another spelling, in another case."""


def identity(path: Path) -> Identity | None:
    """None if there is no such file or folder."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_same_file(one: Path, other: Path) -> bool:
    """Do both name one file or folder that exists?"""
    found = identity(one)
    return found is not None and found == identity(other)


def identities(paths: Iterable[Path]) -> dict[Identity, Path]:
    """The files among ``paths``, each with its path; of a folder every file in it, behind links to folders too."""
    found: dict[Identity, Path] = {}
    for path in paths:
        for file in _files(path) if path.is_dir() else (path,):
            key = identity(file)
            if key is not None:
                found.setdefault(key, file)
    return found


def require_distinct(output: Path, inputs: Iterable[Path | None]) -> None:
    """StudioError if writing ``output`` would write over one of ``inputs``, or over a file in a folder among them.

    None stands for an input that was not given.
    """
    written = identity(output)
    if written is None:
        return
    read = identities(path for path in inputs if path is not None).get(written)
    if read is not None:
        raise would_replace(output, read)


def would_replace(output: Path, read: Path) -> StudioError:
    """The sentence for an ``output`` that is the file ``read``."""
    return StudioError(
        _("{output} is not written: it would replace {input}, which is read.").format(output=output, input=read),
        _("Choose another name or folder for what is written."),
    )


def would_be_lost(output: Path) -> StudioError:
    """The sentence for an ``output`` in whose place something lies that this program did not put there."""
    return StudioError(
        _("{output} is not written: it would replace a file that is there already.").format(output=output),
        _("Choose another name or folder for what is written."),
    )


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder. A folder that several links lead to is looked through once."""
    seen: set[Identity | None] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        here = identity(Path(place))
        if here in seen:
            folders.clear()
            continue
        seen.add(here)
        yield from (Path(place) / name for name in names)
