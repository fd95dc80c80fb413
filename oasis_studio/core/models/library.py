"""The models a person has: shipped ones and their own, each a folder with weights and a card."""

from __future__ import annotations

import difflib
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from oasis_studio.core.disk.distinct import require_distinct
from oasis_studio.core.models import archive
from oasis_studio.core.models.card import CARD_FILE, MODEL_FILES, ModelCard, check_files
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home, resource

_STAGING = ".incoming-"
_ID = re.compile(r"[^\W_][\w-]{0,63}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # Windows has no files of these names


class ModelLibrary:
    """Models in ``shipped`` (read-only) and in ``own``. Of two with one id, the person's own is used."""

    def __init__(self, shipped: Path, own: Path) -> None:
        self._shipped = shipped
        self._own = own
        self._read: dict[Path, tuple[tuple[int, int], ModelCard]] = {}

    def live_in(self, own: Path) -> None:
        """Look for the person's own models in another folder from now on."""
        self._own = own

    def cards(self) -> list[ModelCard]:
        """The cards of all models that can be read, by name; a folder whose card is broken is left out."""
        found: dict[str, ModelCard] = {}
        for root in (self._shipped, self._own):
            for folder in _model_folders(root):
                try:
                    found[folder.name] = self._card(folder)
                except StudioError:
                    continue  # find() says what is wrong with it
        return sorted(found.values(), key=lambda card: (card.name.lower(), card.id))

    def find(self, name_or_folder: str) -> tuple[Path, ModelCard]:
        """The model with that id or name, or in that folder; StudioError with near names if there is none."""
        for root in (self._own, self._shipped):
            folder = root / name_or_folder
            if is_model_id(name_or_folder) and (folder / CARD_FILE).is_file():
                return folder, self._card(folder)
        cards = self.cards()
        for card in cards:
            if card.name.lower() == name_or_folder.lower():
                return self._folder(card.id), card
        folder = Path(name_or_folder).expanduser()
        if (folder / CARD_FILE).is_file():
            return folder, self._card(folder)
        raise StudioError(_('There is no model "{name}".').format(name=name_or_folder), _near(name_or_folder, cards))

    def is_shipped(self, model_id: str) -> bool:
        """Does the model of that id come with the program?"""
        return not (self._own / model_id / CARD_FILE).is_file() and (self._shipped / model_id).is_dir()

    def free_id(self, name: str) -> str:
        """An id made of ``name`` that no model of the library has."""
        slug = _slug(name)
        taken = {folder.name for root in (self._shipped, self._own) for folder in _model_folders(root)}
        return next(
            candidate
            for number in range(1, len(taken) + 3)
            if (candidate := slug if number == 1 else f"{slug}-{number}") not in taken
        )

    @contextmanager
    def new_model(self, model_id: str) -> Iterator[Path]:
        """An empty folder to write a model into; when the block ends well, it becomes the model ``model_id``.

        A model of the person's own with that id is replaced as a whole; nothing half written is ever seen.
        """
        if not is_model_id(model_id):
            raise StudioError(
                _('"{name}" cannot be the name of a model\'s folder.').format(name=model_id),
                _("Use up to 64 letters, digits, hyphens and underscores."),
            )
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            staged = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._own))
        except OSError as error:
            raise _unwritable(self._own, error) from error
        try:
            yield staged
            replace(ModelCard.read(staged), id=model_id).write(staged)
            check_files(staged, ModelCard.read(staged))
            staged.chmod(0o755)  # mkdtemp made it private
            _swap(staged, self._own / model_id)
        except OSError as error:
            raise _unwritable(self._own, error) from error
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def install(self, folder: Path, model_id: str) -> ModelCard:
        """Copy the model in ``folder`` into the library as ``model_id``; the copy appears whole."""
        check_files(folder, ModelCard.read(folder))
        with self.new_model(model_id) as staged:
            for name in MODEL_FILES:
                if (folder / name).is_file():
                    shutil.copyfile(folder / name, staged / name)
        return self._card(self._own / model_id)

    def rename(self, model_id: str, name: str) -> ModelCard:
        """Give a model of the person's own another name for people; its id stays, so drawings still find it."""
        name = " ".join(name.split())
        if not name:
            raise StudioError(_("A model needs a name."))
        if self.is_shipped(model_id):
            raise StudioError(
                _('The model "{name}" comes with OASIS Studio and keeps its name.').format(name=model_id),
                _("Export it and install the file: that copy is yours."),
            )
        folder, card = self.find(model_id)
        replace(card, name=name).write(folder)
        return self._card(folder)

    def size(self, model_id: str) -> int:
        """Bytes of its files."""
        folder = self.find(model_id)[0]
        return sum((folder / name).stat().st_size for name in MODEL_FILES if (folder / name).is_file())

    def remove(self, model_id: str) -> None:
        """Delete a model of the person's own; StudioError for one that comes with the program."""
        folder = self._own / model_id
        if not is_model_id(model_id) or not (folder / CARD_FILE).is_file():
            if is_model_id(model_id) and self.is_shipped(model_id):
                raise StudioError(
                    _('The model "{name}" comes with OASIS Studio and cannot be removed.').format(name=model_id)
                )
            raise StudioError(
                _('There is no model "{name}" in your library.').format(name=model_id),
                _near(model_id, self.cards()),
            )
        try:
            doomed = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._own))
            folder.replace(doomed / model_id)  # gone at once, even if deleting takes long or fails half-way
            shutil.rmtree(doomed, ignore_errors=True)
        except OSError as error:
            raise _unwritable(self._own, error) from error

    def export_archive(self, name_or_folder: str, file: Path) -> None:
        """Write the model into ``file`` (.oasismodel); an old file there stays whole until the new one is."""
        folder, card = self.find(name_or_folder)
        require_distinct(file, [folder])
        check_files(folder, card)
        archive.pack(folder, file)

    def import_archive(self, file: Path, name: str | None = None) -> ModelCard:
        """Install the model in ``file`` (.oasismodel); StudioError, installing nothing, unless it is sound.

        The id is made of ``name`` or of the card's own id; a model of the library is never replaced.
        """
        card = archive.read_card(file)
        model_id = self.free_id(name or card.id)
        with self.new_model(model_id) as staged:
            archive.unpack(file, staged)
            if name:
                replace(card, name=name).write(staged)
        return self._card(self._own / model_id)

    def _folder(self, model_id: str) -> Path:
        own = self._own / model_id
        return own if (own / CARD_FILE).is_file() else self._shipped / model_id

    def _card(self, folder: Path) -> ModelCard:
        """The card in ``folder``, read again only when the file changed; its id is the folder's name."""
        try:
            stat = (folder / CARD_FILE).stat()
        except OSError:
            return ModelCard.read(folder)  # raises with the right sentence
        stamp = (stat.st_mtime_ns, stat.st_size)
        known = self._read.get(folder)
        if known is None or known[0] != stamp:
            known = self._read[folder] = (stamp, replace(ModelCard.read(folder), id=folder.name))
        return known[1]


def default_library() -> ModelLibrary:
    """Models that ship with the program, and those in the person's own folder."""
    return ModelLibrary(resource("models"), home("models"))


def is_model_id(text: str) -> bool:
    """Can this be the name of a model's folder on every system?"""
    return _ID.fullmatch(text) is not None and _RESERVED.fullmatch(text.lower()) is None


def _model_folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return [path for path in root.iterdir() if is_model_id(path.name) and (path / CARD_FILE).is_file()]


def _slug(name: str) -> str:
    text = unicodedata.normalize("NFC", name).lower()
    slug = re.sub(r"[\W_]+", "-", text).strip("-")[:60].strip("-")
    return slug if slug and is_model_id(slug) else f"model-{slug}".strip("-")


def _near(name: str, cards: list[ModelCard]) -> str:
    names = [card.id for card in cards] + [card.name for card in cards if card.name != card.id]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or [card.id for card in cards[:5]]
    if not near:
        return _("The library is empty.")
    return _("Did you mean: {names}?").format(names=", ".join(near))


def _swap(staged: Path, target: Path) -> None:
    """Put ``staged`` in the place of ``target``; if that fails, the old model stays."""
    if not target.exists():
        staged.replace(target)
        return
    retired = Path(tempfile.mkdtemp(prefix=_STAGING, dir=target.parent))
    target.replace(retired / target.name)
    try:
        staged.replace(target)
    except OSError:
        (retired / target.name).replace(target)
        raise
    finally:
        shutil.rmtree(retired, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> StudioError:
    return StudioError(
        _("Cannot write to the model folder {folder}: {error}.").format(folder=folder, error=error.strerror or error),
        _("Check that the folder is yours and the disk is not full."),
    )
