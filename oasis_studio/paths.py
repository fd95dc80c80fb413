"""Where files live: resources that ship with the program, and the person's own folders.

``OASIS_STUDIO_HOME=DIR`` puts every per-user folder under one directory (tests, portable use).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

_APP = "OASIS Studio"
MODELS_NOTE = "models-folder.txt"
"""In the folder of the settings: where models live, one line, if the person chose."""


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
    """The per-user folder ``name`` (models, settings, runs, autosave, logs); it may not exist yet.

    Models live where the person said, if they did (:mod:`oasis_studio.core.models.models_folder`).
    """
    return (_chosen_models() if name == "models" else None) or usual_home(name)


def usual_home(name: str) -> Path:
    """The same, whatever the person chose."""
    override = os.environ.get("OASIS_STUDIO_HOME")
    if override:
        return Path(override).expanduser() / name
    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    if name == "settings":
        return Path(dirs.user_config_dir)
    if name == "logs":
        return Path(dirs.user_log_dir)
    return Path(dirs.user_data_dir) / name


def _chosen_models() -> Path | None:
    try:
        line = (usual_home("settings") / MODELS_NOTE).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return Path(line) if line and Path(line).is_absolute() else None
