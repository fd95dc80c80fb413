"""Where files live: resources that ship with the program, and the person's own folders.

``OASIS_STUDIO_HOME=DIR`` puts every per-user folder under one directory (tests, portable use).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

_APP = "OASIS Studio"


def resource(*parts: str) -> Path:
    """Path of a shipped file; works from a checkout, an installed wheel, a frozen program and the sources in it."""
    package = Path(__file__).resolve().parent
    lent = package.parent.parent / "resources"  # the sources that a frozen program lends to another Python
    candidates = [package / "_resources", lent if package.parent.name == "sources" else package.parent / "resources"]
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        candidates.insert(0, Path(frozen) / "resources")
    root = next((folder for folder in candidates if folder.is_dir()), candidates[-1])
    return root.joinpath(*parts)


def home(name: str) -> Path:
    """The per-user folder ``name`` (models, settings, runs, autosave, logs); it may not exist yet."""
    override = os.environ.get("OASIS_STUDIO_HOME")
    if override:
        return Path(override).expanduser() / name
    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    if name == "settings":
        return Path(dirs.user_config_dir)
    if name == "logs":
        return Path(dirs.user_log_dir)
    return Path(dirs.user_data_dir) / name
