import warnings

import numpy as np
import pytest
from PIL import Image

from oasis_studio.core.files.pictures.photo import SUFFIXES, read_metadata, read_photo, write_photo
from oasis_studio.errors import StudioError
from tests.core import painters

METADATA = {"model": "outdoor", "seed": "42", "author": "Zoë 김"}


@pytest.fixture
def image():
    y, x = np.mgrid[:40, :60]
    return np.dstack([x * 4, y * 6, x + y]).astype(np.uint8)


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".PNG"])
def test_every_format_keeps_image_and_metadata(tmp_path, image, suffix):
    path = tmp_path / f"photo{suffix}"
    write_photo(path, image, METADATA)
    found = read_photo(path)
    assert found.shape == image.shape and found.dtype == np.uint8
    exact = suffix.lower() in (".png", ".tif", ".tiff")
    assert np.abs(found.astype(int) - image).max() <= (0 if exact else 24)
    assert np.abs(found.astype(int) - image).mean() <= 2
    assert read_metadata(path) == METADATA


def test_a_photo_without_metadata(tmp_path, image):
    for suffix in (".png", ".jpg"):
        write_photo(tmp_path / f"a{suffix}", image, {})
        assert read_metadata(tmp_path / f"a{suffix}") == {}


def test_an_unknown_ending_is_named(tmp_path, image):
    with pytest.raises(StudioError, match=r"photo\.xyz") as caught:
        write_photo(tmp_path / "photo.xyz", image, {})
    assert ".png" in caught.value.hint and not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(tmp_path, image):
    with pytest.raises(StudioError, match="does not exist"):
        write_photo(tmp_path / "none" / "a.png", image, {})


def test_a_photo_lying_on_its_side_is_turned_upright(tmp_path, image):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° to the right
    Image.fromarray(image).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read_photo(tmp_path / "a.png"), np.rot90(image, -1))


def test_other_kinds_of_pixels(tmp_path, image):
    grey = image[..., 0]
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "wide.png")
    Image.fromarray(grey).save(tmp_path / "grey.png")
    for name in ("wide.png", "grey.png"):
        assert np.array_equal(read_photo(tmp_path / name), np.dstack([grey] * 3))
    Image.fromarray(image).convert("CMYK").save(tmp_path / "print.jpg")
    assert read_photo(tmp_path / "print.jpg").shape == image.shape


def test_what_is_no_photo(tmp_path, image):
    path = tmp_path / "a.jpg"
    write_photo(path, image, {})
    whole = path.read_bytes()
    for data in (b"", b"text", whole[: len(whole) // 2]):
        path.write_bytes(data)
        with pytest.raises(StudioError, match="damaged"):
            read_photo(path)
    for missing in (tmp_path / "none.png", tmp_path):
        with pytest.raises(StudioError, match="cannot be read"):
            read_photo(missing)


@pytest.mark.parametrize("size", [(20000, 20000), (17000, 10), (10000, 9500)])
def test_a_huge_photo_is_refused_without_a_warning(tmp_path, size):
    path = tmp_path / "huge.png"
    path.write_bytes(painters.png_without_pixels(*size))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(StudioError, match="too large"):
            read_photo(path)
