"""How the program of the installers starts, on a screen of its own: ``python -m tests.benchmarks.frozen``.

Seconds from the start of the process to a visible window and to the first photo it rendered (by the colours on the
screen; the drawing that it opens has none of its own), and the memory some seconds later, when nobody does anything.
``--program`` names another one than ``build.py freeze`` made; ``--source`` measures the checkout. The first start after
a build reads everything from the disk: it is told apart.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageGrab

from oasis_studio.core.files.projects.project import read_project, write_project
from tests.benchmarks.display import screen

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "dist" / "oasis-studio" / "oasis-studio"
SAMPLE = ROOT / "resources" / "samples" / "mountain-lake.oasis"
PATIENCE = 120.0
IDLE = 8.0
_LOOK = 0.1
"""Seconds between looks at the screen, which take a processor too."""
_MOST_FLAT_COLORS = 2000
"""Of the middle of the screen: without a photo there are icons, text and flat classes."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=FROZEN)
    parser.add_argument("--source", action="store_true", help="measure the checkout")
    parser.add_argument("--times", type=int, default=4)
    options = parser.parse_args()
    command = [sys.executable, "-m", "oasis_studio"] if options.source else [str(options.program)]
    os.environ.pop("QT_QPA_PLATFORM", None)
    with screen() as where:
        print(f"{command[0]} on {where}, {os.cpu_count()} cores")
        for number in range(options.times):
            window, photo, memory = start(command)
            note = " (first start)" if number == 0 else ""
            print(f"window {window}, first photo {photo}, idle {memory:.0f} MB{note}", flush=True)
    return 0


@dataclass(frozen=True)
class Moment:
    """Seconds since the start, and how many of them the process had a processor for: a busy machine shows there."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s (processor: {self.processor:.2f} s)"


def start(command: list[str]) -> tuple[Moment, Moment, float]:
    """When the window and the photo were there, and resident megabytes at rest."""
    with tempfile.TemporaryDirectory() as home:
        settings = Path(home) / "settings" / "settings.toml"
        settings.parent.mkdir()
        settings.write_text("has_seen_tour = true\n", encoding="utf-8")
        drawing = read_project(SAMPLE).document
        write_project(Path(home) / "scene.oasis", drawing)
        environment = os.environ | {"OASIS_STUDIO_HOME": home}
        began = time.perf_counter()
        arguments = [*command, str(Path(home) / "scene.oasis")]
        process = subprocess.Popen(arguments, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)

        def wait_until(is_so: Callable[[], bool], what: str) -> Moment:
            while not is_so():
                if time.perf_counter() - began > PATIENCE or process.poll() is not None:
                    raise SystemExit(f"{what} did not come")
                time.sleep(_LOOK)
            return Moment(time.perf_counter() - began, processor_seconds(process.pid))

        try:
            window = wait_until(is_window_there, "the window")
            photo = wait_until(is_photo_there, "the photo")
            time.sleep(IDLE)
            return window, photo, resident(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def is_window_there() -> bool:
    search = ["xdotool", "search", "--onlyvisible", "--name", "OASIS Studio"]
    return subprocess.run(search, capture_output=True, timeout=PATIENCE, check=False).returncode == 0


def is_photo_there() -> bool:
    """By the colours of the right half, where the photo is."""
    image = ImageGrab.grab(xdisplay=os.environ["DISPLAY"]).convert("RGB")
    half = image.crop((image.width * 4 // 10, 100, image.width * 7 // 10, image.height - 100))
    return len(half.getcolors(1 << 24) or ()) > _MOST_FLAT_COLORS


def processor_seconds(pid: int) -> float:
    """Of all threads of the process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Megabytes of the process and its children, what they share counted once."""
    found = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith("Pss:"):
            found += int(line.split()[1])
    return found * 1024 / 1e6


if __name__ == "__main__":
    sys.exit(main())
