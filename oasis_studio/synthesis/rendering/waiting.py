"""How the threads of a computation wait for each other. Knows no torch: it must act before torch is imported."""

from __future__ import annotations

import os

_SETTINGS = {
    "OMP_WAIT_POLICY": "PASSIVE",  # GNU and LLVM OpenMP
    "KMP_BLOCKTIME": "0",  # Intel's
}


def wait_without_spinning() -> None:
    """Let waiting threads sleep, unless the person's environment says otherwise.

    The engine computes in many short parallel steps. Beside a window and other programs the partner of a waiting
    thread often has no processor; spinning then takes the time that it needs, and a photo three to five times as long.
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
