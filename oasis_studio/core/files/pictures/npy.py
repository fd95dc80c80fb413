"""Label maps as NumPy arrays (.npy): whole numbers, two dimensions, no code inside."""

from __future__ import annotations

import io
import math
import tokenize
from collections.abc import Callable

import numpy as np

from oasis_studio.core.document.document import check_size
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MAGIC = b"\x93NUMPY"

_DAMAGE = (ValueError, TypeError, SyntaxError, KeyError, IndexError, EOFError, RecursionError, tokenize.TokenError)


def decode_npy(data: bytes, name: str, check: Callable[[int, int], None] = check_size) -> np.ndarray:
    """The (H, W) array of whole numbers in ``data``; StudioError if it is none, or ``check`` refuses its size."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = read(stream)
    except _DAMAGE as error:
        raise _unreadable(name, error) from error
    if dtype.kind not in "iub" or len(shape) != 2:
        raise StudioError(
            _("{name} holds {shape} values of type {type}, which are no label map.").format(
                name=name, shape="×".join(map(str, shape)) or "1", type=dtype
            ),
            _("A label map has two dimensions, height and width, of whole numbers."),
        )
    check(shape[1], shape[0])
    body = stream.getbuffer()[stream.tell() :]
    if len(body) < math.prod(shape) * dtype.itemsize:
        raise _unreadable(name, EOFError(len(body)))
    values = np.frombuffer(body, dtype, math.prod(shape))
    return values.reshape(shape, order="F" if is_fortran else "C")


def encode_npy(labels_HW: np.ndarray) -> bytes:
    """The bytes of an .npy file."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(labels_HW, np.uint8), allow_pickle=False)
    return stream.getvalue()


def _unreadable(name: str, error: Exception) -> StudioError:
    return StudioError(
        _("{name} is damaged and cannot be read.").format(name=name),
        _("It may have been copied or downloaded only in part."),
        repr(error),
    )
