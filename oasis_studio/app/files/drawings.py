"""Drawings from and to files and samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np

from oasis_studio.app.files.autosaver import Autosaver
from oasis_studio.app.files.jobs import Done, FileJobs, Work
from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.sources import require_apart
from oasis_studio.core.classes.lists import find_list
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.disk.openable import DRAWING
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.files.projects.autosave import Recovery
from oasis_studio.core.files.projects.openraster import read_openraster
from oasis_studio.core.files.projects.project import Project, is_project, read_project, write_project
from oasis_studio.core.files.projects.psd import write_psd
from oasis_studio.core.history.commands import AddLayer
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, local_name
from oasis_studio.paths import resource

Writer = Callable[[Document], Work]

DEFAULT_MODEL = "outdoor"
FIRST_SAMPLE = "mountain-lake"


class Export(StrEnum):
    """Files for other programs."""

    LABELS = "labels"
    WIDE_LABELS = "wide labels"
    """Sixteen bits a pixel; of an array, the same as ``LABELS``."""
    PSD = "psd"
    OPENRASTER = "openraster"


@dataclass(frozen=True)
class Sample:
    """A scene that ships with the program."""

    title: str
    path: Path


def samples() -> list[Sample]:
    """The shipped scenes, by title."""
    folder = resource("samples")
    paths = folder.glob("*" + DRAWING) if folder.is_dir() else ()
    found = [Sample(local_name(path.stem.replace("-", " ").capitalize()), path) for path in paths]
    return sorted(found, key=lambda sample: sample.title)


def first_sample() -> Sample | None:
    """The scene that a first start shows."""
    found = samples()
    return next((sample for sample in found if sample.path.stem == FIRST_SAMPLE), found[0] if found else None)


def blank_document(width: int, height: int, palette: Palette, model: str, seed: int = 0) -> Document:
    """A document with one empty layer, all of it in the palette's background class; StudioError for odd sizes."""
    background = next((entry.id for entry in palette.classes if entry.id != palette.dont_care), 0)
    document = Document(width, height, palette, model, background=background, seed=seed)
    document.layers.append(LabelLayer.blank(_("Layer 1"), width, height))
    return document


def first_document(cards: list[ModelCard]) -> Document:
    """What to work on when there is no sample: empty, in the classes of the best model there is."""
    if cards:
        card = next((card for card in cards if card.id == DEFAULT_MODEL), cards[0])
        return blank_document(512, 384, card.palette, card.id, card.first_seed)
    return blank_document(512, 384, find_list("outdoor8"), DEFAULT_MODEL)


class Drawings:
    """Opens, saves, imports and exports the session's drawing. Every method raises StudioError if it cannot."""

    def __init__(self, session: Session, feed: PhotoFeed, autosave: Autosaver, jobs: FileJobs | None = None) -> None:
        """Without ``jobs`` only what does not end in "later" can be called."""
        self._session = session
        self._feed = feed
        self._autosave = autosave
        self._jobs = jobs

    def open(self, path: Path) -> str:
        """Open a project file in place of the present drawing; says what of it was left out, "" if nothing."""
        project = read_project(path)
        self._session.open(project.document, path)
        self._show(project.image_HW3)
        return project.skipped

    def open_sample(self, sample: Sample) -> None:
        """Open a shipped scene as a new drawing, so that saving asks for a place of its own."""
        project = read_project(sample.path)
        for layer in project.document.layers:
            layer.name = local_name(layer.name)
        project.document.origins = (sample.path,)
        self._session.open(project.document, None, sample.title)
        self._show(project.image_HW3)

    def recover(self, found: Recovery) -> str:
        """Open the newest whole copy of unsaved work; it still counts as unsaved, and keeps its file's name.

        Says what of it was left out, "" if nothing.
        """
        project = _newest_whole([found.path, *found.older])
        self._session.open(project.document, found.source, found.title, is_saved=False)
        self._show(project.image_HW3)
        self._autosave.take_over(found.key)
        return project.skipped

    def save(self, path: Path) -> None:
        """Write the drawing to ``path``; an old file there stays whole until the new one is."""
        self._writer(path)(self._session.document)()
        self._session.mark_saved(path)

    def save_later(self, path: Path, done: Done) -> None:
        """Write the drawing to ``path`` while the person paints on; if it cannot be written it stays unsaved."""
        session, write = self._session, self._writer(path)

        def prepare(document: Document) -> Work:
            session.history.begin_saving()
            return write(document)

        def end(error: StudioError | None) -> None:
            session.end_saving(path, error is None)
            done(error)

        self._later(_("Saving {name}").format(name=path.name), prepare, end)

    def export_later(self, kind: Export, path: Path, done: Done) -> None:
        """Write a file for other programs while the person paints on."""
        writer = {
            Export.LABELS: self._labels_writer,
            Export.WIDE_LABELS: partial(self._labels_writer, depth=16),
            Export.PSD: self._psd_writer,
            Export.OPENRASTER: self._openraster_writer,
        }[kind](path)
        self._later(_("Exporting {name}").format(name=path.name), writer, done)

    def _later(self, title: str, prepare: Writer, done: Done) -> None:
        assert self._jobs is not None, "nobody to do it later"
        self._jobs.write(title, prepare, done)

    # Each of these gives what takes a document, at the moment that is to be written, and then the work itself.
    # StudioError if the file is one that the drawing was made from.
    def _writer(self, path: Path) -> Writer:
        require_apart(self._session, path, is_project=True)
        digests = self._session.card.sha256 if self._session.card else {}
        model_sha256 = digests.get("generator.safetensors", "")
        return lambda document: partial(write_project, path, document, self._photo_of(document), model_sha256)

    def _labels_writer(self, path: Path, depth: int = 8) -> Writer:
        require_apart(self._session, path)
        return lambda document: lambda: write_labels(path, document.flatten(), document.palette, depth)

    def _psd_writer(self, path: Path) -> Writer:
        require_apart(self._session, path)
        return lambda document: partial(write_psd, path, document, self._photo_of(document))

    def _openraster_writer(self, path: Path) -> Writer:
        """Kept photos stay here: a copy is given to others."""
        require_apart(self._session, path)
        return lambda document: partial(write_project, path, replace(document, results=()), self._photo_of(document))

    def _photo_of(self, document: Document) -> np.ndarray | None:
        """The last photo, if it has the document's size."""
        image = self._feed.image_HW3
        return image if image is not None and image.shape[:2] == (document.height, document.width) else None

    def fits(self, labels_HW: np.ndarray) -> bool:
        """Can this label map become a layer of the open document?"""
        return labels_HW.shape == (self._session.document.height, self._session.document.width)

    def add_as_layer(self, labels_HW: np.ndarray, name: str, source: Path | None = None) -> None:
        """Put a label map of the document's size on top, as one step that can be undone; ``source``: its file."""
        if not self.fits(labels_HW):
            raise StudioError(_("These labels have another size than the drawing."))
        layer = LabelLayer(name, labels_HW.copy())
        if self._session.do(AddLayer(layer, len(self._session.document.layers), _("Import labels"))):
            self._session.choose_layer(layer.id)
            self._session.document.origins += (source,) if source else ()

    def open_labels(self, labels_HW: np.ndarray, name: str, source: Path | None = None) -> None:
        """Make a label map a new drawing; ``source``: its file."""
        old = self._session.document
        document = blank_document(labels_HW.shape[1], labels_HW.shape[0], old.palette, old.model)
        document.layers[0].name = name
        document.layers[0].labels[:] = labels_HW
        document.origins = (source,) if source else ()
        self._session.open(document, None, name)

    def export_labels(self, path: Path) -> None:
        """Write the flattened label map."""
        self._labels_writer(path)(self._session.document)()

    def open_openraster(self, path: Path) -> str:
        """Open what another program painted, as a new drawing; says what did not fit, "" if all did."""
        if is_project(path):
            return self.open(path)
        old = self._session.document
        found = read_openraster(path, old.palette, old.model, old.background)
        found.document.origins = (path,)
        self._session.open(found.document, None, path.stem)
        reports = []
        if found.snapped_pixels:
            reports.append(_("{count} pixels took the nearest class.").format(count=found.snapped_pixels))
        if found.skipped:
            reports.append(_("Not read: {names}.").format(names=", ".join(found.skipped[:3])))
        return " ".join(reports)

    def export_openraster(self, path: Path) -> None:
        """Write a copy that Krita and MyPaint open; the drawing stays what it is."""
        self._openraster_writer(path)(self._session.document)()

    def export_psd(self, path: Path) -> None:
        """Photo, label layers and one mask for each region, in layers."""
        self._psd_writer(path)(self._session.document)()

    def export_photo(self, path: Path) -> None:
        """Write the photo as it is on the screen, with what made it in its metadata."""
        if self._feed.image_HW3 is None:
            raise StudioError(_("There is no photo yet."), _("Wait until the first one is rendered."))
        require_apart(self._session, path)
        document = self._session.document
        metadata = {"Software": "OASIS Studio", "Model": document.model, "Seed": str(document.seed)}
        write_photo(path, self._feed.image_HW3, metadata)

    def _show(self, image_HW3: np.ndarray | None) -> None:
        if image_HW3 is not None:
            self._feed.show(image_HW3)


def _newest_whole(paths: list[Path]) -> Project:
    """The first of the files that can be read; StudioError, about the first one, if none can."""
    first: StudioError | None = None
    for path in paths:
        try:
            return read_project(path)
        except StudioError as error:
            first = first or error
    raise first or StudioError(_("There is no copy of this drawing any more."))
