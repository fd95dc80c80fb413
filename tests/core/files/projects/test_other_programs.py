"""Files go through Krita and GIMP and come back pixel for pixel. Skipped where those are not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.files.projects.openraster import read_openraster
from oasis_studio.core.files.projects.project import write_project
from oasis_studio.core.files.projects.psd import write_psd
from tests.core import painters

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 64, 48
PATIENCE = 120
"""Seconds: these programs start slowly the first time."""
GIMP_SCRIPT = """
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}")))
       (flat (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))
  (gimp-layer-resize-to-image-size flat)
  (file-png-save RUN-NONINTERACTIVE image flat "{target}" "out" 0 9 0 0 0 0 0))
"""


@pytest.fixture
def display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An environment with a screen and a home of its own."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Krita needs a screen: install Xvfb")
    reader, writer = os.pipe()
    command = [server, "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("QT_")}
    yield {**environment, "DISPLAY": f":{number}", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    process.terminate()
    process.wait(timeout=10)


def krita(source: Path, target: Path, environment: dict[str, str]) -> Path:
    program = shutil.which("krita")
    if program is None:
        pytest.skip("Krita is not installed")
    command = [program, "--export", "--export-filename", str(target), str(source)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    return target


def gimp(source: Path, target: Path, environment: dict[str, str]) -> Path:
    program = shutil.which("gimp-console-2.10") or shutil.which("gimp-console")
    if program is None:
        pytest.skip("GIMP is not installed")
    script = GIMP_SCRIPT.format(source=source, target=target)
    command = [program, "-i", "-d", "-f", "-b", script, "-b", "(gimp-quit 0)"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE)
    return target


def rgba(path: Path) -> np.ndarray:
    """(H, W, 4), colours of transparent pixels black."""
    pixels = np.array(Image.open(path).convert("RGBA"))
    pixels[pixels[..., 3] == 0] = 0
    return pixels


def seen(document) -> np.ndarray:
    """What other programs show of the layers: transparent where no layer is painted."""
    labels = np.full((document.height, document.width), UNPAINTED, np.uint8)
    for layer in document.layers:
        painted = (layer.labels != UNPAINTED) & layer.is_visible
        labels[painted] = layer.labels[painted]
    pixels = np.zeros((*labels.shape, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = document.palette.colors[labels], 255
    pixels[labels == UNPAINTED] = 0
    return pixels


@pytest.fixture
def document():
    made = painters.document(WIDTH, HEIGHT, 4)
    made.layers[1].is_visible = False
    made.layers[2].group = made.layers[3].group = "hills"
    made.layers[3].is_locked = True
    return made


@pytest.mark.parametrize("convert", [krita, gimp])
@pytest.mark.parametrize("has_photo", [True, False])
def test_a_photoshop_file_looks_the_same_elsewhere(tmp_path, document, display, convert, has_photo):
    photo = painters.photo(WIDTH, HEIGHT) if has_photo else None
    write_psd(tmp_path / "a.psd", document, photo)
    found = rgba(convert(tmp_path / "a.psd", tmp_path / "out.png", display))
    if photo is None:
        assert np.array_equal(found, seen(document))
    else:
        assert np.array_equal(found[..., :3], photo)


def test_a_project_looks_the_same_in_krita(tmp_path, document, display):
    write_project(tmp_path / "a.ora", document)
    assert np.array_equal(rgba(krita(tmp_path / "a.ora", tmp_path / "out.png", display)), seen(document))


def test_krita_saves_a_drawing_that_comes_back_as_it_was(tmp_path, document, display):
    write_project(tmp_path / "a.ora", document)
    back = krita(tmp_path / "a.ora", tmp_path / "back.ora", display)
    found = read_openraster(back, document.palette, "outdoor", document.background)
    assert found.snapped_pixels == found.half_transparent_pixels == 0 and not found.skipped
    assert [layer.name for layer in found.document.layers] == [layer.name for layer in document.layers]
    assert [layer.is_visible for layer in found.document.layers] == [True, False, True, True]
    assert [layer.group for layer in found.document.layers] == ["", "", "hills", "hills"]
    for layer, was in zip(found.document.layers, document.layers, strict=True):
        assert np.array_equal(layer.labels, was.labels)
    assert np.array_equal(found.document.flatten(), document.flatten())
