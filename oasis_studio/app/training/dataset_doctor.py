"""Regions of the labelled photos that are probably mislabelled: found behind the window, looked at one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.photo.critic import reading_refusal_of
from oasis_studio.app.session.session import Session
from oasis_studio.app.training.labelling import Labelling
from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.core.document.selection import select_region
from oasis_studio.core.work.child import module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def doctor_command(folder: Path, model: str) -> list[str]:
    """Reads every pair of the folder with the discriminator of ``model``."""
    options = ["--json", "--watched", f"--model={model}"]
    return module_command("oasis_training.commands.datasets", "doctor", *options, "--", str(folder))


@dataclass(frozen=True)
class Suspect:
    """A region of the photo ``photos[index]``: ``point`` (x, y) of it in its pixels, ``share`` 0..1 of the photo.

    ``label`` is the name of the class it is labelled with, ``reads`` of that which it looks like.
    """

    index: int
    label: str
    reads: str
    share: float
    point: tuple[int, int]


class DatasetDoctor(QObject):
    """``suspects`` come with the worst first, None before anybody searched; ``seen`` were looked at."""

    changed = Signal()
    progressed = Signal(int, int)
    """Photos read, and how many in all (0: nobody knows)."""
    failed = Signal(object)
    """StudioError."""

    def __init__(self, session: Session, labelling: Labelling, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._labelling = session, labelling
        self._run: ToolRun | None = None
        self._folder: Path | None = None
        self.suspects: list[Suspect] | None = None
        self.seen: set[Suspect] = set()
        labelling.changed.connect(self._notice_other_folder)

    @property
    def is_running(self) -> bool:
        return self._run is not None

    @property
    def refusal(self) -> str:
        """Why mistakes cannot be looked for; "" if they can."""
        labelling = self._labelling
        if labelling.folder is None:
            return _("Open a folder of photos first.")
        if not any(labelling.is_labelled(photo) for photo in labelling.photos):
            return _("None of these photos is labelled yet.")
        return reading_refusal_of(self._session)

    def find(self) -> None:
        """Begin; StudioError if what was painted cannot be saved before."""
        if self.refusal or self._run is not None:
            return
        if self._labelling.is_unsaved:
            self._labelling.save()
        assert self._labelling.folder is not None
        self._folder, self.suspects, self.seen = self._labelling.folder, None, set()
        self._run = run = ToolRun(doctor_command(self._folder, self._session.document.model), self)
        run.progressed.connect(self.progressed)
        run.finished.connect(self._take)
        run.failed.connect(self._fail)
        run.start()
        self.changed.emit()

    def dismiss(self) -> None:
        """End the search, or put its result away."""
        if self._run is not None:
            run, self._run = self._run, None
            run.cancel()
        self.suspects, self.seen = None, set()
        self.changed.emit()

    def look_at(self, suspect: Suspect) -> None:
        """Open its photo and select the region; StudioError if that cannot be.

        Nothing is selected where the region has another class by now.
        """
        if self._labelling.index != suspect.index:
            self._labelling.go_to(suspect.index)
        labels, (x, y) = self._session.labels_HW, suspect.point
        known = self._session.document.palette.by_name(suspect.label)
        is_inside = 0 <= y < labels.shape[0] and 0 <= x < labels.shape[1]
        if is_inside and known is not None and labels[y, x] == known.id:
            self._session.selection.choose(select_region(labels, x, y))
        else:
            self._session.selection.clear()
        self.seen.add(suspect)
        self.changed.emit()

    def close(self) -> None:
        if self._run is not None:
            run, self._run = self._run, None
            run.cancel()

    def _take(self, text: str) -> None:
        self._run = None
        try:
            self.suspects = _suspects(json.loads(text), [photo.stem for photo in self._labelling.photos])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.failed.emit(StudioError(_("The doctor gave no readable answer."), detail=f"{error!r}\n{text[-2000:]}"))
        self.changed.emit()

    def _fail(self, error: StudioError) -> None:
        self._run = None
        self.failed.emit(error)
        self.changed.emit()

    def _notice_other_folder(self) -> None:
        if self._folder is not None and self._labelling.folder != self._folder:
            self._folder = None
            self.dismiss()


def _suspects(data: dict[str, Any], stems: list[str]) -> list[Suspect]:
    """Those of photos that can be opened here."""
    place: dict[str, int] = {}
    for index, stem in enumerate(stems):
        place.setdefault(stem, index)
    return [
        Suspect(
            place[entry["name"]],
            str(entry["class"]),
            str(entry["reads"]),
            float(entry["share"]),
            (int(entry["point"][0]), int(entry["point"][1])),
        )
        for entry in data["regions"]
        if entry["name"] in place
    ]
