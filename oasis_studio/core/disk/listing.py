"""The files of a person's folder: the one lister for data sets, batches, labelling and the trainer.

It knows the hidden companions that systems and programs leave beside files, follows linked folders once, and notes
what it passed over and why.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from oasis_studio.core.disk.distinct import Identity, identity
from oasis_studio.core.disk.endings import OTHER_PICTURES, PHOTO_ENDINGS, ending, is_label_map, is_photo
from oasis_studio.core.disk.whole_files import unreadable
from oasis_studio.i18n import _

_COMPANIONS = frozenset({
    "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir", "#recycle", "$recycle.bin",
    "system volume information", "lost+found",
})  # fmt: skip
"""Names in lower case that are no files of a person; names that begin with a dot or "~$" are none either."""

_FIRST = 3


class Reason(StrEnum):
    """Why a file or folder was passed over."""

    HIDDEN = "hidden"
    OTHER_KIND = "other kind"
    """A picture in a format that is not read."""
    DEAD_LINK = "dead link"
    SEEN = "seen"
    """A link to a folder that is listed anyway, or that the folder itself lies in."""
    TWIN = "twin"
    """A file whose name differs only in its ending from one that is used."""
    REFUSED = "refused"
    """A folder that the system does not let be read."""


@dataclass
class PassedOver:
    """What listing folders passed over, by path."""

    reasons: dict[Path, Reason] = field(default_factory=dict)

    def note(self, path: Path, reason: Reason) -> None:
        self.reasons.setdefault(path, reason)

    def of(self, reason: Reason) -> list[Path]:
        """What was passed over for this reason, in the order of the paths."""
        return sorted(path for path, each in self.reasons.items() if each is reason)

    def sentences(self) -> list[str]:
        """What was passed over, in a sentence for each reason; names are told of the first few."""
        texts = {
            Reason.HIDDEN: _("Hidden files are passed over: {names}."),
            Reason.OTHER_KIND: _("Pictures of kinds that are not read are passed over: {names}."),
            Reason.DEAD_LINK: _("Links that lead nowhere are passed over: {names}."),
            Reason.SEEN: _("Links to folders that are read anyway are passed over: {names}."),
            Reason.TWIN: _("Of files that differ only in their ending one is used, and not: {names}."),
            Reason.REFUSED: _("Folders that cannot be read are passed over: {names}."),
        }
        told = []
        for reason, text in texts.items():
            paths = self.of(reason)
            if paths:
                names = ", ".join(path.name for path in paths[:_FIRST]) + (", …" if len(paths) > _FIRST else "")
                told.append(text.format(names=f"{names} ({len(paths)})" if len(paths) > 1 else names))
        return told


def is_companion(name: str) -> bool:
    """Whether a file or folder of this name was left by a system or program, and is none of a person's."""
    return name.startswith((".", "~$")) or name.lower() in _COMPANIONS


def list_files(folder: Path, is_deep: bool = True, passed: PassedOver | None = None) -> list[Path]:
    """All files in ``folder`` and, if ``is_deep``, in the folders below it, in the order of their paths.

    Linked folders are followed, each once: not to a folder that is listed already, nor to one that ``folder`` lies in.
    What is passed over goes to ``passed``. StudioError if ``folder`` itself cannot be read.
    """
    return _Walk(folder, is_deep, passed if passed is not None else PassedOver()).files()


def list_photos(folder: Path, is_deep: bool = True, passed: PassedOver | None = None) -> list[Path]:
    """All photos in and below ``folder``, as :func:`list_files`; pictures of other kinds are passed over."""
    return _pictures(folder, is_deep, passed, is_photo, lambda path: ending(path) in OTHER_PICTURES)


def list_label_maps(folder: Path, is_deep: bool = True, passed: PassedOver | None = None) -> list[Path]:
    """All label maps in and below ``folder``, as :func:`list_files`; other pictures are passed over."""
    return _pictures(
        folder,
        is_deep,
        passed,
        is_label_map,
        lambda path: ending(path) in PHOTO_ENDINGS or ending(path) in OTHER_PICTURES,
    )


def _pictures(
    folder: Path,
    is_deep: bool,
    passed: PassedOver | None,
    is_wanted: Callable[[Path], bool],
    is_other: Callable[[Path], bool],
) -> list[Path]:
    found = []
    for path in list_files(folder, is_deep, passed):
        if is_wanted(path):
            found.append(path)
        elif passed is not None and is_other(path):
            passed.note(path, Reason.OTHER_KIND)
    return found


class _Walk:
    """One way through a folder and those below it: real folders first, so that a link never takes their place."""

    def __init__(self, folder: Path, is_deep: bool, passed: PassedOver) -> None:
        self._folder, self._is_deep, self._passed = folder, is_deep, passed
        self._found: list[Path] = []
        self._waiting = [folder]
        self._links: list[Path] = []
        self._seen: set[Identity | None] = {None}

    def files(self) -> list[Path]:
        self._seen.update(identity(place) for place in (self._folder, *self._folder.resolve().parents))
        try:
            self._look_into(self._waiting.pop())
        except OSError as error:
            raise unreadable(self._folder, error) from error
        while self._waiting or self._links:
            self._links.sort()
            place = self._waiting.pop() if self._waiting else self._links.pop(0)
            here = identity(place)
            if here in self._seen:
                self._passed.note(place, Reason.SEEN)
                continue
            self._seen.add(here)
            try:
                self._look_into(place)
            except OSError:
                self._passed.note(place, Reason.REFUSED)
        return sorted(self._found)

    def _look_into(self, place: Path) -> None:
        with os.scandir(place) as entries:
            for entry in entries:
                try:
                    self._take(place / entry.name, entry)
                except OSError:  # a link that leads to itself
                    self._passed.note(place / entry.name, Reason.DEAD_LINK)

    def _take(self, path: Path, entry: os.DirEntry[str]) -> None:
        if is_companion(entry.name):
            self._passed.note(path, Reason.HIDDEN)
        elif entry.is_dir():
            if self._is_deep:
                (self._links if _is_link(entry) else self._waiting).append(path)
        elif entry.is_file():
            self._found.append(path)
        elif entry.is_symlink():
            self._passed.note(path, Reason.DEAD_LINK)


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Also a junction, the link of Windows that is no symbolic one."""
    return entry.is_symlink() or bool(getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0))
