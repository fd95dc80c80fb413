"""Values on their way to another process and back: a head of JSON, then the numbers of the arrays. Never code.

A frame is ``OASF``, the length of the head (4 bytes, little end first), the head, and the arrays one after the other.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, BinaryIO, cast

import numpy as np

from oasis_studio.core.work import jobs, request

PROTOCOL = 1
"""Both ends say it; they come from the same folder, unless somebody mixed two versions."""

_MAGIC = b"OASF"
_LENGTH = struct.Struct("<I")
_LONGEST_HEAD = 16 * 2**20
_LARGEST_ARRAY = 8 * 2**30
_TYPES = ("|b1", "|u1", "<u2", "<u4", "<i4", "<i8", "<f4", "<f8")
_VALUES = {
    kind.__name__: kind
    for module in (request, jobs)
    for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__ and (is_dataclass(kind) or issubclass(kind, Enum))
}
"""The classes that may travel: what is asked of the networks, and what they answer."""


class WireError(ValueError):
    """What came is no frame, or holds what may not travel."""


def write_frame(stream: BinaryIO, kind: str, number: int, value: object = None) -> None:
    """Send one frame and flush. OSError where nobody reads, WireError if ``value`` may not travel."""
    arrays: list[np.ndarray] = []
    tree = _packed(value, arrays)
    shapes = [[array.dtype.newbyteorder("<").str, list(array.shape)] for array in arrays]
    head = json.dumps({"kind": kind, "number": number, "value": tree, "arrays": shapes}).encode()
    stream.write(_MAGIC + _LENGTH.pack(len(head)) + head)
    for array in arrays:
        stream.write(array.reshape(-1).view(np.uint8).data)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[str, int, Any] | None:
    """Kind, number and value of the next frame; None at the end. WireError, EOFError if it is broken."""
    start = stream.read(len(_MAGIC) + _LENGTH.size)
    if not start:
        return None
    if len(start) < len(_MAGIC) + _LENGTH.size:
        raise EOFError("the stream ends within a frame")
    if start[: len(_MAGIC)] != _MAGIC:
        raise WireError(f"no frame begins with {start!r}")
    (length,) = _LENGTH.unpack(start[len(_MAGIC) :])
    if length > _LONGEST_HEAD:
        raise WireError(f"a head of {length} bytes")
    try:
        head = json.loads(bytes(_read(stream, length)))
        arrays = [_read_array(stream, *shape) for shape in head["arrays"]]
        return str(head["kind"]), int(head["number"]), _unpacked(head["value"], arrays)
    except EOFError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise WireError(f"a frame that cannot be read: {error!r}") from error


def _packed(value: object, arrays: list[np.ndarray]) -> Any:
    """What JSON can say; arrays are put aside and named by their place."""
    if isinstance(value, Enum):
        return {"is": type(value).__name__, "value": value.value}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        if value.dtype.newbyteorder("<").str not in _TYPES:
            raise WireError(f"an array of {value.dtype}")
        arrays.append(np.ascontiguousarray(value, value.dtype.newbyteorder("<")).reshape(value.shape))
        return {"array": len(arrays) - 1}
    if isinstance(value, (tuple, list)):
        return [_packed(item, arrays) for item in value]
    if isinstance(value, dict):
        return {"map": {str(key): _packed(item, arrays) for key, item in value.items()}}
    name = type(value).__name__
    if _VALUES.get(name) is not type(value) or not is_dataclass(value):
        raise WireError(f"a {name} may not travel")
    return {"is": name, "fields": {entry.name: _packed(getattr(value, entry.name), arrays) for entry in fields(value)}}


def _unpacked(tree: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(tree, list):
        return tuple(_unpacked(item, arrays) for item in tree)
    if not isinstance(tree, dict):
        return tree
    if "array" in tree:
        return arrays[tree["array"]]
    if "map" in tree:
        return {key: _unpacked(item, arrays) for key, item in tree["map"].items()}
    kind = cast(Callable[..., object], _VALUES[tree["is"]])
    if "fields" in tree:
        return kind(**{name: _unpacked(item, arrays) for name, item in tree["fields"].items()})
    return kind(tree["value"])


def _read_array(stream: BinaryIO, dtype: str, shape: list[int]) -> np.ndarray:
    if dtype not in _TYPES or not all(type(side) is int and side >= 0 for side in shape):
        raise WireError(f"an array of {dtype} {shape}")
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size > _LARGEST_ARRAY:
        raise WireError(f"an array of {size} bytes")
    return np.frombuffer(_read(stream, size), dtype).reshape(shape)


def _read(stream: BinaryIO, size: int) -> bytearray:
    """Exactly so many bytes; EOFError if there are fewer."""
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        got = stream.readinto(rest)  # type: ignore[attr-defined]  # every binary stream here has it
        if not got:
            raise EOFError("the stream ends within a frame")
        rest = rest[got:]
    return data
