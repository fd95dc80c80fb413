"""The model card: what a model is, where it comes from, and which files it consists of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.models.backbone import BackboneId
from oasis_studio.core.models.calibration import Calibration
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Value = TypeVar("Value")

CARD_FILE = "model.json"
GENERATOR_FILE = "generator.safetensors"
DISCRIMINATOR_FILE = "discriminator.safetensors"
ENCODER_FILE = "encoder.safetensors"
READER_FILE = "reader.safetensors"
PREVIEW_FILE = "preview.png"
SWATCHES_FILE = "styles.swatches"
"""Styles that come with a model, chosen by who made it."""
WEIGHT_FILES = (GENERATOR_FILE, DISCRIMINATOR_FILE, ENCODER_FILE, READER_FILE)
MODEL_FILES = (CARD_FILE, *WEIGHT_FILES, PREVIEW_FILE, SWATCHES_FILE)

FORMAT = 1
"""Version of ``model.json``; a newer one is refused, because its meaning is unknown."""
MAX_CARD_BYTES = 4 * 2**20
_MAX_SIDE = 8192
_MOST_SIDES = 4


@dataclass(frozen=True)
class ReaderCard:
    """The segmenter that reads photos in the model's classes.

    ``network`` is its configuration · ``sides`` the short sides, in pixels, at which it reads a photo; what it finds
    is averaged · ``data`` says what it was trained on · ``figures`` how well it reads held-out photos.
    """

    network: dict[str, Any]
    sides: tuple[int, ...]
    data: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"network": self.network, "sides": list(self.sides), "data": self.data, "figures": self.figures}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ReaderCard:
        """Raises ValueError unless it is what :meth:`to_json` writes."""
        network, sides = data.get("network"), data.get("sides")
        others = data.get("data", {}), data.get("figures", {})
        if not all(isinstance(value, dict) for value in (network, *others)) or not isinstance(sides, list):
            raise ValueError("a reader is described by its network and the sides at which it reads")
        if not 1 <= len(sides) <= _MOST_SIDES or not all(
            type(side) is int and 1 <= side <= _MAX_SIDE for side in sides
        ):
            raise ValueError("a reader at no such size")
        return cls(dict(network or {}), tuple(sides), *others)


@dataclass(frozen=True)
class ModelCard:
    """Everything about a model but its weights.

    ``id`` is the folder's name in the library, ``name`` what people read · ``generator``, ``discriminator`` and
    ``encoder`` are the networks' configurations (None: the model comes without that one) · ``capabilities`` say what
    it can be asked for · ``noise_size`` is 0 where regions have no noise ·
    ``native_size`` is (width, height) in pixels · ``sha256`` maps the names of the weight files to digests in
    hexadecimal · ``data`` says what it was trained on (``sources``, ``terms``) · ``parent`` is the id of the
    model it was tuned from · ``critic`` what its discriminator says of real photos (None: nobody measured it) ·
    ``reader`` the segmenter that comes with it (None: the discriminator reads photos, if it can) ·
    ``backbone`` the frozen network that its discriminator or reader looks with (None: neither needs it) ·
    ``first_seed`` 0..MAX_SEED, the seed that new drawings begin with: somebody liked what it shows.
    """

    id: str
    name: str
    architecture: str
    generator: dict[str, Any]
    discriminator: dict[str, Any] | None
    palette: Palette
    native_size: tuple[int, int]
    noise_size: int
    data: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    description: str = ""
    encoder: dict[str, Any] | None = None
    capabilities: Capabilities = field(default_factory=Capabilities)
    critic: Calibration | None = None
    backbone: BackboneId | None = None
    reader: ReaderCard | None = None
    first_seed: int = 0

    def to_json(self) -> dict[str, Any]:
        """The content of ``model.json``."""
        return {
            "format": FORMAT,
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "architecture": self.architecture,
            "native_size": list(self.native_size),
            "noise_size": self.noise_size,
            "first_seed": self.first_seed,
            "capabilities": self.capabilities.to_json(),
            "parent": self.parent,
            "sha256": self.sha256,
            "generator": self.generator,
            "discriminator": self.discriminator,
            "encoder": self.encoder,
            "critic": None if self.critic is None else self.critic.to_json(),
            "backbone": None if self.backbone is None else self.backbone.to_json(),
            "reader": None if self.reader is None else self.reader.to_json(),
            "data": self.data,
            "metrics": self.metrics,
            "palette": self.palette.to_json(),
        }

    @classmethod
    def from_json(cls, data: Any) -> ModelCard:
        """Read a card; raises StudioError naming the field that is wrong."""
        fields = _Fields(data)
        version = fields.read("format", int)
        if version > FORMAT:
            raise StudioError(
                _("This model was made by a newer version of OASIS Studio (card format {version}).").format(
                    version=version
                ),
                _("Update OASIS Studio to use it."),
            )
        palette = Palette.from_json(fields.read("palette", dict))
        discriminator = fields.read_optional("discriminator", dict, None)
        capabilities = fields.read_optional_as("capabilities", Capabilities.from_json)
        if capabilities is None:  # older cards declare none: theirs are what every model could do then
            capabilities = Capabilities(has_critic=discriminator is not None)
        return cls(
            id=fields.read("id", str),
            name=fields.read("name", str),
            architecture=fields.read("architecture", str),
            generator=fields.read("generator", dict),
            discriminator=discriminator,
            palette=palette,
            native_size=fields.read_size("native_size"),
            noise_size=fields.read_count("noise_size", 1 if capabilities.has_region_noise else 0),
            data=fields.read_optional("data", dict, {}),
            metrics=fields.read_optional("metrics", dict, {}),
            sha256=fields.read_digests("sha256"),
            parent=fields.read_optional("parent", str, None),
            description=fields.read_optional("description", str, ""),
            encoder=fields.read_optional("encoder", dict, None),
            capabilities=capabilities,
            critic=fields.read_critic("critic", len(palette)),
            backbone=fields.read_optional_as("backbone", BackboneId.from_json),
            reader=fields.read_optional_as("reader", ReaderCard.from_json),
            first_seed=fields.read_seed("first_seed"),
        )

    @classmethod
    def read(cls, folder: Path) -> ModelCard:
        """Read ``folder/model.json``; raises StudioError if it is missing, unreadable or wrong."""
        path = folder / CARD_FILE
        try:
            if path.stat().st_size > MAX_CARD_BYTES:
                raise StudioError(_("The model card {path} is too large to be one.").format(path=path))
            data = json.loads(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError as error:
            raise StudioError(
                _("There is no model in {folder}.").format(folder=folder),
                _("A model's folder holds {card} and {weights}.").format(card=CARD_FILE, weights=GENERATOR_FILE),
            ) from error
        except (OSError, ValueError, RecursionError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else _("it is no JSON")
            raise StudioError(
                _("Cannot read the model card {path}: {error}.").format(path=path, error=reason), detail=repr(error)
            ) from error
        return cls.from_json(data)

    def write(self, folder: Path) -> None:
        """Write ``folder/model.json``; StudioError if that is impossible."""
        write_json(folder / CARD_FILE, self.to_json())


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_files(folder: Path, card: ModelCard) -> None:
    """Raise StudioError unless the model's weights are there and are those that the card describes."""
    if GENERATOR_FILE not in card.sha256:
        raise StudioError(_("The model card does not say which generator it describes."))
    for name, digest in card.sha256.items():
        if name not in WEIGHT_FILES:
            raise StudioError(_('The model card names "{name}", which is no file of a model.').format(name=name))
        path = folder / name
        if not path.is_file():
            raise StudioError(_("The model lacks its file {name}.").format(name=name))
        if sha256_of(path) != digest:
            raise StudioError(
                _("The file {name} is not the one the model card describes; it was changed or damaged.").format(
                    name=name
                )
            )


class _Fields:
    """Reads typed fields of a JSON object, with one clear sentence for what is wrong."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise StudioError(_("A model card must be a JSON object."))
        self._data = data

    def read(self, name: str, kind: type) -> Any:
        if name not in self._data:
            raise StudioError(_('The model card lacks "{name}".').format(name=name))
        value = self._data[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self._wrong(name)
        return value

    def read_optional(self, name: str, kind: type, default: Any) -> Any:
        return default if self._data.get(name) is None else self.read(name, kind)

    def read_count(self, name: str, least: int) -> int:
        value = self.read(name, int)
        if value < least:
            raise self._wrong(name)
        return value

    def read_seed(self, name: str) -> int:
        """Older cards have none: 0."""
        value = self.read_optional(name, int, 0)
        if not 0 <= value <= MAX_SEED:
            raise self._wrong(name)
        return value

    def read_critic(self, name: str, classes: int) -> Calibration | None:
        """Older cards have none."""
        found = self.read_optional_as(name, Calibration.from_json)
        if found is not None and any(len(rows) != classes + 1 for rows in found.traits.values()):
            raise self._wrong(name)
        return found

    def read_optional_as(self, name: str, kind: Callable[[dict[str, Any]], Value]) -> Value | None:
        """What ``kind`` makes of the object, None where the card has none."""
        value = self.read_optional(name, dict, None)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError as error:
            raise self._wrong(name) from error

    def read_size(self, name: str) -> tuple[int, int]:
        value = self.read(name, list)
        if len(value) != 2 or not all(type(side) is int and 1 <= side <= _MAX_SIDE for side in value):
            raise self._wrong(name)
        return value[0], value[1]

    def read_digests(self, name: str) -> dict[str, str]:
        value = self.read(name, dict)
        for digest in value.values():
            if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
                raise self._wrong(name)
        return value

    def _wrong(self, name: str) -> StudioError:
        shown = repr(self._data[name])
        shown = shown if len(shown) <= 60 else shown[:57] + "…"
        return StudioError(
            _('The model card\'s "{name}" is not what it should be: {value}.').format(name=name, value=shown)
        )
