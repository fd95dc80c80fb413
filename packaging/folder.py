"""Where the build puts things, and how it calls other programs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
FROZEN = DIST / "oasis-studio"


class BuildError(Exception):
    """What stands in the way, in a sentence."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(command: list[str], cwd: Path = ROOT) -> None:
    """CalledProcessError if it fails, BuildError if it is not there."""
    if shutil.which(command[0]) is None:
        raise BuildError(f"The program {command[0]} is not installed here.")
    subprocess.run(command, cwd=cwd, check=True)


def need_frozen() -> None:
    if not FROZEN.is_dir():
        raise BuildError("There is no frozen program yet: build.py freeze.")


def version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def fresh(folder: Path) -> Path:
    """An empty folder of that name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
