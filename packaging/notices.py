"""Whose work is in the folder: a text with every licence, and a list that machines read."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

from folder import DIST, FROZEN, ROOT, say, version

_FONTS, _FONTS_LICENCE = "Noto Sans CJK (subsets)", "OFL-1.1"

NOT_BUNDLED = (
    "pip",
    "pyinstaller",
    "altgraph",
    "setuptools",
    "pytest",
    "ruff",
    "pyright",
    "hypothesis",
    "import-linter",
)


def write_notices() -> None:
    """dist/THIRD-PARTY.txt, the licences of the packages the program needs and of the system's libraries with them."""
    DIST.mkdir(exist_ok=True)
    packages = needed("oasis-studio")
    text = "".join(_notice(package) for package in packages)
    text += "".join(_system_notice(package) for package in system_packages())
    (DIST / "THIRD-PARTY.txt").write_text(text + _backbone_notice() + _fonts_notice(), encoding="utf-8")
    say(f"{len(packages)} packages")


def write_bill() -> None:
    """dist/sbom.json: packages, and what was taken from the system that built."""
    DIST.mkdir(exist_ok=True)
    found = bill(needed("oasis-studio"))
    found["components"] += [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:deb/debian/{name}@{version}"}
        for name, version in system_packages().items()
    ]
    found["components"].append({"type": "file", "name": _FONTS, "licenses": [{"license": {"id": _FONTS_LICENCE}}]})
    backbone = _backbone_card()
    found["components"].append(
        {
            "type": "machine-learning-model",
            "name": backbone["name"],
            "licenses": [{"license": {"id": backbone["licence"]}}],
            "hashes": [{"alg": "SHA-256", "content": backbone["sha256"]}],
        }
    )
    (DIST / "sbom.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    say(f"{len(found['components'])} components")


def system_packages() -> dict[str, str]:
    """The Debian packages that libraries of the frozen folder came from, with their versions; none elsewhere."""
    if shutil.which("dpkg-query") is None or not FROZEN.is_dir():
        return {}
    libraries = [f"*/{path.name}" for path in (FROZEN / "_internal").glob("lib*.so*") if not path.is_symlink()]
    told = subprocess.run(["dpkg-query", "-S", *libraries], capture_output=True, text=True, check=False).stdout
    names = sorted({line.partition(":")[0] for line in told.splitlines() if "/" in line and not line.startswith("div")})
    show = ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *names]
    lines = subprocess.run(show, capture_output=True, text=True, check=False).stdout.splitlines() if names else []
    return dict(line.split() for line in lines if line.count(" ") == 1)


def needed(root: str) -> list[metadata.Distribution]:
    """What ``root`` requires, and what that requires, as far as it is installed here; by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = list(metadata.distribution(root).requires or ())
    while waiting:
        requirement = waiting.pop()
        if "extra ==" in requirement:
            continue
        name = normalised(requirement)
        if name in found or name in NOT_BUNDLED:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        waiting += found[name].requires or ()
    return [found[name] for name in sorted(found)]


def bill(packages: list[metadata.Distribution]) -> dict:
    """A software bill of materials as CycloneDX 1.5 has it."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "oasis-studio", "version": version()}},
        "components": [
            {
                "type": "library",
                "name": package.metadata["Name"],
                "version": package.version,
                "purl": f"pkg:pypi/{normalised(package.metadata['Name'])}@{package.version}",
                "licenses": [{"license": {"name": licence(package)}}],
            }
            for package in packages
        ],
    }


def licence(package: metadata.Distribution) -> str:
    """The licence as the package names it."""
    told = package.metadata.get("License-Expression") or ""
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in package.metadata.get_all("Classifier") or ()
        if line.startswith("License")
    ]
    lines = (package.metadata.get("License") or "").strip().splitlines()
    return told or "; ".join(classifiers) or (lines[0] if lines else "not named")


def _notice(package: metadata.Distribution) -> str:
    head = f"{package.metadata['Name']} {package.version}: {licence(package)}"
    texts = [
        Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
        for file in package.files or ()
        if Path(str(file)).name.upper().startswith(("LICEN", "COPYING", "NOTICE"))
        and Path(str(file.locate())).is_file()
    ]
    return f"{'=' * 100}\n{head}\n{'=' * 100}\n\n" + "\n\n".join(texts) + "\n\n"


def _system_notice(package: str) -> str:
    path = Path("/usr/share/doc") / package / "copyright"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return f"{'=' * 100}\n{package}, a library of Debian\n{'=' * 100}\n\n{text}\n\n"


def _backbone_card() -> dict[str, Any]:
    return json.loads((ROOT / "resources" / "backbones" / "efficientnet_lite1.json").read_text(encoding="utf-8"))


def _backbone_notice() -> str:
    """The licence of the network that looks at pictures, whose weights come from a package that is not bundled."""
    card = _backbone_card()
    told = (ROOT / "resources" / "backbones" / "LICENSE-Apache-2.0.txt").read_text(encoding="utf-8")
    return f"{'=' * 100}\n{card['source']}: {card['licence']}\n{'=' * 100}\n\n{told}\n\n"


def _fonts_notice() -> str:
    """The licence of the fonts in resources/fonts, which are no package."""
    told = (ROOT / "resources" / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    return f"{'=' * 100}\n{_FONTS}: {_FONTS_LICENCE}\n{'=' * 100}\n\n{told}\n\n"


def normalised(requirement: str) -> str:
    """The normalised name at the beginning of a requirement."""
    name = requirement
    for mark in ";<>=!~[( ":
        name = name.partition(mark)[0]
    return name.strip().lower().replace("_", "-").replace(".", "-")
