"""Linux: a Debian package, an archive, an archive that installs itself, and an AppDir."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from folder import DIST, FROZEN, ROOT, fresh, need_frozen, run, version

HERE = ROOT / "packaging" / "linux"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
APP_ID = "oasis-studio"
DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# What Qt opens at run time and PyInstaller leaves to the system.
DEPENDS = (
    "libc6, libgl1, libegl1, libxkbcommon0, libxkbcommon-x11-0, libfontconfig1, libfreetype6, libdbus-1-3, "
    "libglib2.0-0, libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-shape0, libxcb-xkb1"
)


def deb() -> Path:
    """The package installs to /opt, because the folder belongs together, and links the command."""
    need_frozen()
    machine = DEBIAN_ARCHITECTURES.get(platform.machine(), platform.machine())
    root = fresh(ROOT / "build" / "deb")
    _copy_program(root / "opt" / APP_ID)
    _integrate(root / "usr", f"/opt/{APP_ID}/oasis-studio")
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / APP_ID).symlink_to(f"/opt/{APP_ID}/oasis-studio")
    doc = root / "usr" / "share" / "doc" / APP_ID
    doc.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", doc / "copyright")
    control = root / "DEBIAN"
    control.mkdir()
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    (control / "control").write_text(
        f"Package: {APP_ID}\nVersion: {version()}\nArchitecture: {machine}\nInstalled-Size: {size}\n"
        f"Depends: {DEPENDS}\nSection: graphics\nPriority: optional\n"
        "Maintainer: The OASIS Studio authors <noreply@oasis-studio.invalid>\n"
        "Description: Paint a label map, see a photo\n"
        " Paint sky, mountains and water; a generative network turns them into a photo\n"
        " while you paint. Works without a network, an account or a graphics card.\n",
        encoding="utf-8",
    )
    target = DIST / f"{APP_ID}_{version()}_{machine}.deb"
    # zstd packs this folder in a tenth of the time of xz, and its size suffices
    run(["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(root), str(target)])
    return target


def tarball() -> Path:
    """The folder with an installer script beside it."""
    stage = _portable()
    target = DIST / f"{stage.name}.tar.zst"
    run(["tar", "-C", str(stage.parent), "-I", "zstd -T0 -12", "-cf", str(target), stage.name])
    return target


def self_extracting() -> Path:
    """``sh oasis-studio-….run`` unpacks the same and starts its installer."""
    stage = _portable()
    target = DIST / f"{stage.name}.run"
    run(["makeself", "--zstd", "--nox11", str(stage), str(target), "OASIS Studio", "./install.sh"])
    return target


def appdir() -> Path:
    """What appimagetool makes an AppImage of."""
    need_frozen()
    root = fresh(DIST / "OASIS-Studio.AppDir")
    _copy_program(root / "opt" / APP_ID)
    _integrate(root / "usr", "oasis-studio")
    start = root / "AppRun"
    start.write_text(
        f'#!/bin/sh\nexec "${{APPDIR:-$(dirname "$(readlink -f "$0")")}}/opt/{APP_ID}/oasis-studio" "$@"\n'
    )
    start.chmod(0o755)
    shutil.copy(HERE / "oasis-studio.desktop", root)
    shutil.copy(ROOT / "resources" / "icons" / "oasis-studio.svg", root)
    return root


def _portable() -> Path:
    need_frozen()
    stage = fresh(ROOT / "build" / "portable") / f"{APP_ID}-{version()}-{platform.machine()}"
    stage.mkdir()
    _copy_program(stage / APP_ID)
    _integrate(stage / "integration", "@PROGRAM@")
    shutil.copy(HERE / "install.sh", stage)
    shutil.copy(ROOT / "LICENSE", stage)
    (stage / "install.sh").chmod(0o755)
    return stage


def _copy_program(target: Path) -> None:
    """Hard links where the disk can: the folder has most of a gigabyte."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(FROZEN, target, symlinks=True, copy_function=os.link)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(FROZEN, target, symlinks=True)


def _integrate(prefix: Path, program: str) -> None:
    """Menu entry, file types, thumbnails and icons below ``prefix``/share."""
    share = prefix / "share"
    for name, place in (
        ("oasis-studio.desktop", "applications"),
        ("oasis-studio.thumbnailer", "thumbnailers"),
        ("oasis-studio.xml", "mime/packages"),
        ("oasis-studio.metainfo.xml", "metainfo"),
    ):
        (share / place).mkdir(parents=True, exist_ok=True)
        text = (HERE / name).read_text(encoding="utf-8").replace("@PROGRAM@", program)
        (share / place / name).write_text(text.replace("@VERSION@", version()), encoding="utf-8")
    _write_icons(share / "icons" / "hicolor")


def _write_icons(folder: Path) -> None:
    """The drawing itself, and pictures of it for desktops that want those."""
    from PIL import Image  # the environment that froze the program has it

    scalable = folder / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "icons" / "oasis-studio.svg", scalable)
    with Image.open(ROOT / "resources" / "icons" / "oasis-studio.png") as icon:
        for size in ICON_SIZES:
            place = folder / f"{size}x{size}" / "apps"
            place.mkdir(parents=True)
            icon.resize((size, size), Image.Resampling.LANCZOS).save(place / "oasis-studio.png")
