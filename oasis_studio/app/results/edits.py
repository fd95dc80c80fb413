"""What is done with photos that were kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QObject

from oasis_studio.app.files.jobs import Done, FileJobs
from oasis_studio.app.photo.comparison import Comparison
from oasis_studio.app.session.class_map import class_map, to_model
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.sources import require_apart
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.snapshot import Snapshot
from oasis_studio.core.files.pictures.photo import check_photo_name, write_photo
from oasis_studio.core.files.projects.results import open_photo, open_scene
from oasis_studio.core.history.result_commands import ChangeResults, RemoveResults, RestoreScene, restore_styles
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext

_SAME_SHAPE = 0.01
"""By how much, relative to it, the proportions of two pictures may differ that are laid over each other."""


class ResultEdits(QObject):
    """Each is one step that can be undone, or none at all. StudioError for what cannot be done."""

    def __init__(self, session: Session, comparison: Comparison, jobs: FileJobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._comparison, self._jobs = session, comparison, jobs

    def find(self, result_id: int) -> Result | None:
        return next((each for each in self._session.document.results if each.id == result_id), None)

    def star(self, results: Collection[Result], is_starred: bool) -> None:
        ids = frozenset(each.id for each in results if each.is_starred != is_starred)
        if ids:
            title = _("Star results") if is_starred else _("Take stars off")
            self._session.do(ChangeResults(ids, title, is_starred=is_starred))

    def rename(self, result: Result, name: str) -> None:
        """Give a result a name of its own; the empty text takes it off."""
        if name != result.name:
            self._session.do(ChangeResults(frozenset({result.id}), _("Rename result"), name=name))

    def remove(self, results: Collection[Result]) -> None:
        if results:
            self._session.do(RemoveResults(frozenset(each.id for each in results)))

    # -- going back -----------------------------------------------------------------------------------------------

    def restore(self, result: Result) -> str:
        """Make the drawing what it was; says what could not be, "" if all is."""
        self._session.settle()
        session, document, scene = self._session, self._session.document, open_scene(result)
        card = None if scene.model == document.model else self._card(scene.model)
        is_there = scene.model == document.model or card is not None
        if card is not None:
            _carry(scene, card.id, card.palette)
        else:
            _carry(scene, document.model, document.palette)
        chosen = scene.palette.by_name(session.semantic_class.name)
        is_same = scene.palette == document.palette
        table = None if is_same else class_map(document.palette, scene.palette)
        if session.do(RestoreScene.of(document, scene, table)):
            session.choose_class(chosen.id if chosen else scene.background)
        if is_there:
            return ""
        text = _("The model “{name}” is not installed: its labels are shown by the present one.")
        return text.format(name=result.model_name)

    def restore_styles(self, result: Result) -> None:
        """Seed and styles as they were, for the regions that are still there; the labels stay."""
        self._session.settle()
        document, scene = self._session.document, open_scene(result)
        _carry(scene, document.model, document.palette)
        self._session.do(restore_styles(document, self._session.regions.map, scene))

    def _card(self, model: str) -> ModelCard | None:
        try:
            return self._session.library.find(model)[1]
        except StudioError:
            return None

    # -- looking at it, and giving it away --------------------------------------------------------------------------

    def compare(self, result: Result) -> None:
        """Lay it over the left of the drawing."""
        document = self._session.document
        shape, wanted = result.width / result.height, document.width / document.height
        if abs(shape / wanted - 1) > _SAME_SHAPE:
            raise StudioError(
                _("This photo has other proportions than the drawing."), _("Restore its scene to look at it in full.")
            )
        scene = open_scene(result)
        _carry(scene, document.model, document.palette)
        size = (document.width, document.height)
        labels_HW = cv2.resize(scene.flatten(), size, interpolation=cv2.INTER_NEAREST)
        image_HW3 = cv2.resize(open_photo(result), size, interpolation=cv2.INTER_AREA)
        self._comparison.show(Snapshot(result.name, np.asarray(labels_HW), result.seed), np.asarray(image_HW3))

    def export(self, result: Result, path: Path, done: Done) -> None:
        """Write the photo as it was kept; ``done`` hears how it ended."""
        file_format = check_photo_name(path)
        require_apart(self._session, path)
        title = _("Exporting {name}").format(name=path.name)
        if file_format == ("PNG" if result.is_lossless else "JPEG"):
            work = partial(write_atomically, path, lambda stream: stream.write(result.photo))
        else:
            work = partial(_write_again, path, result)
        self._jobs.write_now(title, work, done)

    def export_all(self, named: Iterable[tuple[Result, str]], folder: Path, done: Done) -> None:
        """Write several into a folder as they were kept, each under its name; files that are there stay."""
        chosen = list(named)
        text = ngettext("Exporting {count} photo", "Exporting {count} photos", len(chosen))
        self._jobs.write_now(text.format(count=len(chosen)), partial(_write_all, chosen, folder), done)


def _carry(scene: Document, model: str, palette: Palette) -> None:
    """Give the scene another model; the classes go to those of the same name."""
    if (scene.model, scene.palette) != (model, palette):
        to_model(scene, model, palette).apply(scene)


def _write_again(path: Path, result: Result) -> None:
    metadata = {"Software": "OASIS Studio", "Model": result.model, "Seed": str(result.seed)}
    write_photo(path, open_photo(result), metadata)


def _write_all(chosen: list[tuple[Result, str]], folder: Path) -> None:
    for result, name in chosen:
        path = _free(folder, name, ".png" if result.is_lossless else ".jpg")
        write_atomically(path, lambda stream, data=result.photo: stream.write(data))


def _free(folder: Path, name: str, ending: str) -> Path:
    """A path in the folder that no file has."""
    stem = "".join("-" if mark in '<>:"/\\|?*' or not mark.isprintable() else mark for mark in name).strip(" .")[:80]
    path, number = folder / f"{stem or '-'}{ending}", 2
    while path.exists():
        path, number = folder / f"{stem or '-'} ({number}){ending}", number + 1
    return path
