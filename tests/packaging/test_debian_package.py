"""The Debian package on a bare system: installed, used with a mouse, removed, nothing left.

Needs root, debootstrap, Xvfb, xdotool, a network for Debian's packages, and the package: build.py freeze deb.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "bookworm"
PATIENCE = 180
OURS = ("opt", "usr", "etc", "var/lib")
CACHES = ("var/lib/apt", "var/lib/dpkg", "usr/share/mime", "usr/share/applications/mimeinfo.cache")


def packages() -> list[Path]:
    return sorted((ROOT / "dist").glob("oasis-studio_*.deb"))


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not packages(), reason="there is no package: build.py freeze deb"),
    pytest.mark.skipif(
        not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("debootstrap") and shutil.which("xdotool")),
        reason="needs root, debootstrap and xdotool",
    ),
]


class BareSystem:
    """A Debian in a folder, with the display of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["chroot", str(self.folder), *command],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
            | {key: os.environ[key] for key in ("http_proxy", "https_proxy") if key in os.environ}
            | environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done

    def start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["chroot", str(self.folder), *command],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"} | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def files(self) -> set[str]:
        found: set[str] = set()
        for part in OURS:
            for folder, _folders, names in os.walk(self.folder / part):
                inside = Path(folder).relative_to(self.folder)
                found |= {str(inside / name) for name in names}
        return {name for name in found if not name.startswith(CACHES)}


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[BareSystem]:
    folder = tmp_path / "debian"
    subprocess.run(["debootstrap", "--variant=minbase", RELEASE, str(folder)], check=True, capture_output=True)
    for name in ("apt.conf.d", "sources.list", "sources.list.d"):
        place, own = folder / "etc" / "apt" / name, Path("/etc/apt") / name
        if own.is_dir():
            shutil.copytree(own, place, dirs_exist_ok=True)
        elif own.is_file():
            shutil.copy(own, place)
    mounts = [folder / "proc", folder / "dev", folder / "tmp" / ".X11-unix"]
    mounts[2].mkdir(parents=True)
    try:
        for mount in mounts:
            source = "/" + str(mount.relative_to(folder))
            subprocess.run(["mount", "--bind", source, str(mount)], check=True)
        yield BareSystem(folder)
    finally:
        for mount in reversed(mounts):
            subprocess.run(["umount", "-l", str(mount)], check=False)


def shoot(display: str, path: Path) -> Image.Image:
    subprocess.run(["import", "-display", display, "-window", "root", str(path)], check=True, timeout=60)
    with Image.open(path) as image:
        return image.convert("RGB")


def wait_for(is_so: object, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(1)


def differs(one: Image.Image, other: Image.Image, box: tuple[int, int, int, int]) -> bool:
    change = ImageChops.difference(one.crop(box), other.crop(box)).getbbox()
    return change is not None


def test_install_paint_train_and_remove(bare: BareSystem, display: str, tmp_path: Path) -> None:
    package = packages()[-1]
    bare.run("apt-get", "update", "-q")
    before = bare.files()
    shutil.copy(package, bare.folder / "root")
    bare.run("apt-get", "install", "-q", "-y", "--no-install-recommends", f"/root/{package.name}")
    system = {name for name in bare.files() - before if "oasis" not in name}

    window = bare.start("oasis-studio", DISPLAY=display, QT_QPA_PLATFORM="xcb")
    pointer = ["xdotool"]
    try:
        environment = os.environ | {"DISPLAY": display}

        def mouse(*arguments: str) -> None:
            subprocess.run([*pointer, *arguments], env=environment, check=True, timeout=60)

        mouse("search", "--sync", "--onlyvisible", "--name", "OASIS Studio")
        empty = shoot(display, tmp_path / "empty.png")
        halves = ((60, 100, 540, 860), (590, 100, 1060, 860))
        wait_for(
            lambda: len(shoot(display, tmp_path / "s.png").crop(halves[1]).getcolors(1 << 24) or ()) > 500, "photo"
        )
        mouse("key", "Escape")  # the tour
        mouse("key", "7")
        old = shoot(display, tmp_path / "before.png")
        mouse("mousemove", "250", "380", "mousedown", "1")
        for x in range(260, 400, 10):
            mouse("mousemove", str(x), "380")
        mouse("mouseup", "1", "mousemove", "300", "870")
        wait_for(
            lambda: all(differs(old, shoot(display, tmp_path / "after.png"), half) for half in halves),
            "labels and photo follow a stroke",
        )
        assert differs(empty, old, halves[0]) or differs(empty, old, halves[1])
        # installed over the running program, which goes on
        bare.run("apt-get", "install", "-q", "-y", "--reinstall", f"/root/{package.name}")
        old = shoot(display, tmp_path / "over.png")
        mouse("key", "d", "mousemove", "310", "870")
        wait_for(lambda: differs(old, shoot(display, tmp_path / "after.png"), halves[1]), "the photo follows the dice")
    finally:
        window.terminate()
        with suppress(subprocess.TimeoutExpired):
            window.wait(timeout=20)
        window.kill()

    told = bare.run("oasis-studio", "selftest").stdout
    assert "training" in told, told
    bare.run("apt-get", "purge", "-q", "-y", "oasis-studio")
    left = {name for name in bare.files() - before - system if "oasis" in name}
    assert not left, sorted(left)[:20]
    assert not (bare.folder / "opt" / "oasis-studio").exists()
