#!/usr/bin/env python3
"""Make what people download. Run it with the Python of an environment that has the program and PyInstaller:

    .venv/bin/python packaging/build.py freeze     the program and its libraries in one folder, dist/oasis-studio
    .venv/bin/python packaging/build.py tarball    dist/*.tar.zst of it
    .venv/bin/python packaging/build.py run        dist/*.run, which unpacks and installs itself (makeself)
    .venv/bin/python packaging/build.py deb        dist/*.deb
    .venv/bin/python packaging/build.py appdir     dist/*.AppDir, for appimagetool
    .venv/bin/python packaging/build.py nsis       dist/*-setup.exe, of a folder frozen on Windows (makensis)
    .venv/bin/python packaging/build.py dmg        dist/*.dmg, on macOS (signed where the secrets are there)
    .venv/bin/python packaging/build.py notices    dist/THIRD-PARTY.txt, everybody's licences
    .venv/bin/python packaging/build.py sbom       dist/sbom.json, what is in the folder (CycloneDX)
    .venv/bin/python packaging/build.py hashes     dist/requirements-*.txt, the files it was made of, compared with ours
    .venv/bin/python packaging/build.py sums       dist/SHA256SUMS of all files there
    .venv/bin/python packaging/build.py extract    build/locale/*.pot, what is to be translated (Babel)
    .venv/bin/python packaging/build.py update     the catalogues in resources/locale in line with it
    .venv/bin/python packaging/build.py compile    what the program reads of them
    .venv/bin/python packaging/build.py fonts      the fonts in resources/fonts (fontTools, Noto Sans CJK)
    .venv/bin/python packaging/build.py check      what must be true of the folder: size, licences, that it works

The verbs of installers need what ``freeze`` made. Only the standard library, and the tools named above.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import fonts
import hashes
import languages
import libraries
import linux
import macos
import notices
import windows
from folder import DIST, FROZEN, ROOT, BuildError, need_frozen, run, say

LARGEST = 920 * 2**20
"""Bytes the folder may have on disk."""


def freeze() -> None:
    """PyInstaller's folder, without what only a debugger reads."""
    work = ROOT / "build" / "pyinstaller"
    spec = ROOT / "packaging" / "oasis_studio.spec"
    languages.compile_all()
    command = [sys.executable, "-m", "PyInstaller", "-y", "--log-level", "WARN"]
    if sys.platform == "win32":
        windows.write_icon(windows.ICON)
    run([*command, "--distpath", str(DIST), "--workpath", str(work), str(spec)])
    if sys.platform.startswith("linux"):
        for library in FROZEN.rglob("libpython*.so*"):
            run(["strip", "--strip-unneeded", str(library)])
    say(f"{FROZEN}: {disk_bytes(FROZEN) / 2**20:.0f} MiB")


def check() -> None:
    """The folder is small enough, free of GPL libraries, and the program in it works."""
    need_frozen()
    size = disk_bytes(FROZEN)
    if size > LARGEST:
        raise BuildError(f"The folder has {size / 2**20:.0f} MiB, more than {LARGEST / 2**20:.0f}.")
    if unwanted := libraries.unwanted(FROZEN):
        raise BuildError("These libraries may not be shipped: " + ", ".join(unwanted))
    if sys.platform.startswith("linux") and (unknown := libraries.unknown(FROZEN)):
        raise BuildError(f"Look up the licences of {', '.join(unknown)}, and add them to {libraries.KNOWN}.")
    run([str(program()), "selftest"])
    say(f"{size / 2**20:.0f} MiB, no GPL library, the self-test passes.")


def sums() -> None:
    """SHA256SUMS as ``sha256sum -c`` reads it."""
    files = sorted(path for path in DIST.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.file_digest(path.open('rb'), 'sha256').hexdigest()}  {path.name}\n" for path in files]
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def program() -> Path:
    return FROZEN / ("oasis-studio.exe" if sys.platform == "win32" else "oasis-studio")


def disk_bytes(folder: Path) -> int:
    """What the files take on a disk with blocks of 4 KiB."""
    return sum(-(-path.lstat().st_size // 4096) * 4096 for path in folder.rglob("*") if path.is_file())


VERBS = {
    "freeze": freeze,
    "tarball": linux.tarball,
    "run": linux.self_extracting,
    "deb": linux.deb,
    "appdir": linux.appdir,
    "nsis": windows.nsis,
    "dmg": macos.dmg,
    "notices": notices.write_notices,
    "sbom": notices.write_bill,
    "hashes": hashes.write,
    "sums": sums,
    "extract": languages.extract,
    "update": languages.update,
    "fonts": fonts.make,
    "compile": languages.compile_all,
    "check": check,
}


def main(argv: list[str]) -> int:
    if not argv or any(verb not in VERBS for verb in argv):
        say((__doc__ or "").strip())
        return 2
    try:
        for verb in argv:
            VERBS[verb]()
    except BuildError as error:
        say(str(error))
        return 2
    except subprocess.CalledProcessError as error:
        say(f"{error.cmd[0]} failed (see above).")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
