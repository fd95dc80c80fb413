#!/usr/bin/env python3
"""Set up a private environment in .venv and run the program, its tests or its checks from a checkout.

    python3 packaging/dev.py run  [arguments of the program]
    python3 packaging/dev.py test [arguments of pytest]
    python3 packaging/dev.py lint

Needs nothing but CPython 3.11 or newer. The first call installs everything (minutes), later ones start at once.
``--torch cpu|cuda|keep`` chooses the build of PyTorch: without a graphics card, for NVIDIA cards, or the one that
is in .venv already.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "oasis-studio-dev.json"
PYPROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
KERNELS = [
    ROOT / "packaging" / "native.py",
    *sorted((ROOT / "oasis_studio" / "synthesis" / "engine" / "arithmetic" / "native").glob("*.[ch]pp")),
]  # what an editable installation compiles
OLDEST_PYTHON = (3, 11)
PYTHON = ".".join(map(str, sys.version_info[:2]))

GROUPS = {"run": [], "test": ["test"], "lint": ["lint"]}
MOST_WORKERS = 8
"""Of pytest, at the most: each has torch, Qt and some networks in memory, up to 2 GB."""
TORCH_CHOICES = ("auto", "cpu", "cuda", "keep")
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH_WINDOWS_CUDA_INDEX = "https://download.pytorch.org/whl/cu130"

# What Qt and OpenCV open at run time, and the Debian package that brings it.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Programs with which the journeys open a real window where there is no display.
DISPLAY_PROGRAMS = {"Xvfb": "xvfb", "xauth": "xauth"}


class SetupError(Exception):
    """Something the person has to do; the text says what."""


def main(argv: list[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        say(f"OASIS Studio needs Python 3.11 or newer; this is {platform.python_version()}.")
        return 2
    try:
        verb, torch, rest = parse(argv)
        install_system_packages(verb)
        set_up(GROUPS[verb], torch)
    except SetupError as error:
        say(str(error))
        return 2
    return {"run": run, "test": test, "lint": lint}[verb](rest)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def parse(argv: list[str]) -> tuple[str, str, list[str]]:
    """(verb, torch choice, arguments to pass on); ``--torch`` may stand before or after the verb."""
    rest = list(argv)
    torch = "auto"
    for index, argument in enumerate(rest):
        if argument == "--torch" or argument.startswith("--torch="):
            used = rest[index : index + 1] if "=" in argument else rest[index : index + 2]
            torch = used[-1].removeprefix("--torch=")
            del rest[index : index + len(used)]
            break
    if torch not in TORCH_CHOICES:
        raise SetupError("--torch takes one of: " + ", ".join(TORCH_CHOICES) + ".")
    if not rest or rest[0] not in GROUPS:
        raise SetupError((__doc__ or "").strip())
    return rest[0], torch, rest[1:]


# System libraries -----------------------------------------------------------------------------------------------


def missing_libraries(wanted: dict[str, str]) -> list[str]:
    """The packages whose shared library cannot be opened here."""
    missing = []
    for library, package in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def needs_x11(verb: str, environ: dict[str, str]) -> bool:
    """Will Qt talk to an X server? Only a window needs the X11 libraries, tests also run without."""
    return verb == "run" and environ.get("QT_QPA_PLATFORM", "xcb").startswith("xcb")


def install_system_packages(verb: str) -> None:
    """On Linux, see to the shared libraries; raises SetupError with the line to type where that takes a password."""
    if not sys.platform.startswith("linux") or verb == "lint":
        return
    needed = missing_libraries(QT_LIBRARIES)
    nice = missing_libraries(X11_LIBRARIES)
    if needs_x11(verb, dict(os.environ)):
        needed, nice = needed + nice, []
    if verb == "test":
        nice += [package for program, package in DISPLAY_PROGRAMS.items() if not shutil.which(program)]
    missing = needed + nice
    if not missing:
        return
    if can_use_apt() and apt_install(missing):
        return
    line = "sudo apt-get install -y " + " ".join(missing)
    hint = f"On Debian and Ubuntu type:\n\n    {line}\n\nElsewhere install the packages with these libraries."
    if needed:
        raise SetupError("Some system libraries are missing. " + hint)
    say("Tests that open a window are skipped, because some system packages are missing. " + hint)


def can_use_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages as root; the package lists are fetched only if the first try fails."""
    say("Installing system packages: " + " ".join(packages))
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    base = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120"]

    def apt(*arguments: str) -> bool:
        command = [*base, *arguments]
        done = subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            say(done.stdout[-2000:])
        return done.returncode == 0

    install = ("install", "--no-install-recommends", *packages)
    return apt(*install) or (apt("update") and apt(*install))


# The environment ------------------------------------------------------------------------------------------------


def venv_python(venv: Path = VENV) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(python: str, files: list[Path]) -> str:
    """Changes when the interpreter, the place of the checkout or a file that says what to install changes."""
    digest = hashlib.sha256(f"{python}\n{ROOT}\n".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_stamp(path: Path = STAMP) -> dict:
    """What the last complete set-up left behind; empty if there was none."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_complete(stamp: dict, wanted: str, groups: list[str], torch: str) -> bool:
    """Does the environment hold all that is asked for? ``auto`` and ``keep`` accept any build of PyTorch."""
    return (
        stamp.get("fingerprint") == wanted
        and set(groups) <= set(stamp.get("groups", []))
        and torch in ("auto", "keep", stamp.get("torch"))
    )


def set_up(groups: list[str], torch: str) -> None:
    """Make .venv hold the program, its dependencies and ``groups``; does nothing if it does already."""
    python = f"{sys.implementation.name} {platform.python_version()}"
    wanted = fingerprint(python, [PYPROJECT, CONSTRAINTS, *KERNELS])
    stamp = read_stamp()
    if venv_python().exists() and is_complete(stamp, wanted, groups, torch):
        return
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)  # a set-up that is interrupted is done again
    make_venv()
    if torch != "keep":
        install_torch(torch, stamp.get("torch"))
    groups = sorted({*groups, *stamp.get("groups", [])})
    say("Installing the other packages")
    requirements = [line for group in groups for line in dependency_group(group)]
    with constraints(torch) as pins:
        pip("install", "-c", pins, "-e", str(ROOT), *requirements)
    choice = stamp.get("torch", "auto") if torch == "keep" else torch
    STAMP.write_text(json.dumps({"fingerprint": wanted, "groups": groups, "torch": choice}), encoding="utf-8")
    say(f"Set up in {time.monotonic() - started:.0f} seconds")


def make_venv() -> None:
    """Create .venv, again if it belongs to another Python or does not start."""
    check = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    if venv_python().exists():
        found = subprocess.run([str(venv_python()), "-c", check], capture_output=True, text=True)
        if found.returncode == 0 and found.stdout.strip() == PYTHON:
            return
    base = getattr(sys, "_base_executable", None) or sys.executable
    need_ensurepip(base)
    say("Creating the environment in " + str(VENV))
    if subprocess.run([base, "-m", "venv", "--clear", str(VENV)]).returncode:
        raise SetupError(f"Python could not create the environment in {VENV} (see above).")


def need_ensurepip(base: str) -> None:
    """Debian ships Python without the part that makes environments."""

    def is_there() -> bool:
        return subprocess.run([base, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0

    package = f"python{PYTHON}-venv"
    if is_there() or (can_use_apt() and apt_install([package]) and is_there()):
        return
    raise SetupError(
        "This Python cannot create environments (its module ensurepip is missing). "
        "On Debian and Ubuntu type:\n\n    sudo apt-get install -y " + package
    )


def pip(*arguments: str) -> None:
    """Run pip in .venv; raises SetupError if it fails."""
    quiet = [] if sys.stderr.isatty() else ["-q"]
    command = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments, *quiet]
    if subprocess.run(command, stdin=subprocess.DEVNULL, cwd=ROOT).returncode:
        raise SetupError(
            "pip failed (see above). The first call needs a network, or a folder of packages that pip knows."
        )


def dependency_group(name: str) -> list[str]:
    """The requirements of a [dependency-groups] entry of pyproject.toml (pip reads them itself only since 25.1)."""
    import tomllib  # new in 3.11: an older Python must get as far as our message

    return tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["dependency-groups"][name]


class constraints:  # noqa: N801 - a context manager
    """Path of the version pins; without PyTorch's if the person keeps their own build."""

    def __init__(self, torch: str) -> None:
        self._keeps_torch = torch == "keep"
        self._folder: tempfile.TemporaryDirectory | None = None

    def __enter__(self) -> str:
        if not self._keeps_torch:
            return str(CONSTRAINTS)
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "constraints.txt"
        path.write_text(without_torch(CONSTRAINTS.read_text(encoding="utf-8")), encoding="utf-8")
        return str(path)

    def __exit__(self, *_: object) -> None:
        if self._folder:
            self._folder.cleanup()


# PyTorch --------------------------------------------------------------------------------------------------------


def pinned_torch(text: str) -> str:
    """The line ``torch==…`` of the version pins."""
    return next(line.strip() for line in text.splitlines() if line.startswith("torch=="))


def without_torch(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("torch=="))


def has_own_index(config: str, environ: dict[str, str]) -> bool:
    """Has the person told pip where packages come from (``config``: what ``pip config list`` prints)?"""
    options = ("index-url", "extra-index-url", "find-links", "no-index")
    if any(environ.get("PIP_" + option.upper().replace("-", "_")) for option in options):
        return True
    keys = [line.split("=", 1)[0] for line in config.splitlines() if "=" in line]
    return any(key.rsplit(".", 1)[-1] in options for key in keys)


def torch_arguments(choice: str, system: str, has_nvidia: bool, is_configured: bool) -> list[str]:
    """Where pip shall find PyTorch. A configured place wins: it may be the only one within reach."""
    if choice == "auto":
        if is_configured:
            return []
        choice = "cuda" if has_nvidia else "cpu"
    index = {
        ("Linux", "cpu"): TORCH_CPU_INDEX,
        ("Windows", "cuda"): TORCH_WINDOWS_CUDA_INDEX,
    }.get((system, choice))
    # such an index has old versions only of what PyTorch itself needs: that comes with the other packages
    return ["--index-url", index, "--no-deps"] if index else []


def has_nvidia_card() -> bool:
    """Is there a driver for an NVIDIA card?"""
    return shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia/version").exists()


def install_torch(choice: str, installed: str | None) -> None:
    """PyTorch goes first, because only it may need a place of its own."""
    if installed and choice not in ("auto", installed):
        pip("uninstall", "-y", "torch")  # both builds have the same version: pip would keep the other
    command = [str(venv_python()), "-m", "pip", "config", "list"]
    config = subprocess.run(command, capture_output=True, text=True).stdout
    place = torch_arguments(choice, platform.system(), has_nvidia_card(), has_own_index(config, dict(os.environ)))
    say("Installing PyTorch (200 MB or more)")
    pip("install", pinned_torch(CONSTRAINTS.read_text(encoding="utf-8")), "-c", str(CONSTRAINTS), *place)


# The verbs ------------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """Start the program in the folder of the caller, so that file names mean what they say."""
    return call([str(venv_python()), "-m", "oasis_studio", *arguments])


def test(arguments: list[str]) -> int:
    """Run pytest; the tests that take minutes only if the caller chooses markers."""
    environ = offscreen(dict(os.environ), sys.platform)
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # tests start the program often: each start would compile it anew
    chosen = [] if any(argument.startswith("-m") for argument in arguments) else ["-m", "not slow"]
    chosen += in_parallel(arguments, os.cpu_count() or 1)
    return call([str(venv_python()), "-m", "pytest", *chosen, *arguments], cwd=ROOT, env=environ)


def in_parallel(arguments: list[str], cores: int) -> list[str]:
    """Options that let pytest use all ``cores``; none where that would only delay or hide what the caller asked for.

    One core has nothing to share, a file or test by name is soonest done alone, a debugger needs the terminal, and
    those who choose markers may choose tests that measure times and memory.
    """
    own = ("-m", "-n", "--numprocesses", "--dist", "-p", "-s", "--capture", "--pdb", "--trace", "--collect", "--co")
    names = [argument.split("::")[0] for argument in arguments if not argument.startswith("-")]
    if (
        cores < 2
        or any(argument.startswith(own) for argument in arguments)
        or any((ROOT / name).is_file() for name in names)
    ):
        return []
    return ["-n", "auto", "--maxprocesses", str(MOST_WORKERS), "--dist", "worksteal"]


def offscreen(environ: dict[str, str], system: str) -> dict[str, str]:
    """Without a display Qt has to be told to paint into memory."""
    if system.startswith("linux") and not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return {"QT_QPA_PLATFORM": "offscreen", **environ}
    return environ


def lint(arguments: list[str]) -> int:
    """Style, types and import directions; all of them run, the last line says what failed."""
    scripts = venv_python().parent
    checks = {
        "ruff check": [str(scripts / "ruff"), "check"],
        "ruff format": [str(scripts / "ruff"), "format", "--check"],
        "pyright": [str(scripts / "pyright")],
        "import contracts": [str(scripts / "lint-imports")],
    }
    failed = [name for name, command in checks.items() if call([*command, *arguments], cwd=ROOT)]
    print("lint: " + ("failed: " + ", ".join(failed) if failed else "all passed"), flush=True)
    return 1 if failed else 0


def call(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> int:
    """Exit code of ``command``. Ctrl+C reaches it too: it ends in its own way, and we wait for that."""
    with subprocess.Popen(command, cwd=cwd, env=env) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
