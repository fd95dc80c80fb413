"""The small picture of a drawing or a model, for file managers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from oasis_studio.app.files.drawings import samples
from oasis_studio.cli import main
from oasis_studio.core.models import archive
from oasis_studio.paths import resource
from tests.cli.test_model import Capture, fails


def test_of_a_drawing(tmp_path: Path) -> None:
    assert main(["thumbnail", str(samples()[0].path), str(tmp_path / "small.png"), "--size", "64"]) == 0
    with Image.open(tmp_path / "small.png") as image:
        assert max(image.size) == 64 and len(image.getcolors(1 << 16) or ()) > 5


def test_of_a_model(tmp_path: Path) -> None:
    folder = resource("models", "outdoor")
    if not folder.is_dir():
        pytest.skip("no model ships with this checkout")
    archive.pack(folder, tmp_path / "outdoor.oasismodel")
    assert main(["thumbnail", str(tmp_path / "outdoor.oasismodel"), str(tmp_path / "small.png")]) == 0
    with Image.open(tmp_path / "small.png") as image:
        assert max(image.size) == 256


def test_of_something_else(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "text.oasis").write_text("nothing")
    (tmp_path / "text.oasismodel").write_text("nothing")
    for name in ("text.oasis", "text.oasismodel"):
        fails(["thumbnail", str(tmp_path / name), str(tmp_path / "small.png")], capsys, name)
    assert not (tmp_path / "small.png").exists()
