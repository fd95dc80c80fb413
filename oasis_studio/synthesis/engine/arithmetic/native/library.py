"""The compiled library beside this file, and the signatures of its functions."""

from __future__ import annotations

import ctypes
import sys
from ctypes import c_float, c_int64, c_void_p
from pathlib import Path

_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
PATH = Path(__file__).with_name("_kernels" + _SUFFIX)

_TYPES = {"i": c_int64, "p": c_void_p, "f": c_float, "-": None}
_SIGNATURES = {
    "oasis_modulate": "- ipiiiipipipiiiifi",
    "oasis_modulate_u8": "- ipiiiipipipiiiifffi",
    "oasis_sum_rows": "- iipipipipiiii",
    "oasis_look_up": "i piippiippi",
    "oasis_learn": "i piippiippiip",
}
"""The result, then the arguments."""


def load(path: Path = PATH) -> ctypes.CDLL:
    """The library; its functions run without the interpreter's lock. OSError if there is none, or another one."""
    library = ctypes.CDLL(str(path))
    for name, types in _SIGNATURES.items():
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise OSError(f"{path.name} has no {name}") from error
        result, arguments = types.split()
        function.restype, function.argtypes = _TYPES[result], [_TYPES[kind] for kind in arguments]
    return library
