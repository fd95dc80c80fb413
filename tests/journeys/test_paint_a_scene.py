"""The journey of ``paint_a_scene``, under Xvfb."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from oasis_studio.paths import resource
from tests.journeys.tiny_model import write_tiny_model

ROOT = Path(__file__).parents[2]


def test_a_person_paints_saves_and_comes_back(display: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    if not resource("models", "outdoor").is_dir():
        write_tiny_model(home / "models" / "outdoor")
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "OASIS_STUDIO_HOME": str(home)}
    command = [sys.executable, "-m", "tests.journeys.paint_a_scene", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("sample", "painting", "painted", "reopened"):
        with Image.open(tmp_path / f"{name}.png") as image:
            assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 50, f"{name}.png is empty"
