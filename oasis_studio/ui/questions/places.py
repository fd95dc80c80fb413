"""Where the person's files are, and what to call the next one."""

from __future__ import annotations

from pathlib import Path

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.settings import Settings, write_settings
from oasis_studio.i18n import _


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

    def folder(self) -> Path:
        """Where the person works: beside the open file, else beside the last one, else at home."""
        near = self._session.path or next(iter(self.recent), None)
        return near.parent if near and near.parent.is_dir() else Path.home()

    def proposal(self, ending: str) -> Path:
        """A name for a file of this drawing."""
        stem = Path(self._session.title).stem if self._session.title else _("Untitled")
        return self.folder() / (stem + ending)
