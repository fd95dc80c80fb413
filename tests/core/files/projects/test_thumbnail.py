import subprocess
import sys
import zipfile

import numpy as np
import pytest

from oasis_studio.core.files.projects.project import write_project
from oasis_studio.core.files.projects.thumbnail import read_thumbnail
from tests.core import painters


def test_the_small_picture_of_a_project(tmp_path):
    write_project(tmp_path / "a.oasis", painters.document(600, 300), np.full((300, 600, 3), 77, np.uint8))
    found = read_thumbnail(tmp_path / "a.oasis")
    assert found is not None and found.shape == (128, 256, 3) and (found == 77).all()


def test_files_without_one(tmp_path):
    (tmp_path / "text.oasis").write_bytes(b"text")
    with zipfile.ZipFile(tmp_path / "empty.oasis", "w") as archive:
        archive.writestr("mimetype", "x")
    for name, data in (("huge", painters.png_without_pixels(9000, 9000)), ("bad", painters.png_without_pixels(9, 9))):
        with zipfile.ZipFile(tmp_path / f"{name}.oasis", "w") as archive:
            archive.writestr("Thumbnails/thumbnail.png", data)
    for name in ("text", "empty", "huge", "bad", "none"):
        assert read_thumbnail(tmp_path / f"{name}.oasis") is None


@pytest.mark.parametrize("module", ["thumbnail", "autosave", "openraster", "label_maps.reading"])
def test_no_network_library_is_loaded_for_it(module):
    module = module if "." in module else f"projects.{module}"
    code = f"import sys, oasis_studio.core.files.{module}; sys.exit('torch' in sys.modules or 'PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
