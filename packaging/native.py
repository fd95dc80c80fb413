#!/usr/bin/env python3
"""Compile the engine's inner loops, as a step of building a wheel or by itself: ``python3 packaging/native.py``.

Wheels and installers carry the result, so nobody who runs the program needs a compiler. Without one here, or if it
fails, the wheel is a plain one and the program uses torch instead. ``CXX`` names another compiler.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by itself
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("oasis_studio/synthesis/engine/arithmetic/native")
NAME = "_kernels" + {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")

_COMPILERS = ("c++", "g++", "clang++", "cl")
_FLAGS = ["-O3", "-std=c++17", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread"]
_FLAGS += ["-fno-math-errno", "-fno-trapping-math"]  # without these, "negative ones times a leak" is not vectorised
_LINUX_FLAGS = ["-static-libstdc++", "-static-libgcc"]  # nothing but the C library has to be there
_CL_FLAGS = ["/nologo", "/O2", "/std:c++17", "/EHsc", "/LD"]
_LONGEST = 300


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc, valid-type]
    """What hatchling calls before it packs a wheel, or for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version
        library = compile_kernels(Path(self.root))
        if library is not None:
            build_data["artifacts"].append("/" + library.relative_to(self.root).as_posix())
            build_data["pure_python"] = False
            build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")


def compile_kernels(root: Path) -> Path | None:
    """The library in its place below ``root``, or None where it cannot be compiled; says why on stderr."""
    library = root / FOLDER / NAME
    library.unlink(missing_ok=True)  # one of other sources would be worse than none
    compiler = find_compiler(dict(os.environ))
    if compiler is None:
        print("no C++ compiler: the engine will do without compiled inner loops", file=sys.stderr)
        return None
    sources = sorted(str(path) for path in (root / FOLDER).glob("*.cpp"))
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        result = Path(folder) / NAME
        try:
            command = command_line(compiler, sources, result)
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_LONGEST)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"the compiler did not run, the engine will do without it: {error}", file=sys.stderr)
            return None
        if done.returncode or not result.exists():
            print(f"the engine will do without compiled inner loops:\n{done.stdout}{done.stderr}", file=sys.stderr)
            return None
        result.replace(library)
    return library


def find_compiler(environ: dict[str, str]) -> list[str] | None:
    """The command of a C++ compiler."""
    if environ.get("CXX"):
        return shlex.split(environ["CXX"])
    found = next((path for name in _COMPILERS if (path := shutil.which(name))), None)
    return [found] if found else None


def command_line(compiler: list[str], sources: list[str], result: Path) -> list[str]:
    """Compile and link in one step."""
    if Path(compiler[0]).stem.lower() == "cl":
        return [*compiler, *_CL_FLAGS, *sources, f"/Fe:{result}"]
    flags = _FLAGS + (_LINUX_FLAGS if sys.platform.startswith("linux") else [])
    flags += shlex.split(os.environ.get("ARCHFLAGS", "")) if sys.platform == "darwin" else []
    return [*compiler, *flags, *sources, "-o", str(result)]


if __name__ == "__main__":
    sys.exit(0 if compile_kernels(ROOT) else 1)
