"""A Python environment of the person's own: is it fit to render and train in place of the program's own PyTorch?"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oasis_studio.core.work.child import source_folders
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

OLDEST_PYTHON = (3, 11)
NEEDED = {
    "torch": ("torch", (2, 4)),
    "numpy": ("numpy", (1, 26)),
    "PIL": ("pillow", (10, 3)),
    "cv2": ("opencv-python-headless", (4, 9)),
    "safetensors": ("safetensors", (0, 4, 3)),
    "platformdirs": ("platformdirs", (4,)),
}
"""What rendering and training import: the package's name in an index, and the oldest version that is enough."""


@dataclass(frozen=True)
class Environment:
    """What a Python says of itself. ``devices`` are names of graphics cards that its PyTorch can use."""

    python: str
    version: tuple[int, ...]
    torch: str
    devices: tuple[str, ...]

    @property
    def summary(self) -> str:
        """One line for the person."""
        line = _("Python {python}, PyTorch {torch}").format(python=".".join(map(str, self.version)), torch=self.torch)
        return f"{line} · {', '.join(self.devices) or _('no graphics card that PyTorch can use')}"


def python_in(chosen: Path) -> Path:
    """The interpreter that is meant by ``chosen``: it itself, or the one of the environment in that folder.

    Links are kept: the link is what makes an interpreter that of its environment. StudioError if there is none.
    """
    if not chosen.is_dir():
        if chosen.is_file():
            return chosen.absolute()
        raise StudioError(_("There is no file {path}.").format(path=chosen))
    names = ("python.exe", "Scripts/python.exe") if sys.platform == "win32" else ("bin/python", "bin/python3", "python")
    for name in names:
        if (chosen / name).is_file():
            return (chosen / name).absolute()
    raise StudioError(
        _("There is no Python in the folder {path}.").format(path=chosen),
        _("Choose the folder of a virtual or conda environment, or its interpreter."),
    )


def probe_command(python: Path) -> list[str]:
    """The command line that makes ``python`` tell about itself; StudioError if it could not work for us anyway."""
    folders = source_folders()
    if not folders:
        raise StudioError(
            _("This OASIS Studio is a package of the Python environment {path}.").format(path=sys.prefix),
            _("Install the PyTorch for your graphics card there; then it is used by itself."),
        )
    return [str(python), "-c", (folders[0] / "oasis_studio" / "core" / "work" / "probe.py").read_text(encoding="utf-8")]


def read_probe(python: Path, said: str) -> Environment:
    """What the probe's output says; StudioError with what is missing if this environment cannot do the work."""
    try:
        told: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
        version = tuple(int(part) for part in told["python"])
        versions: dict[str, str | None] = dict(told["versions"])
        devices = tuple(str(name) for name in told["devices"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise StudioError(
            _("{path} is no Python, or does not say what it has.").format(path=python),
            _("Choose the interpreter of a Python environment."),
            said[-500:],
        ) from error
    if version < OLDEST_PYTHON:
        raise StudioError(
            _("{path} is Python {found}; {needed} or newer is needed.").format(
                path=python, found=_dotted(version), needed=_dotted(OLDEST_PYTHON)
            )
        )
    _refuse_lacks(python, versions)
    return Environment(str(python), version, str(versions["torch"]), devices)


def _refuse_lacks(python: Path, versions: dict[str, str | None]) -> None:
    """One sentence for all that is missing, too old or broken, and the line that mends it."""
    lacks, lines = [], []
    for module, (package, oldest) in NEEDED.items():
        found = versions.get(module)
        if found is None:
            lacks.append(package)
        elif found.startswith("!"):
            lacks.append(_("{package} (broken: {reason})").format(package=package, reason=found[2:]))
        elif _numbers(found) < oldest:
            lacks.append(
                _("{package} {needed} (it has {found})").format(package=package, needed=_dotted(oldest), found=found)
            )
        else:
            continue
        lines.append(f"{package}>={_dotted(oldest)}")
    if lacks:
        install = shlex.join([str(python), "-m", "pip", "install", *lines])
        raise StudioError(
            _("{path} lacks: {packages}. This installs it:").format(path=python, packages=", ".join(lacks)),
            install,
        )


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: "2.13.0+cu128" is (2, 13, 0)."""
    numbers = []
    for part in version.partition("+")[0].split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
