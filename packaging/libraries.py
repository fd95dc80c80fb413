"""Which shared libraries are in the frozen folder, and whether each of them may be there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from folder import ROOT

KNOWN = ROOT / "packaging" / "linux" / "libraries.toml"
FORBIDDEN = (
    "libreadline",
    "libncurses",
    "libtinfo",
    "libgdbm",
    "libx264",
    "libx265",
    "libgsl",
    "libfftw3",
    "libQt6WebEngine",
    "libQt6Charts",
    "libQt6DataVisualization",
)
"""Beginnings of names of libraries that are under the GPL alone; on every system."""
_QT_PLUGINS = "/Qt/plugins/"


def unwanted(folder: Path) -> list[str]:
    """Names of the files that may not be shipped."""
    return sorted({path.name for path in folder.rglob("*") if path.name.startswith(FORBIDDEN)})


def unknown(folder: Path) -> list[str]:
    """Names of the libraries of a folder frozen on Linux whose licence nobody has looked up; those of Qt's are Qt's."""
    known = {stem for stems in tomllib.loads(KNOWN.read_text(encoding="utf-8"))["licences"].values() for stem in stems}
    found = {path.name for path in folder.rglob("lib*.so*") if _QT_PLUGINS not in path.as_posix()}
    return sorted(name for name in found if stem(name) not in known)


def stem(name: str) -> str:
    """The name without version and hash: "libgfortran-040039e1-0352e75f.so.5.0.0" is "libgfortran"."""
    base = name.partition(".so")[0]
    return re.sub(r"(-[0-9a-f]{8})+(\.\d+)*$", "", base)
