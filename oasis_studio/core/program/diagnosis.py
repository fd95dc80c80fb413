"""A report for whoever helps: versions, device, log and settings in one zip. No pictures, no names of files."""

from __future__ import annotations

import json
import os
import platform
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import BinaryIO

from oasis_studio import __version__
from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.disk.distinct import require_distinct
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.paths import home

PACKAGES = ("torch", "PySide6-Essentials", "numpy", "pillow", "opencv-python-headless", "safetensors", "psd-tools")
_PRIVATE = ("recent_files", "recent_data", "data_places")
"""Settings that tell where a person keeps their work."""
_LOG_BYTES = 1_000_000


def facts(library: ModelLibrary) -> dict[str, object]:
    """What this installation is and runs on, as JSON can hold it."""
    return {
        "program": __version__,
        "python": platform.python_version(),
        "frozen": bool(getattr(sys, "frozen", False)),
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "packages": {name: _version(name) for name in PACKAGES},
        "models": [{"id": card.id, "name": card.name, "sha256": card.sha256} for card in library.cards()],
        "environment": {key: value for key, value in os.environ.items() if key.startswith(("QT_", "OMP_", "LANG"))},
    }


def write_diagnosis(path: Path, library: ModelLibrary, more: dict[str, object] | None = None) -> None:
    """Write the report to ``path``, a zip; ``more`` joins the facts. StudioError if it cannot be written."""
    require_distinct(path, [home("logs"), home("settings")])

    def write(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            told = facts(library) | (more or {})
            archive.writestr("facts.json", json.dumps(told, indent=2, ensure_ascii=False))
            archive.writestr("settings.json", _without_home(json.dumps(_settings(), indent=2, ensure_ascii=False)))
            for log in sorted(_files(home("logs"))):
                archive.writestr(f"logs/{log.name}", _without_home(_tail(log)))

    write_atomically(path, write)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not known"


def _settings() -> dict[str, object]:
    try:
        data = tomllib.loads((home("settings") / "settings.toml").read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        return {"not readable": str(error)}
    return {key: value for key, value in data.items() if key not in _PRIVATE}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _tail(log: Path) -> str:
    try:
        return log.read_bytes()[-_LOG_BYTES:].decode("utf-8", "replace")
    except OSError as error:
        return f"not readable: {error}"


def _without_home(text: str) -> str:
    """The person's name is often that of their folder."""
    return text.replace(str(Path.home()), "~")
