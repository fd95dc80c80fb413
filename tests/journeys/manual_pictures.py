"""The manual's pictures, taken anew: ``python -m tests.journeys.manual_pictures``.

Opens the window as the gallery does, follows two of the tutorials, and writes what the pages show to
``resources/manual/pictures``. To be run when the window or the starter model has changed. Needs Xvfb.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from oasis_studio.paths import resource
from tests.journeys import gallery

SETTING = "dark-720"
GALLERY = {
    "window": "window",
    "welcome": "welcome",
    "panel-layers": "panel-layers",
    "panel-regions": "panel-regions-chosen",
    "panel-results": "panel-results",
    "labelling": "labelling",
    "photo-style": "photo-style-found",
    "photo-labels": "photo-labels",
    "critic-realism": "critic-realism",
    "models": "models",
    "wizard-length": "wizard-length",
    "monitor": "monitor",
}
"""Picture of the manual: picture of the gallery."""
TUTORIALS = ("lake-painted", "lake-finished", "film-chosen")
MOST_BYTES = 60_000
_WIDTH = 1000


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        gallery.main(folder, [SETTING])  # texts that are cut off are the gallery's own test
        follow(folder / "tutorials")
        shown = {picture: folder / SETTING / f"{source}.png" for picture, source in GALLERY.items()}
        shown |= {picture: folder / "tutorials" / f"{picture}.png" for picture in TUTORIALS}
        for picture, source in shown.items():
            write(source, resource("manual", "pictures") / f"{picture}.webp")
    return 0


def follow(folder: Path) -> None:
    """Let the tutorials be followed in a process of their own, which leaves pictures in ``folder``."""
    folder.mkdir()
    with gallery.display("1280x720") as shown:
        environment = os.environ | {"DISPLAY": shown, "QT_QPA_PLATFORM": "xcb"}
        environment["OASIS_STUDIO_HOME"] = str(folder / "home")
        command = [sys.executable, "-m", "tests.journeys.follow_the_tutorials", str(folder)]
        subprocess.run(command, env=environment, timeout=gallery.PATIENCE, check=True)


def write(source: Path, target: Path) -> None:
    """A WebP of at most :data:`MOST_BYTES`, as good as fits."""
    with Image.open(source) as image:
        picture = image.convert("RGB")
    if picture.width > _WIDTH:
        picture = picture.resize((_WIDTH, round(picture.height * _WIDTH / picture.width)), Image.Resampling.LANCZOS)
    for quality in (88, 80, 70, 60, 45):
        picture.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size <= MOST_BYTES:
            return


if __name__ == "__main__":
    raise SystemExit(main())
