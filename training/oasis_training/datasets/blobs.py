"""Where bytes come from: a file, memory, text inside another file, or nowhere."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True)
class FileBlob:
    """A file on a disk."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    def read(self) -> bytes:
        return read_bytes(self.path)


@dataclass(frozen=True)
class MemoryBlob:
    """Bytes that are there already."""

    name: str
    data: bytes

    def read(self) -> bytes:
        return self.data


@dataclass(frozen=True)
class EncodedBlob:
    """Bytes that another file holds as base64 text."""

    name: str
    text: str

    def read(self) -> bytes:
        try:
            return base64.b64decode(self.text)
        except (binascii.Error, ValueError) as error:
            raise StudioError(_("The picture inside {name} is damaged.").format(name=self.name)) from error


@dataclass(frozen=True)
class BrokenBlob:
    """Something that is known to be unreadable; asking for it says why."""

    name: str
    message: str

    def read(self) -> bytes:
        raise StudioError(self.message)
