"""Every dialog and panel as people get to see it: ``python -m tests.journeys.gallery FOLDER [SETTING …]``.

Leaves a picture of each under FOLDER/SETTING: dark, light and in high contrast on a screen of 1280×720, dark and light
on one of 3840×2160 that is scaled twice. What cannot be read in full, or reaches beyond the screen, is printed and
written to ``cut.txt`` there; then the exit code is 1. ``OASIS_STUDIO_LANGUAGE`` chooses the language. Needs Xvfb.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oasis_studio.paths import resource
from tests.journeys.tiny_model import write_tiny_model

PATIENCE = 560.0
"""Seconds for one setting."""
SETTINGS = {
    "dark-720": ("dark", "1280x720", "1"),
    "light-720": ("light", "1280x720", "1"),
    "contrast-720": ("contrast", "1280x720", "1"),
    "contrast-light-720": ("contrast-light", "1280x720", "1"),
    "dark-4k": ("dark", "3840x2160", "2"),
    "light-4k": ("light", "3840x2160", "2"),
}


def main(folder: Path, names: list[str]) -> int:
    code = 0
    for name in names or list(SETTINGS):
        theme, screen, scale = SETTINGS[name]
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        home = place / "home"
        if not resource("models", "outdoor").is_dir():
            write_tiny_model(home / "models" / "outdoor", reads=True)
        with display(screen) as shown:
            environment = os.environ | {"DISPLAY": shown, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": scale}
            environment["OASIS_STUDIO_HOME"] = str(home)
            command = [sys.executable, "-m", "tests.journeys.see_everything", str(place), theme]
            done = subprocess.run(command, env=environment, timeout=PATIENCE, check=False)
        code = max(code, done.returncode)
    return code


@contextmanager
def display(size: str) -> Iterator[str]:
    """An X server with a screen of ``size``, as long as it is needed."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    try:
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "settings", nargs="*", metavar="SETTING", help=f"of {', '.join(SETTINGS)}; all, if none is named"
    )
    options = parser.parse_args()
    for name in options.settings:
        if name not in SETTINGS:
            parser.error(f"there is no setting {name!r}")
    return options


if __name__ == "__main__":
    OPTIONS = _options()
    raise SystemExit(main(OPTIONS.folder, OPTIONS.settings))
