"""Which files pip installs for the packages in the bundle, with their SHA-256.

dist/requirements-SYSTEM-MACHINE.txt is for ``pip install --require-hashes -r``: the same bundle from the same files.
Where packaging/hashes has a file of that name, both have to agree: a file that was exchanged in an index is noticed.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from folder import DIST, ROOT, BuildError, say
from notices import needed, normalised

KEPT = ROOT / "packaging" / "hashes"
ALSO = ("pyinstaller", "pyinstaller-hooks-contrib")
"""Of what only builds, what ends up in the bundle: the program that starts it."""


def write() -> Path:
    """The file, compared with the one that is kept. BuildError if they differ."""
    from importlib.metadata import version

    wanted = [f"{name}=={version(name)}" for name in [normalised(p.metadata["Name"]) for p in needed("oasis-studio")]]
    lines = hashed(wanted + [f"{name}=={version(name)}" for name in ALSO])
    DIST.mkdir(exist_ok=True)
    target = DIST / f"requirements-{platform.system().lower()}-{platform.machine().lower()}.txt"
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    compare(lines, KEPT / target.name)
    return target


def hashed(requirements: list[str]) -> list[str]:
    """Those lines with the hash of the file that pip would install here for each; nothing is installed."""
    with tempfile.TemporaryDirectory() as folder:
        report, asked = Path(folder) / "report.json", Path(folder) / "requirements.txt"
        asked.write_text("\n".join(requirements), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "-q"]
        subprocess.run([*command, "--report", str(report), "-r", str(asked)], check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return sorted(_line(package) for package in found)


def _line(package: dict) -> str:
    name, version = package["metadata"]["name"], package["metadata"]["version"]
    digest = package["download_info"]["archive_info"]["hashes"]["sha256"]
    return f"{normalised(name)}=={version} --hash=sha256:{digest}"


def compare(lines: list[str], kept: Path) -> None:
    """BuildError with the lines that are not among those kept; a note where nothing is kept yet."""
    if not kept.is_file():
        say(f"There is no {kept.name} in packaging/hashes to compare with.")
        return
    known = {line for line in kept.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}
    others = [line for line in lines if line not in known]
    if others:
        raise BuildError("These files are not those in packaging/hashes:\n" + "\n".join(others))
