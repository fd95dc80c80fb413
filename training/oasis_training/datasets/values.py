"""Numbers and points as annotation files have them: read as they are meant, or refused in a sentence."""

from __future__ import annotations

import math
from typing import Any

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_LONGEST = 40


def number(value: Any) -> float:
    """A finite number, also one that is written as text; StudioError for anything else."""
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise StudioError(_("“{value}” is no number").format(value=short(value)))
    return found


def whole(value: Any) -> int:
    """A whole number, also 3.0 and "3"; StudioError for anything else."""
    found = number(value)
    if found != int(found):
        raise StudioError(_("“{value}” is no whole number").format(value=short(value)))
    return int(found)


def key(value: Any) -> str:
    """What an entry is called by others: the number 1 and the text "1" are the same."""
    try:
        return str(whole(value))
    except StudioError:
        return str(value).strip()


def points(value: Any) -> list[tuple[float, float]]:
    """(x, y) of points: pairs, or numbers in turn; StudioError if they are neither."""
    if not isinstance(value, list | tuple):
        raise StudioError(_("it has no points"))
    if all(isinstance(each, list | tuple) for each in value):
        if any(len(each) != 2 for each in value):
            raise StudioError(_("a point of it has not two numbers"))
        return [(number(x), number(y)) for x, y in value]
    if len(value) % 2:
        raise StudioError(_("its coordinates are not in pairs"))
    numbers = [number(each) for each in value]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def entries(value: Any) -> list[Any]:
    """A list as it is; anything else counts as an empty one."""
    return value if isinstance(value, list) else []


def short(value: Any) -> str:
    """A value as a person reads it in a sentence: not longer than fits there."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
