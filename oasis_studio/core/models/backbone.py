"""Which frozen image network comes with the program, and which one a model was made with."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import resource

NAME = "efficientnet_lite1"
"""The backbone that comes with the program."""
_SHOWN_DIGITS = 8
_DIGEST = 64


@dataclass(frozen=True)
class BackboneId:
    """A backbone's ``name`` and the hexadecimal SHA-256 of its weight file, as model cards keep them."""

    name: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:_SHOWN_DIGITS]}"

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "sha256": self.sha256}

    @classmethod
    def from_json(cls, data: Any) -> BackboneId:
        """Raises ValueError unless ``data`` is an object with a name and a digest."""
        name, digest = (data.get("name"), data.get("sha256")) if isinstance(data, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(digest, str) or len(digest) != _DIGEST:
            raise ValueError("a backbone is named by its name and the digest of its file")
        return cls(name, digest)


@dataclass(frozen=True)
class BackboneCard:
    """What lies beside the weights: ``id``, where they come from (``source``) and their ``licence``."""

    id: BackboneId
    source: str
    licence: str

    @classmethod
    def read(cls) -> BackboneCard:
        """The card of the backbone that comes with the program; StudioError if it is missing or unreadable."""
        path = backbone_files()[1]
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(BackboneId.from_json(data), str(data["source"]), str(data["licence"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StudioError(
                _("The network that looks at pictures ({name}) lacks its card {path}.").format(name=NAME, path=path),
                _("Painting goes on without a critic. Install OASIS Studio again to get it back."),
                str(error),
            ) from error

    @staticmethod
    def digest(data: bytes) -> str:
        """Hexadecimal SHA-256 of a weight file's content."""
        return hashlib.sha256(data).hexdigest()


def backbone_files() -> tuple[Path, Path]:
    """Paths of the weights and of the card."""
    folder = resource("backbones")
    return folder / f"{NAME}.safetensors", folder / f"{NAME}.json"
