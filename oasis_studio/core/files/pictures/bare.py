"""A picture file without what is written beside its pixels, and the orientation that was written there.

Decoders read EXIF, XMP, colour profiles and comments while they open a file, and fail where those are malformed. So
they never see them: :func:`bare` takes them out first, and reads the orientation itself. Nothing in this module raises
an error for the content of a file; a structure that it does not understand is handed on as it is.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

UPRIGHT = 1
"""The orientation, as EXIF numbers it, of pixels that are stored as they are to be seen."""

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_ORIENTATION = re.compile(rb"tiff:Orientation\s*(?:=\s*[\"']|>)\s*([1-8])")
_ORIENTATION = 274
_BYTE, _SHORT, _LONG = 1, 3, 4
_PIXEL_TAGS = frozenset({
    256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 338, 339, 347,
    512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 34925,
})  # fmt: skip
"""The TIFF tags without which the pixels cannot be decoded."""


def bare(data: bytes) -> tuple[bytes, int]:
    """The same picture without metadata, and its orientation: 1 to 8 as in EXIF, 1 if the file tells none.

    EXIF tells the orientation; where it does not, XMP may.
    """
    if data.startswith(b"\xff\xd8"):
        return _bare_jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _bare_png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return data, _orientation(*_webp_parts(data))
    if data[:2] in (b"II", b"MM"):
        return _bare_tiff(data)
    if data[4:8] == b"ftyp":
        return _bare_boxes(data), UPRIGHT  # the decoder turns what the container says, and tells how
    return data, UPRIGHT


def exif_orientation(exif: bytes) -> int:
    """The orientation in a block of EXIF, with or without its prefix; 1 if there is none that counts."""
    while exif.startswith(_EXIF):
        exif = exif[len(_EXIF) :]
    return _tiff_orientation(exif) or UPRIGHT


def _orientation(exif: bytes, xmp: bytes) -> int:
    while exif.startswith(_EXIF):
        exif = exif[len(_EXIF) :]
    found = _tiff_orientation(exif)
    if found is None and (match := _XMP_ORIENTATION.search(xmp)):
        found = int(match[1])
    return found or UPRIGHT


# -- JPEG: segments up to the first scan ----------------------------------------------------------------------------


def _bare_jpeg(data: bytes) -> tuple[bytes, int]:
    kept = [data[:2]]
    exif = xmp = b""
    at = 2
    while at + 4 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF or marker in (0x00, 0xFF):  # decoders pass over bytes between segments
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if marker in (0x01, 0xDA, *range(0xD0, 0xDA)) or length < 2 or end > len(data):
            break
        body = data[at + 4 : end]
        if marker == 0xE1 and body.startswith(_EXIF[:5]):
            exif = exif or body
        elif marker == 0xE1 and body.startswith(_XMP):
            xmp = xmp or body
        is_beside = 0xE1 <= marker <= 0xEF or marker == 0xFE
        if not is_beside or marker == 0xEE:  # Adobe's segment tells the colour space
            kept.append(data[at:end])
        at = end
    kept.append(data[at:])
    return b"".join(kept), _orientation(exif, xmp)


# -- PNG: chunks ----------------------------------------------------------------------------------------------------


def _bare_png(data: bytes) -> tuple[bytes, int]:
    kept = [data[:8]]
    exif = old_exif = xmp = b""
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            break
        body = data[at + 8 : end - 4]
        if kind == b"eXIf":
            exif = exif or body
        elif kind in _PNG_TEXTS:
            title, _zero, rest = body.partition(b"\0")
            if title == _PNG_XMP:
                xmp = xmp or _png_text(kind, rest)
            elif title in _RAW_PROFILES:
                old_exif = old_exif or _raw_profile(_png_text(kind, rest))
        is_needed = not kind[0] & 0x20
        if is_needed or kind == b"tRNS":
            kept.append(data[at:end])
        at = end
    kept.append(data[at:])
    return b"".join(kept), _orientation(exif or old_exif, xmp)


_PNG_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_PNG_XMP = b"XML:com.adobe.xmp"
_RAW_PROFILES = (b"Raw profile type exif", b"Raw profile type APP1")
"""Titles of texts in which EXIF stood, as hexadecimal digits, before PNG had a chunk for it."""
_MOST_TEXT = 2**20


def _png_text(kind: bytes, rest: bytes) -> bytes:
    """The text of a chunk from what follows its title, up to a MiB of it; nothing where it is damaged."""
    is_packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    if kind == b"zTXt":
        rest = rest[1:]
    elif kind == b"iTXt":
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]  # after language and translated title
    try:
        return zlib.decompressobj().decompress(rest, _MOST_TEXT) if is_packed else rest
    except zlib.error:
        return b""


def _raw_profile(text: bytes) -> bytes:
    """The bytes that a text lists in hexadecimal digits, after two lines that say what and how many they are."""
    try:
        return bytes.fromhex(b"".join(text.split()[2:]).decode("ascii"))
    except ValueError:
        return b""


# -- WebP: its decoder does not look into these chunks --------------------------------------------------------------


def _webp_parts(data: bytes) -> tuple[bytes, bytes]:
    """The chunks of EXIF and XMP."""
    found = {b"EXIF": b"", b"XMP ": b""}
    at = 12
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind in found:
            found[kind] = found[kind] or data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    return found[b"EXIF"], found[b"XMP "]


# -- AVIF: boxes ----------------------------------------------------------------------------------------------------


def _bare_boxes(data: bytes) -> bytes:
    """The items of EXIF and XMP get types that no decoder looks for; the places of all bytes stay as they were."""
    at = 0
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        length = length or len(data) - at
        if kind == b"meta":
            inside = data[at : at + length].replace(b"Exif", b"none")
            inside = inside.replace(b"application/rdf+xml", b"application/nothing")
            return data[:at] + inside + data[at + length :]
        if length < 8:
            break
        at += length
    return data


# -- TIFF: the entries of the first directory -----------------------------------------------------------------------


def _bare_tiff(data: bytes) -> tuple[bytes, int]:
    directory = _Directory.find(data)
    if directory is None:
        return data, UPRIGHT
    xmp = next((data[at : at + min(count, 2**16)] for tag, _kind, count, at in directory.entries() if tag == 700), b"")
    found = directory.orientation()
    if found is None and (match := _XMP_ORIENTATION.search(xmp)):
        found = int(match[1])
    return directory.with_tags(_PIXEL_TAGS), found or UPRIGHT


def _tiff_orientation(data: bytes) -> int | None:
    """The orientation in the first directory of a TIFF structure, which EXIF has too; None if there is none."""
    directory = _Directory.find(data)
    return None if directory is None else directory.orientation()


class _Directory:
    """The first directory of a TIFF structure, classic or BigTIFF, in either order of bytes."""

    def __init__(self, data: bytes, order: str, is_big: bool, at: int, count: int) -> None:
        self._data, self._order, self._is_big, self._count = data, order, is_big, count
        self._first = at + (8 if is_big else 2)
        self._at = at
        self._size = 20 if is_big else 12

    @classmethod
    def find(cls, data: bytes) -> _Directory | None:
        order = {b"II": "<", b"MM": ">"}.get(data[:2])
        if order is None or len(data) < 8:
            return None
        try:
            is_big = struct.unpack(order + "H", data[2:4])[0] == 43
            place = struct.unpack(order + "Q", data[8:16])[0] if is_big else struct.unpack(order + "I", data[4:8])[0]
            head = "Q" if is_big else "H"
            count = struct.unpack_from(order + head, data, place)[0]
        except (struct.error, OverflowError):
            return None
        return cls(data, order, is_big, place, min(count, 4096))

    def entries(self) -> Iterator[tuple[int, int, int, int]]:
        """(tag, type, count, place of the value) of every entry that lies in the data."""
        for index in range(self._count):
            at = self._first + index * self._size
            if at + self._size > len(self._data):
                return
            tag, kind = struct.unpack_from(self._order + "HH", self._data, at)
            count = struct.unpack_from(self._order + ("Q" if self._is_big else "I"), self._data, at + 4)[0]
            place = at + (12 if self._is_big else 8)
            room = 8 if self._is_big else 4
            if count * _SIZES.get(kind, 1) > room:
                place = struct.unpack_from(self._order + ("Q" if self._is_big else "I"), self._data, place)[0]
            yield tag, kind, count, place

    def orientation(self) -> int | None:
        for tag, kind, count, place in self.entries():
            form = {_BYTE: "B", _SHORT: "H", _LONG: "I"}.get(kind)
            if tag == _ORIENTATION and form and count and place + struct.calcsize(form) <= len(self._data):
                value = struct.unpack_from(self._order + form, self._data, place)[0]
                return value if 1 <= value <= 8 else None
        return None

    def with_tags(self, wanted: frozenset[int]) -> bytes:
        """The data with no other entries in the directory, and no directory after it; what they point at stays."""
        rows = [self._data[at : at + self._size] for at in self._places()]
        kept = [row for row in rows if struct.unpack_from(self._order + "H", row)[0] in wanted]
        head = struct.pack(self._order + ("Q" if self._is_big else "H"), len(kept))
        tail = bytes(8 if self._is_big else 4)
        new = head + b"".join(kept) + tail
        return self._data[: self._at] + new + self._data[self._at + len(new) :]

    def _places(self) -> Iterator[int]:
        for index in range(self._count):
            at = self._first + index * self._size
            if at + self._size <= len(self._data):
                yield at


_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value of every TIFF type."""
