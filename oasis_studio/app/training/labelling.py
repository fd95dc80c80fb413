"""Labelling a folder of photos one after the other: the photo lies under the labels, the pair is saved beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.files.drawings import Drawings, blank_document
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.settings import Settings
from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.core.classes.palette import UNPAINTED, Palette, name_key
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.disk.endings import PHOTO_FORMATS
from oasis_studio.core.disk.listing import list_label_maps, list_photos
from oasis_studio.core.document.document import MAX_SIDE, MIN_SIDE
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.files.label_maps.files import read_labels, write_labels
from oasis_studio.core.files.pictures.photo import read_photo
from oasis_studio.core.files.projects.autosave import Labelled
from oasis_studio.core.work.child import module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_OPACITY = 0.6


def guess_command(photo: Path, target: Path, model: str) -> list[str]:
    """Writes what ``model`` reads in ``photo`` as a label map."""
    return module_command("oasis_studio", "segment", "--out", str(target), "--model", model, "--", str(photo))


class Labelling(QObject):
    """``photos`` are those of the open folder, by name; ``index`` is the one on the canvas, -1 for none.

    Photos stand in ``images/`` of the folder or in the folder itself, label maps in ``labels/``. A map is written only
    while the drawing has the folder's classes and lies pixel by pixel over its photo.
    """

    changed = Signal()
    failed = Signal(object)
    """StudioError of work in the background."""

    def __init__(self, session: Session, drawings: Drawings, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._drawings, self._settings = session, drawings, settings
        self.folder: Path | None = None
        self.photos: list[Path] = []
        self.index = -1
        self._guess: ToolRun | None = None
        self._is_opening = False
        self._names: list[str] = []
        """Of the classes that the folder was opened with, in their order."""
        self._frame: object = None
        """Of the drawing while its pixels are those of the photo."""
        self._is_painted = False
        """Did labels change since the map was read or written?"""
        session.labels_changed.connect(self._note_painting)
        session.document_opened.connect(self._notice_other_document)

    @property
    def is_open(self) -> bool:
        """Is a photo of the folder on the canvas?"""
        return self.index >= 0

    @property
    def is_unsaved(self) -> bool:
        """Are there labels on the canvas that are not in the label map? A project file may hold them already."""
        is_in_project = self._session.path is not None
        return self.is_open and (self._is_painted if is_in_project else self._session.is_modified)

    @property
    def is_guessing(self) -> bool:
        return self._guess is not None

    @property
    def can_guess(self) -> bool:
        """Does the drawing's model read photos?"""
        card = self._session.card
        return self.is_open and card is not None and card.capabilities.reads_photos

    def label_file(self, photo: Path) -> Path:
        assert self.folder is not None
        return self.folder / "labels" / f"{photo.stem}.png"

    def is_labelled(self, photo: Path) -> bool:
        return self.label_file(photo).is_file()

    # -- from photo to photo ------------------------------------------------------------------------------------

    def open_folder(self, folder: Path) -> None:
        """Begin where the person was the last time; StudioError if there are no photos."""
        photos, twins = _photos_in(folder)
        names = _class_names(self._session.document.palette)
        self._require_classes(folder, names)
        self.folder, self.photos, self.index, self._names = folder, photos, -1, names
        last = self._settings.data_places.get(str(folder.resolve()), "")
        titles = [photo.name for photo in photos]
        self.go_to(titles.index(last) if last in titles else self._first_open())
        if twins:
            text = _("Left out, because another photo would have the same label map: {names}.")
            names = ", ".join(photo.name for photo in twins[:3])
            self.failed.emit(StudioError(text.format(names=names), _("Give every photo a name of its own.")))

    def take_up(self, labelled: Labelled) -> None:
        """Go on where the program was ended by force: the recovered drawing is on the canvas, and goes to its photo.

        StudioError if it is no label map of that photo; it stays what it is then, a drawing that is not saved.
        """
        photos, document = _photos_in(labelled.folder)[0], self._session.document
        names = _class_names(document.palette)
        self._require_classes(labelled.folder, names)
        if labelled.photo not in photos or _size(read_photo(labelled.photo)) != (document.width, document.height):
            raise StudioError(_("{name} is not the photo of this drawing any more.").format(name=labelled.photo.name))
        self.folder, self.photos, self._names = labelled.folder, photos, names
        document.origins = (labelled.folder,)
        self.index, self._frame, self._is_painted = photos.index(labelled.photo), document.frame, True
        self.changed.emit()

    def labelled(self) -> Labelled | None:
        """The photo that the drawing could be saved as the label map of."""
        is_label_map = self.is_open and self._session.document.frame is self._frame
        return Labelled(self.folder, self.photos[self.index]) if is_label_map and self.folder else None

    def go_to(self, index: int) -> None:
        """Save what was painted, and open another photo; StudioError if either cannot be, and nothing is lost."""
        if not 0 <= index < len(self.photos):
            return
        if self.is_unsaved:
            self.save()
        present = self._session.document
        assert self.folder is not None
        self._require_classes(self.folder, _class_names(present.palette))
        self._stop_guess()
        photo = self.photos[index]
        image = read_photo(photo)
        width, height = _size(image)
        if not (min(height, width) >= MIN_SIDE and max(height, width) <= MAX_SIDE):
            raise StudioError(
                _("{name} is {width}×{height} pixels; the editor takes {least} to {most}.").format(
                    name=photo.name, width=width, height=height, least=MIN_SIDE, most=MAX_SIDE
                )
            )
        document = blank_document(width, height, present.palette, present.model)
        document.reference = Reference.fitted(image, width, height, photo)
        document.origins = (self.folder,)
        labels = read_labels(self.label_file(photo), present.palette) if self.is_labelled(photo) else None
        if labels is not None:
            if labels.shape != (height, width):
                raise StudioError(
                    _("The label map of {name} has another size than the photo.").format(name=photo.name),
                    _("Move it away to label the photo anew."),
                )
            document.layers[0].labels[:] = labels
        self._is_opening = True
        self._session.open(document, title=photo.name)
        self._is_opening = self._is_painted = False
        self.index, self._frame = index, document.frame
        self._settings.data_places[str(self.folder.resolve())] = photo.name
        self.changed.emit()
        if labels is None and self.can_guess:
            self.guess()

    def step(self, count: int) -> None:
        """The photo after the next, or before it (-1); at the ends nothing happens."""
        if self.is_open:
            self.go_to(self.index + count)

    def save(self) -> None:
        """Write the label map of the photo on the canvas; unpainted pixels stay unlabelled (255).

        StudioError, and nothing is written, if the drawing has other classes than the folder by now or other pixels
        than the photo, or if nothing is painted while the model is still reading the photo.
        """
        if not self.is_open or self.folder is None:
            return
        self._session.settle()
        document, photo = self._session.document, self.photos[self.index]
        self._require_classes(self.folder, _class_names(document.palette))
        if document.frame is not self._frame:
            raise StudioError(
                _("The drawing of {name} was cropped or resized: it is no label map of the photo.").format(
                    name=photo.name
                ),
                _("Undo that, or stop labelling and keep it as a drawing."),
            )
        painted = np.zeros((document.height, document.width), bool)
        for layer in document.layers:
            if layer.is_visible:
                painted |= layer.labels != UNPAINTED
        if self.is_guessing and not painted.any():
            raise StudioError(
                _("Nothing is labelled yet: the model is still reading the photo."), _("Wait for its guess, or paint.")
            )
        target = self.label_file(photo)
        try:
            target.parent.mkdir(exist_ok=True)
            self._write_classes()
        except OSError as error:
            reason = error.strerror or error
            raise StudioError(
                _("{folder} cannot be written: {reason}.").format(folder=target.parent, reason=reason)
            ) from error
        write_labels(target, np.where(painted, document.flatten(), np.uint8(UNPAINTED)), document.palette)
        self._is_painted = False
        if self._session.path is None:  # else the project file is what is saved or not
            self._session.history.mark_saved()
            self._session.history_changed.emit()
        self.changed.emit()

    def close_folder(self) -> None:
        """Step through photos no more; the drawing stays."""
        self._stop_guess()
        self.folder, self.photos, self.index = None, [], -1
        self.changed.emit()

    # -- the model's guess --------------------------------------------------------------------------------------

    def guess(self) -> None:
        """Let the model read the photo; what it sees becomes a layer that can be undone."""
        if not self.can_guess or self._guess is not None:
            return
        index, model = self.index, self._session.document.model
        folder = tempfile.TemporaryDirectory()
        target = Path(folder.name) / "guess.png"
        self._guess = run = ToolRun(guess_command(self.photos[index], target, model), self)

        def take(_text: str) -> None:
            self._guess = None
            with folder:
                if self.labelled() is not None and index == self.index and self._session.document.model == model:
                    try:
                        labels = read_labels(target, self._session.document.palette)
                        self._drawings.add_as_layer(labels, _("Guess"))
                    except StudioError as error:
                        self.failed.emit(error)
            self.changed.emit()

        def fail(error: StudioError) -> None:
            self._guess = None
            folder.cleanup()
            self.failed.emit(error)
            self.changed.emit()

        run.finished.connect(take)
        run.failed.connect(fail)
        run.cancelled.connect(folder.cleanup)
        run.start()
        self.changed.emit()

    def _stop_guess(self) -> None:
        if self._guess is not None:
            run, self._guess = self._guess, None
            run.cancel()

    def close(self) -> None:
        self._stop_guess()

    def _first_open(self) -> int:
        """The first photo without labels, else the first."""
        return next((number for number, photo in enumerate(self.photos) if not self.is_labelled(photo)), 0)

    def _note_painting(self) -> None:
        self._is_painted = True

    def _notice_other_document(self) -> None:
        """Another drawing was opened by other means: what is painted there is no label map of a photo."""
        if not self._is_opening and self.index >= 0:
            self._stop_guess()
            self.index = -1
            self.changed.emit()

    def _require_classes(self, folder: Path, names: list[str]) -> None:
        """Label maps in other classes would be misread, and written over with other numbers: they are refused."""
        there = self._names if folder == self.folder and _has_label_maps(folder) else names
        hint = _("Choose a model with these classes, or copy the photos to another folder.")
        path = folder / "classes.json"
        if path.exists():
            try:
                there = _class_names(Palette.read(path))
            except StudioError as error:
                text = _("The label maps in {folder} use other classes.")
                raise StudioError(text.format(folder=folder), hint) from error
        if there != names:
            text = _("The label maps in {folder} use other classes: {names}.")
            raise StudioError(text.format(folder=folder, names=", ".join(there[:6])), hint)

    def _write_classes(self) -> None:
        """The class list that tells readers what the ids mean, once."""
        assert self.folder is not None
        path = self.folder / "classes.json"
        if not path.exists():
            write_json(path, self._session.document.palette.to_json())


def _photos_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """The photos of a folder to label, by name, and those whose label map would be that of another photo before them.

    StudioError if there are no photos.
    """
    inner = folder / "images"
    place = inner if inner.is_dir() else folder
    photos = list_photos(place, is_deep=False)
    if not photos:
        text, hint = _("There are no photos in {folder}."), _("{formats} are read.")
        raise StudioError(text.format(folder=place), hint.format(formats=", ".join(PHOTO_FORMATS)))
    first: dict[str, Path] = {}
    for photo in photos:
        first.setdefault(photo.stem.casefold(), photo)
    own = set(first.values())
    return [photo for photo in photos if photo in own], [photo for photo in photos if photo not in own]


def _has_label_maps(folder: Path) -> bool:
    place = folder / "labels"
    return place.is_dir() and bool(list_label_maps(place, is_deep=False))


def _class_names(palette: Palette) -> list[str]:
    return [name_key(entry.name) for entry in palette.classes]


def _size(image_HW3: np.ndarray) -> tuple[int, int]:
    """Width and height."""
    return image_HW3.shape[1], image_HW3.shape[0]
