"""Windows: an installer made by makensis, which also runs on Linux. The program inside has to be frozen on Windows."""

from __future__ import annotations

from pathlib import Path

from folder import DIST, FROZEN, ROOT, need_frozen, run, version

SCRIPT = ROOT / "packaging" / "windows" / "installer.nsi"
ICON = ROOT / "build" / "oasis-studio.ico"


def nsis() -> Path:
    """dist/oasis-studio-VERSION-setup.exe of the folder that was frozen on Windows."""
    need_frozen()
    return make_installer(FROZEN, DIST / f"oasis-studio-{version()}-setup.exe")


def make_installer(source: Path, target: Path) -> Path:
    """``source``: a folder with oasis-studio.exe, oasis-studio-window.exe and _internal."""
    write_icon(ICON)
    size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    defines = {"VERSION": version(), "SOURCE": source, "OUTFILE": target, "BYTES": size, "ICON": ICON}
    run(["makensis", "-V1", *(f"-D{name}={value}" for name, value in defines.items()), str(SCRIPT)])
    return target


def write_icon(path: Path) -> None:
    """The drawing in the sizes that Windows asks for."""
    from PIL import Image  # the environment that froze the program has it

    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(ROOT / "resources" / "icons" / "oasis-studio.png") as icon:
        icon.save(path, sizes=[(size, size) for size in (16, 24, 32, 48, 64, 128, 256)])
