"""Where the person's files are, and what to call the next one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.settings import Settings, write_settings
from oasis_studio.i18n import _


class Purpose(StrEnum):
    """What a file is for: each has a folder of its own."""

    LABELS = "labels"
    PHOTOS = "photos"
    OTHER_PROGRAMS = "other_programs"


class Places:
    """Folders and names to propose in file dialogs; the recent files."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings

    @property
    def recent(self) -> list[Path]:
        return [Path(name) for name in self._settings.recent_files]

    def remember(self, path: Path) -> None:
        self._settings.remember(path)
        write_settings(self._settings)

    def forget(self, path: Path) -> None:
        self._settings.forget(path)

    def use(self, purpose: Purpose, path: Path) -> None:
        """A file, or a folder, for that purpose was chosen: the next one is likely to be there, too."""
        self._settings.folders[purpose] = str(path if path.is_dir() else path.parent)
        write_settings(self._settings)

    def folder(self, purpose: Purpose | None = None) -> Path:
        """Where the last file for the purpose was; else beside the open drawing, beside the last one, or at home."""
        last = Path(self._settings.folders.get(purpose, "")) if purpose else Path()
        if last.is_absolute() and last.is_dir():
            return last
        near = self._session.path or next(iter(self.recent), None)
        return near.parent if near and near.parent.is_dir() else Path.home()

    def proposal(self, ending: str, purpose: Purpose | None = None) -> Path:
        """A name for a file of this drawing, in the folder for the purpose."""
        stem = Path(self._session.title).stem if self._session.title else _("Untitled")
        return self.folder(purpose) / (stem + ending)
