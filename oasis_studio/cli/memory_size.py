"""Amounts of memory as people write them."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}

MaxMemoryOption = Annotated[
    str | None,
    typer.Option(
        "--max-memory",
        metavar=_("SIZE"),
        help=_("Largest memory of the program, such as 4GB; larger photos are rendered in tiles."),
    ),
]


def parse_bytes(text: str | None) -> int | None:
    """Bytes of "512MB", "4G" or "1.5 GiB", in powers of 1024; None stays None. StudioError if it is no amount."""
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)I?B?\s*", text.upper())
    if match is None or not float(match[1]):
        raise StudioError(
            _('"{text}" is no amount of memory.').format(text=text), _("Write it like 512MB, 4GB or 1.5GB.")
        )
    return int(float(match[1]) * _UNITS[match[2]])
