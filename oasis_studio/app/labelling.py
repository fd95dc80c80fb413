"""Labelling a folder of photos one after the other: the photo lies under the labels, the pair is saved beside it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.drawings import Drawings, blank_document
from oasis_studio.app.session import Session
from oasis_studio.app.settings import Settings
from oasis_studio.app.tool_run import ToolRun
from oasis_studio.core.child import module_command
from oasis_studio.core.document import MAX_SIDE, MIN_SIDE
from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.core.files.labelmap import read_labels, write_labels
from oasis_studio.core.files.photo import read_photo
from oasis_studio.core.palette import UNPAINTED, Palette
from oasis_studio.core.reference import Reference
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
_OPACITY = 0.6


def guess_command(photo: Path, target: Path, model: str) -> list[str]:
    """Writes what ``model`` reads in ``photo`` as a label map."""
    return module_command("oasis_studio", "segment", "--out", str(target), "--model", model, "--", str(photo))


class Labelling(QObject):
    """``photos`` are those of the open folder, by name; ``index`` is the one on the canvas, -1 for none.

    Photos stand in ``images/`` of the folder or in the folder itself, label maps in ``labels/``.
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
        session.document_opened.connect(self._notice_other_document)

    @property
    def is_open(self) -> bool:
        """Is a photo of the folder on the canvas?"""
        return self.index >= 0

    @property
    def is_guessing(self) -> bool:
        return self._guess is not None

    @property
    def can_guess(self) -> bool:
        """Does the drawing's model read photos?"""
        card = self._session.card
        return self.is_open and card is not None and card.capabilities.has_critic

    def label_file(self, photo: Path) -> Path:
        assert self.folder is not None
        return self.folder / "labels" / f"{photo.stem}.png"

    def is_labelled(self, photo: Path) -> bool:
        return self.label_file(photo).is_file()

    # -- from photo to photo ------------------------------------------------------------------------------------

    def open_folder(self, folder: Path) -> None:
        """Begin where the person was the last time; StudioError if there are no photos."""
        inner = folder / "images"
        place = inner if inner.is_dir() else folder
        try:
            photos = sorted(path for path in place.iterdir() if path.suffix.lower() in _ENDINGS)
        except OSError as error:
            raise StudioError(_("{folder} cannot be read: {reason}.").format(folder=folder, reason=error)) from error
        if not photos:
            raise StudioError(
                _("There are no photos in {folder}.").format(folder=place), _("JPEG, PNG, WebP and TIFF are read.")
            )
        self._require_classes(folder)
        self.folder, self.photos, self.index = folder, photos, -1
        last = self._settings.data_places.get(str(folder.resolve()), "")
        names = [photo.name for photo in photos]
        self.go_to(names.index(last) if last in names else self._first_open())

    def go_to(self, index: int) -> None:
        """Save what was painted, and open another photo; StudioError if either cannot be, and nothing is lost."""
        if not 0 <= index < len(self.photos):
            return
        if self.is_open and self._session.is_modified:
            self.save()
        self._stop_guess()
        photo = self.photos[index]
        image = read_photo(photo)
        height, width = image.shape[:2]
        if not (min(height, width) >= MIN_SIDE and max(height, width) <= MAX_SIDE):
            raise StudioError(
                _("{name} is {width}×{height} pixels; the editor takes {least} to {most}.").format(
                    name=photo.name, width=width, height=height, least=MIN_SIDE, most=MAX_SIDE
                )
            )
        present = self._session.document
        document = blank_document(width, height, present.palette, present.model)
        document.reference = Reference.fitted(image, width, height)
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
        self._is_opening = False
        self.index = index
        assert self.folder is not None
        self._settings.data_places[str(self.folder.resolve())] = photo.name
        self.changed.emit()
        if labels is None and self.can_guess:
            self.guess()

    def step(self, count: int) -> None:
        """The photo after the next, or before it (-1); at the ends nothing happens."""
        if self.is_open:
            self.go_to(self.index + count)

    def save(self) -> None:
        """Write the label map of the photo on the canvas; unpainted pixels stay unlabelled (255)."""
        if not self.is_open or self.folder is None:
            return
        self._session.settle()
        document, target = self._session.document, self.label_file(self.photos[self.index])
        try:
            target.parent.mkdir(exist_ok=True)
            self._write_classes()
        except OSError as error:
            reason = error.strerror or error
            raise StudioError(
                _("{folder} cannot be written: {reason}.").format(folder=target.parent, reason=reason)
            ) from error
        painted = np.zeros((document.height, document.width), bool)
        for layer in document.layers:
            if layer.is_visible:
                painted |= layer.labels != UNPAINTED
        write_labels(target, np.where(painted, document.flatten(), np.uint8(UNPAINTED)), document.palette)
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
        index = self.index
        folder = tempfile.TemporaryDirectory()
        target = Path(folder.name) / "guess.png"
        self._guess = run = ToolRun(guess_command(self.photos[index], target, self._session.document.model), self)

        def take(_text: str) -> None:
            self._guess = None
            with folder:
                if index == self.index:
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

    def _notice_other_document(self) -> None:
        """Another drawing was opened by other means: what is painted there is no label map of a photo."""
        if not self._is_opening and self.index >= 0:
            self._stop_guess()
            self.index = -1
            self.changed.emit()

    def _require_classes(self, folder: Path) -> None:
        """Label maps in other classes would be misread, and written over with other numbers: they are refused."""
        path = folder / "classes.json"
        if not path.exists():
            return
        hint = _("Choose a model with these classes, or copy the photos to another folder.")
        try:
            there = [entry.name.lower() for entry in Palette.read(path).classes]
        except StudioError as error:
            raise StudioError(_("The label maps in {folder} use other classes.").format(folder=folder), hint) from error
        if there != [entry.name.lower() for entry in self._session.document.palette.classes]:
            text = _("The label maps in {folder} use other classes: {names}.")
            raise StudioError(text.format(folder=folder, names=", ".join(there[:6])), hint)

    def _write_classes(self) -> None:
        """The class list that tells readers what the ids mean, once."""
        assert self.folder is not None
        path = self.folder / "classes.json"
        if not path.exists():
            text = json.dumps(self._session.document.palette.to_json(), indent=2, ensure_ascii=False) + "\n"
            write_atomically(path, lambda stream: stream.write(text.encode()))
