"""Files damaged in any way, and programs killed at any moment."""

import os
import random
import signal
import struct
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from oasis_studio.core.disk.endings import LABEL_FORMATS
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.files.label_maps.files import read_labels, write_labels
from oasis_studio.core.files.label_maps.reading import analyse_labels
from oasis_studio.core.files.pictures.photo import photo_pixels, read_photo
from oasis_studio.core.files.pictures.tips import read_tip
from oasis_studio.core.files.projects.autosave import recoveries
from oasis_studio.core.files.projects.openraster import read_openraster
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.files.projects.thumbnail import read_thumbnail
from oasis_studio.core.history.document_commands import TakeSnapshot
from oasis_studio.errors import StudioError
from tests.core import painters
from tests.core.files import encoded_pictures as pictures
from tests.core.files.mutations import mutated

PALETTE = painters.palette(5)
LABELS = np.random.default_rng(0).integers(0, 5, (24, 20)).astype(np.uint8)


def _project(path):
    document = painters.document(20, 24)
    document.reference = Reference.fitted(painters.photo(), 20, 24)
    TakeSnapshot("a").apply(document)
    document.results = tuple(painters.kept(document, seed, is_lossless=bool(seed)) for seed in range(2))
    write_project(path, document, painters.photo(20, 24))


def _packed_project(path):
    _project(path)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def _image(path):
    Image.fromarray(PALETTE.colors[LABELS]).save(path)


def _tip(path):
    Image.fromarray(np.where(LABELS < 2, 0, 255).astype(np.uint8)).save(path)


def _photo(kind):
    """Writes a photo with EXIF, XMP and a colour profile, where its format can have them."""
    return lambda path: path.write_bytes(pictures.everything(kind))


PHOTOS = {"png": "PNG", "tif": "TIFF", "webp": "WEBP", "jpg": "JPEG", "avif": "AVIF", "bmp": "BMP"}

FORMATS = {
    "project": ("a.oasis", _project, read_project),
    "packed project": ("a.oasis", _packed_project, read_project),
    "openraster": ("a.ora", _project, lambda path: read_openraster(path, PALETTE, "m")),
    "thumbnail": ("a.oasis", _project, read_thumbnail),
    "index png": ("a.png", lambda path: write_labels(path, LABELS, PALETTE), lambda path: read_labels(path, PALETTE)),
    "wide png": ("a.png", lambda p: write_labels(p, LABELS, PALETTE, 16), lambda path: read_labels(path, PALETTE)),
    "npy": ("a.npy", lambda path: write_labels(path, LABELS, PALETTE), lambda path: read_labels(path, PALETTE)),
    "tip": ("a.png", _tip, read_tip),
    **{
        f"labels {suffix}": (f"a.{suffix}", _image, lambda path: analyse_labels(path, PALETTE).apply())
        for suffix in ("png", "tif", "bmp", "gif", "webp", "jpg")
    },
    **{f"photo {suffix}": (f"a.{suffix}", _photo(kind), read_photo) for suffix, kind in PHOTOS.items()},
    **{
        f"labels with metadata {suffix}": (f"a.{suffix}", _photo(kind), lambda path: read_labels(path, PALETTE))
        for suffix, kind in PHOTOS.items()
        if kind in LABEL_FORMATS
    },
}


def _fuzz(tmp_path, name, count):
    file, write, read = FORMATS[name]
    path, chance = tmp_path / file, random.Random(name)
    write(path)
    whole = path.read_bytes()
    slowest = 0.0
    for _round in range(count):
        path.write_bytes(mutated(whole, chance))
        began = time.process_time()
        try:
            read(path)
        except StudioError as error:
            assert str(error)
        slowest = max(slowest, time.process_time() - began)
    assert slowest < 10


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FORMATS)
def test_damage_is_told_in_a_sentence(tmp_path, name):
    _fuzz(tmp_path, name, 60)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FORMATS)
def test_damage_of_ten_thousand_kinds_is_told_in_a_sentence(tmp_path, name):
    _fuzz(tmp_path, name, 10_000)


def _fuzz_metadata(count):
    """Whatever stands in the blocks of EXIF, XMP and ICC: the pixels are read, turned or not."""
    chance = random.Random("metadata")
    entries = [(274, 3, 1, 6), (282, 5, 1, 62), (305, 2, 9, 70), (34665, 4, 1, 62)]
    exif = b"Exif\0\0" + pictures.tags(*entries, extra=struct.pack("<II", 72, 1) + b"a camera\0")
    blocks = [(0xE1, exif), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + pictures.XMP % 6)]
    blocks.append((0xE2, b"ICC_PROFILE\0\1\1" + pictures.PROFILE))
    upright = photo_pixels(pictures.encoded(pictures.image(), "JPEG"), "plain")
    for _round in range(count):
        broken = [(marker, mutated(body, chance)) for marker, body in blocks]
        found = photo_pixels(pictures.jpeg_with(pictures.image(), *broken), "a.jpg")
        straight = [np.rot90(found, turn)[:, ::flip] for turn in range(4) for flip in (1, -1)]
        assert any(np.array_equal(each, upright) for each in straight)


def test_no_metadata_can_end_the_reading_of_a_photo():
    _fuzz_metadata(300)


@pytest.mark.slow
def test_no_metadata_of_ten_thousand_kinds_can_end_the_reading_of_a_photo():
    _fuzz_metadata(10_000)


SAVE_WITHOUT_END = """
import sys
from pathlib import Path
from oasis_studio.core.files.projects.autosave import Autosave
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.files.projects.psd import write_psd
from oasis_studio.core.files.projects.project import write_project
from tests.core import painters
folder = Path(sys.argv[1])
document = painters.document(256, 256)
document.results = (painters.kept(document), painters.kept(document, 1, is_lossless=True))
kept = Autosave(folder / "autosave")
print("ready", flush=True)
while True:
    write_project(folder / "a.oasis", document)
    kept.save(document, folder / "a.oasis", "a")
    write_psd(folder / "a.psd", document)
    write_photo(folder / "a.jpg", painters.photo(256, 256), {"seed": "1"})
    write_labels(folder / "a.png", document.flatten(), document.palette)
"""


def _kill_while_saving(folder, moments):
    chance = random.Random(0)
    for _moment in range(moments):
        command = [sys.executable, "-c", SAVE_WITHOUT_END, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.4))
            os.kill(process.pid, signal.SIGKILL)
        if (folder / "a.oasis").exists():
            found = read_project(folder / "a.oasis")
            assert found.document.width == 256 and not found.skipped
        if (folder / "a.psd").exists():
            assert len(list(PSDImage.open(folder / "a.psd").descendants())) == 2 + 2 + 10
        if (folder / "a.jpg").exists():
            assert read_photo(folder / "a.jpg").shape == (256, 256, 3)
        if (folder / "a.png").exists():
            assert read_labels(folder / "a.png", PALETTE).shape == (256, 256)
        for found in recoveries(folder / "autosave"):
            for path in (found.path, *found.older):
                assert read_project(path).document.width == 256
    return len(recoveries(folder / "autosave"))


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_a_program_killed_while_saving_leaves_whole_files(tmp_path):
    write_project(tmp_path / "a.oasis", painters.document(256, 256))
    assert _kill_while_saving(tmp_path, 4) >= 1


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_a_program_killed_at_two_hundred_moments_leaves_whole_files(tmp_path):
    write_project(tmp_path / "a.oasis", painters.document(256, 256))
    assert _kill_while_saving(tmp_path, 200) > 50
