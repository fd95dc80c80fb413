"""What the pixels of a label map mean: the same for a model's classes, a class list of a data set, and a dialog."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from oasis_studio.core.classes.palette import UNPAINTED, Palette, SemanticClass
from oasis_studio.core.files.label_maps.files import read_labels
from oasis_studio.core.files.label_maps.meaning import NO_CLASS, UNKNOWN, KnownClasses, Meaning, read_ids
from oasis_studio.core.files.label_maps.pixels import decode_pixels
from oasis_studio.core.files.label_maps.reading import ValueKind, analyse_labels
from oasis_studio.errors import StudioError
from tests.core.files.encoded_pictures import encoded

HEIGHT, WIDTH = 16, 24


@dataclass(frozen=True)
class Entry:
    id: int
    color: tuple[int, int, int] | None = None


def ids(*columns: int) -> np.ndarray:
    """(H, W) uint8: columns of equal width."""
    return np.repeat(np.array([columns], np.uint8), HEIGHT, 0).repeat(WIDTH // len(columns), 1)


def indexed(indices: np.ndarray, colors: list[tuple[int, int, int]], **options: object) -> bytes:
    image = Image.frombytes("P", indices.shape[::-1], indices.tobytes())
    image.putpalette([channel for color in colors for channel in color])
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return stream.getvalue()


def plain_png(values: np.ndarray, depth: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A grey PNG of any depth, with chunks before its pixels."""
    bits = np.unpackbits(values.astype(">u2").view(np.uint8).reshape(*values.shape, 2), axis=2)[..., -depth:]
    rows = b"".join(b"\0" + np.packbits(row.ravel()).tobytes() for row in bits)
    head = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], depth, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    written = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def read(data: bytes, known: KnownClasses) -> tuple[np.ndarray, Meaning]:
    return read_ids(decode_pixels(data, "map.png"), known)


EIGHT = KnownClasses([Entry(number) for number in range(8)])
TWO = KnownClasses([Entry(0), Entry(1)])
NOBODY = KnownClasses()
GREY = [(3, 3, 3), (5, 5, 5)]
BLACK_AND_WHITE = [(0, 0, 0), (255, 255, 255)]


@pytest.mark.parametrize(
    ("colors", "known", "expected", "meaning"),
    [
        (GREY, NOBODY, (3, 5), Meaning.GREYS),
        (GREY, EIGHT, (3, 5), Meaning.GREYS),
        (GREY, TWO, (0, 1), Meaning.IDS),  # the ids say otherwise
        ([(0, 0, 0), (1, 1, 1)], EIGHT, (0, 1), Meaning.IDS),
        (BLACK_AND_WHITE, NOBODY, (0, 255), Meaning.GREYS),
        (BLACK_AND_WHITE, EIGHT, (0, 255), Meaning.GREYS),
        (BLACK_AND_WHITE, TWO, (0, 1), Meaning.IDS),  # two classes as a program shows them
        ([(0, 0, 0), (36, 36, 36)], EIGHT, (0, 1), Meaning.IDS),  # eight classes as a program shows them
        ([(9, 8, 7), (1, 2, 3)], EIGHT, (0, 1), Meaning.IDS),
        ([(7, 7, 7), (1, 2, 3)], EIGHT, (0, 1), Meaning.IDS),  # not all of the palette is grey
    ],
)
def test_palettes_of_greys(colors, known: KnownClasses, expected: tuple[int, int], meaning: Meaning) -> None:
    assert_read(indexed(ids(0, 1), colors), known, expected, meaning)


def assert_read(data: bytes, known: KnownClasses, expected: tuple[int, ...], meaning: Meaning) -> None:
    found, how = read(data, known)
    assert how is meaning and found.dtype == np.uint16
    assert np.array_equal(
        found, ids(*[0] * len(expected)) + np.array(expected, np.uint16).repeat(WIDTH // len(expected))
    )


COLORED = KnownClasses([Entry(0, (10, 20, 30)), Entry(1, (200, 10, 10)), Entry(4, (0, 0, 0)), Entry(5, (9, 9, 9))])


@pytest.mark.parametrize(
    ("colors", "expected", "meaning"),
    [
        ([(200, 10, 10), (10, 20, 30)], (1, 0), Meaning.COLORS),  # numbered anew
        ([(10, 20, 30), (200, 10, 10)], (0, 1), Meaning.IDS),
        ([(0, 0, 0), (9, 9, 9)], (4, 5), Meaning.COLORS),  # greys that are colours of classes
        ([(0, 0, 0), (1, 2, 3)], (0, 1), Meaning.IDS),  # one colour of two is a chance
    ],
)
def test_palettes_with_colours_of_classes(colors, expected: tuple[int, int], meaning: Meaning) -> None:
    assert_read(indexed(ids(0, 1), colors), COLORED, expected, meaning)


def test_most_colours_of_classes_in_another_order_leave_the_others_unknown() -> None:
    colors = [(200, 10, 10), (10, 20, 30), (7, 7, 8)]
    assert_read(indexed(ids(0, 1, 2), colors), COLORED, (1, 0, UNKNOWN), Meaning.COLORS)


def test_an_optimised_file_is_the_same_label_map(tmp_path) -> None:
    """What a grey map and the indexed one that optimisers make of it mean, to all who read label maps."""
    palette = Palette("eight", tuple(SemanticClass(i, f"class {i}", (i * 30, 255 - i * 9, i)) for i in range(8)))
    (tmp_path / "plain.png").write_bytes(encoded(ids(3, 5), "PNG"))
    (tmp_path / "small.png").write_bytes(indexed(ids(0, 1), GREY))
    for name in ("plain.png", "small.png"):
        assert np.array_equal(read_labels(tmp_path / name, palette), ids(3, 5))
        reading = analyse_labels(tmp_path / name, palette)
        assert reading.kind is ValueKind.IDS and np.array_equal(reading.apply(), ids(3, 5))
        assert reading.is_grey_palette is (name == "small.png")


def test_transparent_pixels_have_no_class_in_any_form(tmp_path) -> None:
    palette = Palette("three", tuple(SemanticClass(i, f"class {i}", (i * 90, 5, 255 - i)) for i in range(3)))
    colors = [entry.color for entry in palette.classes]
    alpha = np.where(ids(0, 1, 2) == 2, 0, 255).astype(np.uint8)
    files = {
        "indexed": indexed(ids(0, 1, 2), colors, transparency=b"\xff\xff\x00"),
        "one index": indexed(ids(0, 1, 2), colors, transparency=2),
        "grey": plain_png(ids(0, 1, 2), 8, (b"tRNS", struct.pack(">H", 2))),
        "two bits": plain_png(ids(0, 1, 2), 2, (b"tRNS", struct.pack(">H", 2))),
        "sixteen bits": plain_png(ids(0, 1, 2), 16, (b"tRNS", struct.pack(">H", 2))),
        "grey with alpha": encoded(np.dstack([ids(0, 1, 2), alpha]), "PNG"),
        "colours": encoded(np.dstack([palette.colors[ids(0, 1, 2)], alpha]), "PNG"),
    }
    for name, data in files.items():
        found, _meaning = read(data, KnownClasses(palette.classes))
        expected = np.where(alpha == 0, np.uint16(NO_CLASS), ids(0, 1, 2))
        assert np.array_equal(found, expected), name
        (tmp_path / "map.png").write_bytes(data)
        seen = np.where(alpha == 0, UNPAINTED, ids(0, 1, 2))
        assert np.array_equal(read_labels(tmp_path / "map.png", palette), seen), name
        assert np.array_equal(analyse_labels(tmp_path / "map.png", palette).apply(), seen), name


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_depths_of_grey(depth: int) -> None:
    values = ids(0, 1) if depth == 1 else ids(1, 3)
    found, meaning = read(plain_png(values, depth), EIGHT)
    assert meaning is Meaning.IDS and np.array_equal(found, values)


def test_few_bits_in_tiff_are_not_stretched() -> None:
    """A TIFF of 4 bits, written by hand: Pillow writes none."""
    values = ids(1, 3)
    packed = (values[:, ::2] << 4 | values[:, 1::2]).tobytes()
    entries = [(256, WIDTH), (257, HEIGHT), (258, 4), (259, 1), (262, 1), (273, 8 + 2 + 9 * 12 + 4), (277, 1)]
    entries += [(278, HEIGHT), (279, len(packed))]
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    data = b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows + struct.pack("<I", 0) + packed
    assert np.array_equal(read(data, EIGHT)[0], values)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "WEBP"])
def test_colours_in_every_format(kind: str) -> None:
    image = np.array([[(10, 20, 30), (200, 10, 10)]], np.uint8).repeat(HEIGHT, 0).repeat(WIDTH // 2, 1)
    data = encoded(image, kind, **({"lossless": True} if kind == "WEBP" else {}))
    assert np.array_equal(read(data, COLORED)[0], ids(0, 1))


def test_a_label_map_is_turned_as_its_photo_is() -> None:
    exif = Image.Exif()
    exif[274] = 6
    for kind in ("PNG", "TIFF", "WEBP"):
        data = encoded(np.dstack([ids(1, 2)] * 3), kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
        assert np.array_equal(read(data, EIGHT)[0], np.rot90(ids(1, 2), -1)), kind


def test_arrays_and_pictures_are_read_by_the_same_function() -> None:
    stream = io.BytesIO()
    np.save(stream, ids(1, 3).astype(np.int64) - 2)
    assert np.array_equal(read(stream.getvalue(), EIGHT)[0], np.where(ids(1, 3) == 1, UNKNOWN, 1))


def test_colours_that_nothing_explains_are_refused() -> None:
    with pytest.raises(StudioError, match=r"map\.png has colours, and no class list"):
        read(encoded(np.dstack([ids(1, 2), ids(3, 4), ids(5, 6)]), "PNG"), EIGHT)
