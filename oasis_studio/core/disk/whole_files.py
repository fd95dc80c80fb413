"""Whole files that a person brings, read with care: bytes, text, JSON and tables.

Text may begin with a byte-order mark, be UTF-16 where it does, and end its lines as Windows does. What cannot be read
is a StudioError that names the file and the place in it, never a message of Python.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MAX_BYTES = 512 * 2**20
"""No photo, label map or list is larger; what is was not meant."""

_HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]")
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """The whole file; StudioError if it cannot be read or has more than ``most`` bytes."""
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > most:
        raise StudioError(_("{path} is too large.").format(path=path))
    return data


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte-order mark; StudioError if it is neither."""
    return decode_text(read_bytes(path), path)


def decode_text(data: bytes, path: Path | str) -> str:
    """The text of ``data``, which was read from ``path``; lines end with a line feed alone."""
    try:
        text = data.decode(_WIDE.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise StudioError(
            _("{path} is no text in UTF-8 (line {line}).").format(path=path, line=line),
            _("Save it as UTF-8 with a text editor."),
            repr(error),
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_json(path: Path) -> Any:
    """The value in a JSON file; StudioError with the place where it is none."""
    return decode_json(read_text(path), path)


def decode_json(text: str, path: Path | str) -> Any:
    """The value in ``text``, which was read from ``path``."""
    try:
        value = json.loads(text)
        return _writable(value) if _HALF_LETTER.search(text) else value
    except json.JSONDecodeError as error:
        raise StudioError(
            _("{path} is no JSON (line {line}, column {column}).").format(
                path=path, line=error.lineno, column=error.colno
            ),
            _("It may have been copied or downloaded only in part."),
            repr(error),
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or lists without end in lists
        raise StudioError(
            _("{path} is no JSON that can be read.").format(path=path),
            _("It may have been copied or downloaded only in part."),
            repr(error),
        ) from error


def _writable(value: Any) -> Any:
    """The same with "?" for halves of letters, which can be written in JSON and in no file."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_writable(each) for each in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(each) for key, each in value.items()}
    return value


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a table with a title line, by title; separated by commas, or by semicolons or tabs as in Excel.

    StudioError if the file is no table.
    """
    text = read_text(path)
    titles = text.partition("\n")[0]
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=titles.count)))
    except csv.Error as error:
        raise StudioError(_("{path} is no table of values.").format(path=path), detail=repr(error)) from error
    return [{key.strip(): value or "" for key, value in row.items() if isinstance(key, str)} for row in rows]


def unreadable(path: Path | str, error: OSError) -> StudioError:
    """The failure to raise for a file or folder that the system does not give."""
    return StudioError(
        _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error), detail=repr(error)
    )
