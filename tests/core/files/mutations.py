"""Files changed at random: bytes anywhere or in their metadata, values of JSON, attributes of XML."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import Any

_METADATA = (b"Exif\0\0", b"eXIf", b"EXIF", b"II*\0", b"MM\0*", b"tiff:Orientation", b"ICC_PROFILE", b"iCCP", b"acsp")
"""What EXIF, XMP and colour profiles begin with, or have near their beginning."""
_NEAR = 160

ODD: tuple[Any, ...] = (
    *(None, True, "", " ", "x", "1", "-1", "1e9", "nan", 0, -1, 3, 0.5, 2**31, 2**63, 10**30, 1e300, -1e300),
    *(float("nan"), float("inf"), [], {}, [[]], [None], [1, 2, 3], [[1, 2], [3, 4]], {"a": 1}, "\0", "\ud800"),
    *("가" * 300, "../../../etc/passwd", "a.jpg", "C:\\a.jpg", "//", "..", "images", [[0, 0, 9, 0, 9, 9]]),
    {"size": [24, 32], "counts": "0"},
)
"""Values that stand where something else belongs."""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, a part removed, doubled or filled: whatever a bad disk or a bad person does."""
    result = bytearray(data)
    near = [match.start() for mark in _METADATA for match in re.finditer(re.escape(mark), data)]
    for _change in range(chance.choice([1, 1, 2, 5, 20])):
        if not result:
            break
        at, length = chance.randrange(len(result)), chance.choice([1, 1, 2, 4, 4, 30])
        if near and chance.random() < 0.5:
            at = min(chance.choice(near) + chance.randrange(_NEAR), len(result) - 1)
        kind = chance.randrange(5)
        if kind == 0:
            result[at : at + length] = chance.randbytes(length)
        elif kind == 1:
            result[at : at + length] = chance.choice([b"\xff", b"\x00", b"\x7f"]) * length
        elif kind == 2 and len(result) > length + 1:
            del result[at : at + length]
        elif kind == 3:
            result[at:at] = result[at : at + length]
        else:
            result[at] ^= 1 << chance.randrange(8)
    return bytes(result)


def odd_json(text: str, chance: random.Random) -> str:
    """The JSON with one to three of its values exchanged or removed."""
    data = json.loads(text)
    for _change in range(chance.choice([1, 1, 1, 2, 3])):
        places = list(_places(data))
        if not places:
            return json.dumps(chance.choice(ODD))
        holder, key = chance.choice(places)
        if chance.random() < 0.2:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))
    return json.dumps(data)


def odd_attributes(text: str, chance: random.Random) -> str:
    """The XML with one to three of its attributes exchanged or removed, or elements called otherwise."""
    for _change in range(chance.choice([1, 1, 2, 3])):
        found = list(re.finditer(r'\w+="[^"]*"', text))
        match = chance.choice(found)
        name = match[0].partition("=")[0]
        value = "".join(c for c in str(chance.choice(ODD)) if c.isprintable() and c not in '<>&"')
        text = text[: match.start()] + ("" if chance.random() < 0.2 else f'{name}="{value}"') + text[match.end() :]
    return text.replace("<box ", "<spiral ", 1) if chance.random() < 0.05 else text


def _places(value: Any) -> Any:
    """(container, key) of everything in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in list(items):
        yield value, key
        yield from _places(inside)
