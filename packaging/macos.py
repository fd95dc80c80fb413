"""macOS: a disk image with the program in it, signed and notarised where the secrets for that are there.

``MACOS_IDENTITY`` names a Developer ID certificate of the keychain; ``MACOS_NOTARY_PROFILE`` a profile that
``xcrun notarytool store-credentials`` made. Without the first nothing is signed, without the second nothing is sent to
Apple; people then have to allow the program in their system settings once.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from folder import DIST, ROOT, BuildError, fresh, run, say, version

APP = DIST / "OASIS Studio.app"
ENTITLEMENTS = ROOT / "packaging" / "macos" / "entitlements.plist"


def dmg() -> Path:
    """dist/oasis-studio-VERSION-MACHINE.dmg: the program, and the folder it is dragged into."""
    if sys.platform != "darwin":
        raise BuildError("A disk image is made on macOS only.")
    if not APP.is_dir():
        raise BuildError("There is no program yet: build.py freeze.")
    return make_image(APP, DIST / f"oasis-studio-{version()}-{platform.machine()}.dmg", dict(os.environ))


def make_image(app: Path, target: Path, environ: dict[str, str]) -> Path:
    """``target`` with ``app`` in it; ``environ`` has the secrets, or has not."""
    identity, profile = environ.get("MACOS_IDENTITY"), environ.get("MACOS_NOTARY_PROFILE")
    if identity:
        sign(app, identity)
    else:
        say("Not signed: there is no MACOS_IDENTITY.")
    stage = fresh(ROOT / "build" / "dmg")
    run(["ditto", str(app), str(stage / app.name)])
    (stage / "Applications").symlink_to("/Applications")
    shutil.copy(ROOT / "LICENSE", stage / "LICENSE.txt")
    target.unlink(missing_ok=True)
    image = ["-volname", "OASIS Studio", "-srcfolder", str(stage), "-fs", "HFS+", "-format", "ULFO"]
    run(["hdiutil", "create", *image, str(target)])
    if identity:
        run(["codesign", "--force", "--timestamp", "--sign", identity, str(target)])
    if identity and profile:
        run(["xcrun", "notarytool", "submit", str(target), "--keychain-profile", profile, "--wait"])
        run(["xcrun", "stapler", "staple", str(target)])
    else:
        say("Not notarised: that needs MACOS_IDENTITY and MACOS_NOTARY_PROFILE.")
    return target


def sign(app: Path, identity: str) -> None:
    """From the inside out: libraries, programs, then the bundle, with the entitlements where code starts."""
    command = ["codesign", "--force", "--timestamp", "--options", "runtime", "--sign", identity]
    inside = [path for path in (app / "Contents").rglob("*") if path.is_file() and not path.is_symlink()]
    for path in sorted(inside):
        if path.suffix in (".so", ".dylib"):
            run([*command, str(path)])
    for path in sorted((app / "Contents" / "MacOS").iterdir()):
        run([*command, "--entitlements", str(ENTITLEMENTS), str(path)])
    run([*command, "--entitlements", str(ENTITLEMENTS), str(app)])
    run(["codesign", "--verify", "--deep", "--strict", str(app)])
