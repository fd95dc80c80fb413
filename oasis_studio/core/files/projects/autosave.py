"""Copies of unsaved work beside the person's files, never over them, and what can be recovered after a crash.

The folder holds, for each drawing under way, ``<key>.json`` (what it is a copy of) and ``<key>-<number>.oasis``.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oasis_studio import paths
from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.document.document import Document
from oasis_studio.core.files.projects.project import write_project
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

KEEP = 3
"""Copies of each drawing, the newest ones."""

_COPY = re.compile(r"([0-9a-f]{16})-(\d{6,})\.oasis")


@dataclass(frozen=True)
class Labelled:
    """The photo that a drawing is the label map of, and the folder whose photos are labelled one after the other."""

    folder: Path
    photo: Path


@dataclass(frozen=True)
class Recovery:
    """The newest copy of a drawing. ``source`` is the person's file, None if it was never saved.

    ``is_newer``: the copy was written after ``source``, or that is gone, so that it holds work that would be lost.
    ``older`` are the copies before it, the newest first; ``saved_at`` is in seconds since 1970. ``labelled`` is None
    for a drawing that is no label map of a photo.
    """

    key: str
    path: Path
    source: Path | None
    title: str
    saved_at: float
    is_newer: bool
    older: tuple[Path, ...] = ()
    labelled: Labelled | None = None


class Autosave:
    """The copies of one drawing, from its opening to its closing. ``key`` names it in the folder."""

    def __init__(self, folder: Path | None = None, keep: int = KEEP) -> None:
        self.folder = folder or paths.home("autosave")
        self.key = secrets.token_hex(8)
        self._keep = keep
        self._number = 0

    def save(
        self,
        document: Document,
        source: Path | None,
        title: str,
        image_HW3: np.ndarray | None = None,
        labelled: Labelled | None = None,
    ) -> Path:
        """Write a copy and drop the oldest ones; StudioError if the disk refuses, with the older copies still there.

        ``source`` is the person's file, which is not touched; ``title`` is what to call a drawing without one.
        ``labelled`` is the photo that it is the label map of.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudioError(
                _("The folder for copies of unsaved work cannot be made: {reason}.").format(
                    reason=error.strerror or error
                ),
                _("Save your drawing to be safe."),
                repr(error),
            ) from error
        about: dict[str, object] = {"source": str(source.resolve()) if source else None, "title": title}
        if labelled is not None:
            about |= {"folder": str(labelled.folder.resolve()), "photo": str(labelled.photo.resolve())}
        text = json.dumps(about).encode()
        write_atomically(self.folder / f"{self.key}.json", lambda stream: stream.write(text))
        self._number += 1
        path = self.folder / f"{self.key}-{self._number:06}.oasis"
        write_project(path, document, image_HW3)
        for old in _copies(self.folder).get(self.key, [])[self._keep :]:
            with contextlib.suppress(OSError):
                old.unlink()
        return path

    def discard(self) -> None:
        """The drawing is saved or given up: its copies go."""
        discard(self.folder, self.key)


def recoveries(folder: Path | None = None, except_keys: frozenset[str] = frozenset()) -> list[Recovery]:
    """What the folder holds of drawings that were not closed, the newest first; ``except_keys`` are open now."""
    folder = folder or paths.home("autosave")
    found = []
    for key, copies in _copies(folder).items():
        if key in except_keys:
            continue
        source, title, labelled = _about(folder / f"{key}.json")
        with contextlib.suppress(OSError):  # a copy that goes at this moment is none to recover
            saved_at = copies[0].stat().st_mtime
            is_newer = source is None or not source.exists() or saved_at > source.stat().st_mtime
            found.append(Recovery(key, copies[0], source, title, saved_at, is_newer, tuple(copies[1:]), labelled))
    return sorted(found, key=lambda recovery: -recovery.saved_at)


def discard(folder: Path | None, key: str) -> None:
    """Remove all copies of the drawing ``key``; what cannot be removed stays."""
    folder = folder or paths.home("autosave")
    unfinished = folder.glob(f".{key}*.tmp")  # of a program that was killed
    for path in [*_copies(folder).get(key, []), folder / f"{key}.json", *unfinished]:
        with contextlib.suppress(OSError):
            path.unlink()


def _copies(folder: Path) -> dict[str, list[Path]]:
    """The copies of every drawing, the newest first."""
    found: dict[str, list[tuple[int, Path]]] = {}
    if not folder.is_dir():
        return {}
    for path in folder.iterdir():
        match = _COPY.fullmatch(path.name)
        if match:
            found.setdefault(match[1], []).append((int(match[2]), path))
    return {key: [path for _number, path in sorted(copies, reverse=True)] for key, copies in found.items()}


def _about(path: Path) -> tuple[Path | None, str, Labelled | None]:
    """Source, title, and what it labels; the copies are worth having even if this is lost."""
    try:
        data = json.loads(path.read_bytes())
        source, title = data["source"], str(data["title"])
        labelled = Labelled(Path(data["folder"]), Path(data["photo"])) if "photo" in data else None
    except (OSError, ValueError, KeyError, TypeError):
        return None, _("Unnamed drawing"), None
    return (Path(source) if isinstance(source, str) else None), title, labelled
