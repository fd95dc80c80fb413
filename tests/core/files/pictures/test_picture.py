"""Photos as they come: turned, with metadata of all kinds, in every depth and colour space."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from oasis_studio.core.disk.endings import PHOTO_ENDINGS, PHOTO_FORMATS
from oasis_studio.core.files.pictures.bare import bare
from oasis_studio.core.files.pictures.photo import photo_pixels, photo_size, read_photo
from oasis_studio.errors import StudioError
from tests.core.files import encoded_pictures as pictures
from tests.core.files.encoded_pictures import ORIENTATION, encoded, jpeg_with, place_of_extra, tags

STORED = pictures.image()
UPRIGHT = np.rot90(STORED, -1)
AFTER = place_of_extra(2)

BROKEN_EXIF = {
    "a fraction of minus one by zero": tags((274, 3, 1, 6), (282, 10, 1, AFTER), extra=struct.pack("<ii", -1, 0)),
    "nothing by nothing": tags((274, 3, 1, 6), (33434, 5, 1, AFTER), extra=struct.pack("<II", 0, 0)),
    "no number": tags((274, 3, 1, 6), (282, 11, 1, 0x7FC00000)),
    "a value far outside": tags((274, 3, 1, 6), (282, 5, 1, 0x7FFFFFFF)),
    "a type that does not exist": tags((274, 3, 1, 6), (282, 77, 1, AFTER), extra=bytes(8)),
    "a directory that points at itself": tags((274, 3, 1, 6), (34665, 4, 1, 8)),
    "text in no encoding": tags((274, 3, 1, 6), (270, 2, 8, AFTER), extra="홍길동".encode()[:8]),
    "two orientations in one": tags((274, 3, 2, 6 | 6 << 16), (305, 2, 2, 0x41)),
    "a doubled prefix": b"Exif\0\0" + tags((274, 3, 1, 6), (305, 2, 2, 0x41)),
    "an orientation of four bytes": tags((274, 4, 1, 6), (305, 2, 2, 0x41)),
}


@pytest.mark.parametrize("name", BROKEN_EXIF)
def test_only_the_orientation_of_exif_counts(name: str) -> None:
    data = jpeg_with(STORED, (0xE1, b"Exif\0\0" + BROKEN_EXIF[name]))
    assert np.array_equal(photo_pixels(data, "a.jpg"), np.rot90(photo_pixels(encoded(STORED, "JPEG"), "b.jpg"), -1))
    assert photo_size(data, "a.jpg") == UPRIGHT.shape[:2]


@pytest.mark.parametrize("exif", [b"", b"II*\0", b"hello", tags((274, 3, 1, 9)), tags((274, 2, 2, 0x36)), b"\xff" * 99])
def test_exif_without_an_orientation_turns_nothing(exif: bytes) -> None:
    data = jpeg_with(STORED, (0xE1, b"Exif\0\0" + exif), (0xE2, b"ICC_PROFILE\0\1\1broken"), (0xFE, b"\xff\xd8"))
    assert np.array_equal(photo_pixels(data, "a.jpg"), photo_pixels(encoded(STORED, "JPEG"), "b.jpg"))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", PHOTO_FORMATS)
def test_every_orientation_in_every_format(kind: str, orientation: int) -> None:
    if kind == "BMP":
        return  # has no metadata
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = encoded(STORED, kind, exif=exif)
    seen = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))
    assert np.array_equal(photo_pixels(data, "a"), seen) and photo_size(data, "a") == seen.shape[:2]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_metadata_beside_the_pixels_changes_nothing_but_the_orientation(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    plain = photo_pixels(encoded(STORED, kind, exif=exif), "plain")
    assert np.array_equal(photo_pixels(pictures.everything(kind), "full"), plain)


def test_xmp_tells_the_orientation_where_exif_does_not() -> None:
    xmp = (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + pictures.XMP % 6)
    assert photo_size(jpeg_with(STORED, xmp), "a") == UPRIGHT.shape[:2]
    exif = (0xE1, b"Exif\0\0" + tags((274, 3, 1, 1)))
    assert photo_size(jpeg_with(STORED, exif, xmp), "a") == STORED.shape[:2]


def test_chunks_that_would_end_the_work_are_never_looked_at() -> None:
    data = encoded(STORED, "PNG")

    def chunk(kind: bytes, body: bytes, crc: int | None = None) -> bytes:
        crc = zlib.crc32(kind + body) if crc is None else crc
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    exif = chunk(b"eXIf", tags((274, 3, 1, 6), (282, 10, 1, AFTER), extra=struct.pack("<ii", -1, 0)))
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2**24)))
    profile = chunk(b"iCCP", b"broken", 0)
    mended = data[:33] + exif + bomb + profile + chunk(b"pHYs", b"") + data[33:]
    assert np.array_equal(photo_pixels(mended, "a.png"), UPRIGHT)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("title", [b"Raw profile type exif", b"Raw profile type APP1"])
@pytest.mark.parametrize("packed", [True, False])
def test_exif_as_the_text_of_older_programs_turns_a_png(title: bytes, packed: bool) -> None:
    exif = b"Exif\0\0" + tags((274, 3, 1, 6), (305, 2, 2, 0x41))
    digits = exif.hex()
    text = f"\nexif\n{len(exif):8}\n" + "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72)) + "\n"
    body = b"\0" + zlib.compress(text.encode()) if packed else text.encode()
    chunk = png_chunk(b"zTXt" if packed else b"tEXt", title + b"\0" + body)
    data = encoded(STORED, "PNG")
    assert np.array_equal(photo_pixels(data[:33] + chunk + data[33:], "a.png"), UPRIGHT)
    for damage in (chunk[:-12] + b"zz" + chunk[-10:], png_chunk(b"zTXt", title + b"\0\0broken")):
        photo_pixels(data[:33] + damage + data[33:], "a.png")


def test_packed_xmp_turns_a_png() -> None:
    body = b"XML:com.adobe.xmp\0\1\0en\0\0" + zlib.compress(pictures.XMP % 6)
    data = encoded(STORED, "PNG")
    assert np.array_equal(photo_pixels(data[:33] + png_chunk(b"iTXt", body) + data[33:], "a.png"), UPRIGHT)


def test_taking_metadata_out_leaves_the_pixels_as_they_were() -> None:
    for kind in PHOTO_FORMATS:
        data = encoded(STORED, kind)
        plain, orientation = bare(data)
        assert orientation == 1
        before, after = (Image.open(io.BytesIO(each)).convert("RGB") for each in (data, plain))
        assert np.array_equal(np.asarray(before), np.asarray(after)), kind
    for part in range(0, 400, 7):
        for kind in PHOTO_FORMATS:
            bare(encoded(STORED, kind)[:part])  # whatever is cut off, it raises nothing


def test_depths_and_colour_spaces() -> None:
    grey = STORED[..., 0]
    three = np.dstack([grey] * 3)
    picture = Image.fromarray(STORED)
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")

    def tiff(made: Image.Image) -> np.ndarray:
        stream = io.BytesIO()
        made.save(stream, "TIFF")
        return photo_pixels(stream.getvalue(), "a.tif")

    for made in (
        Image.fromarray((grey / 255).astype(np.float32)),
        Image.fromarray(grey.astype(np.float32)),
        Image.fromarray((grey * 257.0).astype(np.float32)),
        Image.fromarray(grey.astype(np.uint16) * 257),
        Image.fromarray(grey.astype(np.int32)),
        Image.fromarray(grey.astype(np.int32) * 256),
    ):
        assert np.array_equal(tiff(made), three), made.mode
    lab = ImageCms.applyTransform(picture, to_lab)
    assert lab is not None and np.abs(tiff(lab).astype(int) - STORED).mean() < 8
    assert np.abs(tiff(picture.convert("CMYK")).astype(int) - STORED).mean() < 3
    broken = (grey / 255).astype(np.float32)
    broken[0, 0], broken[0, 1] = np.nan, np.inf
    assert np.array_equal(tiff(Image.fromarray(broken))[1:], three[1:])


def test_grey_of_sixteen_bits_is_turned_too() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = encoded(STORED[..., 0].astype(np.uint16) * 257, "PNG", exif=exif)
    assert np.array_equal(photo_pixels(data, "a.png"), np.dstack([UPRIGHT[..., 0]] * 3))


def test_the_first_frame_of_several_is_the_photo() -> None:
    more = [Image.fromarray(255 - STORED)]
    for kind, options in (("WEBP", {"lossless": True}), ("PNG", {}), ("TIFF", {})):
        data = encoded(STORED, kind, save_all=True, append_images=more, **options)
        assert np.array_equal(photo_pixels(data, "a"), STORED), kind


@pytest.mark.parametrize("ending", [".jfif", ".JPG", ".jpe", ".avif", ".bmp", ".TIFF"])
def test_endings_of_photos(tmp_path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(encoded(STORED, PHOTO_ENDINGS[ending.lower()]))
    assert read_photo(path).shape == STORED.shape


def test_what_is_no_photo_is_said_with_the_formats_that_are() -> None:
    fractions = cv2.imencode(".tif", np.zeros((4, 4, 3), np.float32))[1].tobytes()
    for data in (b"", b"text", b"\0\0\0\x18ftypheic" + bytes(40), fractions):
        with pytest.raises(StudioError, match="of a kind that cannot be read") as caught:
            photo_pixels(data, "a.jpg")
        assert "JPEG" in caught.value.hint
