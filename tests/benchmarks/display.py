"""A screen for windows where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SCREEN = "1440x900x24"


@contextmanager
def screen() -> Iterator[str]:
    """Sets DISPLAY to one served by Xvfb unless there is one; yields what Qt will draw on, in words."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM"):
        yield "the screen"
        return
    server = shutil.which("Xvfb")
    if server is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield "no screen (Qt's offscreen platform; install Xvfb for a real window)"
        return
    reader, writer = os.pipe()
    command = [server, "-displayfd", str(writer), "-screen", "0", _SCREEN, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            os.environ["DISPLAY"] = f":{told.readline().strip()}"
        yield "Xvfb"
    finally:
        process.terminate()
        process.wait(timeout=10)
