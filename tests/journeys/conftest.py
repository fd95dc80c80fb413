from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

SCREEN = "1440x900x24"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X display of the tests' own, served by Xvfb."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("a journey needs a real window: install Xvfb (Debian: apt install xvfb)")
    reader, writer = os.pipe()
    command = [server, "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()  # comes when the server is ready, or is empty when it ended
    if not number:
        pytest.skip(f"Xvfb did not start (exit code {process.wait()})")
    yield f":{number}"
    process.terminate()
    process.wait(timeout=10)
