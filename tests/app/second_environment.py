"""A Python environment beside the one that runs the tests, as a person would choose it."""

from __future__ import annotations

import sysconfig
import venv
from pathlib import Path

from oasis_studio.core.work.environment import python_in


def make_environment(folder: Path, has_packages: bool = True) -> Path:
    """Its interpreter; it has our packages' dependencies, by a link to those of this environment, or nothing."""
    venv.create(folder, with_pip=False, symlinks=True)
    if has_packages:
        place = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
        (Path(place) / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python_in(folder)
