import io
import struct
import warnings
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.files.label_maps.files import decode_labels, read_labels, write_labels
from oasis_studio.errors import StudioError
from tests.core import painters

PALETTE = painters.palette(5)


@pytest.fixture
def labels():
    found = np.random.default_rng(0).integers(0, 5, (20, 30)).astype(np.uint8)
    found[:3] = UNPAINTED
    return found


def _colors(labels):
    """RGBA of a label map."""
    alpha = np.where(labels == UNPAINTED, 0, 255).astype(np.uint8)
    return np.dstack([PALETTE.colors[labels], alpha])


def _save(tmp_path, image, **options):
    path = tmp_path / "map.png"
    image.save(path, **options)
    return path


@settings(deadline=None, max_examples=25)
@given(width=st.integers(16, 40), height=st.integers(16, 40), count=st.integers(1, 13), seed=st.integers(0, 99))
def test_what_is_written_is_read(tmp_path_factory, width, height, count, seed):
    palette = painters.palette(count)
    labels = np.random.default_rng(seed).integers(0, len(palette), (height, width)).astype(np.uint8)
    labels[::3, ::4] = UNPAINTED
    path = tmp_path_factory.mktemp("maps") / "map.png"
    write_labels(path, labels, palette)
    assert np.array_equal(read_labels(path, palette), labels)
    with Image.open(path) as image:  # another program sees indices and the palette's colours
        assert image.mode == "P" and np.array_equal(np.asarray(image), labels)
        seen = np.asarray(image.convert("RGBA"))
    assert np.array_equal(seen[..., :3][labels != UNPAINTED], palette.colors[labels][labels != UNPAINTED])
    assert np.array_equal(seen[..., 3] == 0, labels == UNPAINTED)


def test_grey_ids(tmp_path, labels):
    assert np.array_equal(read_labels(_save(tmp_path, Image.fromarray(labels)), PALETTE), labels)


def test_grey_ids_with_alpha(tmp_path, labels):
    alpha = np.where(labels == 2, 0, 255).astype(np.uint8)
    path = _save(tmp_path, Image.merge("LA", [Image.fromarray(labels), Image.fromarray(alpha)]))
    assert np.array_equal(read_labels(path, PALETTE), np.where(labels == 2, UNPAINTED, labels))


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_grey_ids_of_few_bits(depth):
    ids = np.random.default_rng(1).integers(0, min(2**depth, 5), (16, 16)).astype(np.uint8)
    bits = np.unpackbits(ids[..., None], axis=2)[..., -depth:].reshape(16, -1)
    rows = b"".join(b"\x00" + np.packbits(row).tobytes() for row in bits)
    head = painters.png_without_pixels(16, 16, depth)
    body = b"IDAT" + zlib.compress(rows)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    assert np.array_equal(decode_labels(head[:-12] + chunk + head[-12:], PALETTE, "map.png"), ids)


def test_colors(tmp_path, labels):
    path = _save(tmp_path, Image.fromarray(_colors(labels)))
    assert np.array_equal(read_labels(path, PALETTE), labels)
    opaque = np.where(labels == UNPAINTED, 3, labels)
    path = _save(tmp_path, Image.fromarray(PALETTE.colors[opaque]))
    assert np.array_equal(read_labels(path, PALETTE), opaque)


def test_colors_that_another_program_numbered_anew(tmp_path, labels):
    opaque = np.where(labels == UNPAINTED, 3, labels)
    order = np.array([3, 0, 4, 1, 2])
    image = Image.fromarray(np.argsort(order).astype(np.uint8)[opaque])
    indexed = Image.frombytes("P", image.size, image.tobytes())
    indexed.putpalette(PALETTE.colors[order].tobytes())
    assert np.array_equal(read_labels(_save(tmp_path, indexed), PALETTE), opaque)


def test_indices_with_colors_of_their_own_are_ids(tmp_path, labels):
    image = Image.frombytes("P", (30, 20), labels.tobytes())
    image.putpalette(bytes(range(256)) * 3)
    assert np.array_equal(read_labels(_save(tmp_path, image), PALETTE), labels)


def test_sixteen_bits_whose_values_fit(tmp_path, labels):
    path = tmp_path / "map.png"
    cv2.imwrite(str(path), labels.astype(np.uint16))
    assert np.array_equal(read_labels(path, PALETTE), labels)
    cv2.imwrite(str(path), cv2.cvtColor(_colors(labels), cv2.COLOR_RGBA2BGRA).astype(np.uint16) * 257)
    assert np.array_equal(read_labels(path, PALETTE), labels)


def test_sixteen_bits_whose_values_do_not_fit(tmp_path, labels):
    path = tmp_path / "map.png"
    wide = labels.astype(np.uint16)
    wide[5, 5:9] = 1000
    cv2.imwrite(str(path), wide)
    with pytest.raises(StudioError, match=r"1000 \(4 pixels\)"):
        read_labels(path, PALETTE)
    cv2.imwrite(str(path), PALETTE.colors[labels].astype(np.uint16) * 256)
    with pytest.raises(StudioError, match="16-bit"):
        read_labels(path, PALETTE)


def test_unknown_ids_are_named_and_counted(tmp_path, labels):
    labels[10, :7] = 9
    labels[11, :2] = 77
    with pytest.raises(StudioError, match=r"2 class ids.*9, 77 \(9 pixels\)") as caught:
        read_labels(_save(tmp_path, Image.fromarray(labels)), PALETTE)
    assert "0 to 4" in caught.value.hint


def test_unknown_colors_are_named_most_frequent_first_and_counted(tmp_path, labels):
    colors = _colors(labels)[..., :3].copy()
    colors[:3] = PALETTE.colors[0]
    for row, value in enumerate([1, 2, 3, 4]):
        colors[10 + row, : 9 - row] = (255, 0, value)
    with pytest.raises(StudioError, match=r"4 colours.*#ff0001, #ff0002, #ff0003, … \(30 pixels\)"):
        read_labels(_save(tmp_path, Image.fromarray(colors)), PALETTE)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_half_transparent_pixels_are_refused_and_counted(tmp_path, labels, mode):
    labels[:3] = 0
    colors = _colors(labels)
    colors[4, :6, 3] = 120
    image, options = Image.fromarray(colors), {}
    if mode == "LA":
        image = Image.merge("LA", [Image.fromarray(labels), Image.fromarray(colors[..., 3])])
    if mode == "P":
        labels[:] = 0
        labels[4, :6] = 1
        image, options = Image.frombytes("P", (30, 20), labels.tobytes()), {"transparency": b"\xff\x78"}
        image.putpalette(PALETTE.colors.tobytes())
    with pytest.raises(StudioError, match="6 half transparent"):
        read_labels(_save(tmp_path, image, **options), PALETTE)


@pytest.mark.parametrize("size", [(1, 1), (20000, 20000), (0, 50), (2**31 - 1, 2**31 - 1)])
def test_an_impossible_size_is_refused_before_anything_is_decoded(tmp_path, size):
    path = tmp_path / "map.png"
    path.write_bytes(painters.png_without_pixels(*size))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(StudioError, match=f"{size[0]}×{size[1]}"):
            read_labels(path, PALETTE)


def test_damaged_and_foreign_files(tmp_path, labels):
    path = _save(tmp_path, Image.fromarray(labels))
    whole = path.read_bytes()
    for data in (
        whole[: len(whole) // 2],
        whole[:40],
        painters.png_without_pixels(20, 20, 16),
        painters.png_without_pixels(20, 20, 9, 9),
    ):
        path.write_bytes(data)
        with pytest.raises(StudioError, match="damaged"):
            read_labels(path, PALETTE)
    jpeg = io.BytesIO()
    Image.fromarray(labels).save(jpeg, "JPEG")
    for data in (b"", b"no image at all", jpeg.getvalue()):
        path.write_bytes(data)
        with pytest.raises(StudioError, match="damaged, or of a kind"):
            read_labels(path, PALETTE)
    for missing in (tmp_path / "none.png", tmp_path):
        with pytest.raises(StudioError, match="cannot be read"):
            read_labels(missing, PALETTE)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=6))
def test_whatever_is_damaged_it_is_a_studio_error_or_a_label_map(at, noise):
    stream = io.BytesIO()
    Image.fromarray(_colors(np.arange(400, dtype=np.uint16).reshape(20, 20).astype(np.uint8) % 5)).save(stream, "PNG")
    data = bytearray(stream.getvalue())
    data[at : at + len(noise)] = noise
    try:
        found = decode_labels(bytes(data), PALETTE, "map.png")
    except StudioError:
        return
    assert found.dtype == np.uint8 and np.isin(found, [0, 1, 2, 3, 4, UNPAINTED]).all()


def test_sixteen_bits_and_arrays_are_written_and_read(tmp_path, labels):
    write_labels(tmp_path / "wide.png", labels, PALETTE, depth=16)
    with Image.open(tmp_path / "wide.png") as image:
        assert image.mode.startswith("I;16") and np.array_equal(np.asarray(image), labels)
    write_labels(tmp_path / "map.npy", labels, PALETTE)
    assert np.array_equal(np.load(tmp_path / "map.npy", allow_pickle=False), labels)
    for name in ("wide.png", "map.npy"):
        assert np.array_equal(read_labels(tmp_path / name, PALETTE), labels)


def test_unknown_ids_of_an_array_are_named_and_counted(tmp_path, labels):
    values = labels.astype(np.int16)
    values[5, :3], values[6, :2] = -1, 300
    np.save(tmp_path / "map.npy", values)
    with pytest.raises(StudioError, match=r"2 class ids.*-1, 300 \(5 pixels\)"):
        read_labels(tmp_path / "map.npy", PALETTE)


def test_an_array_cut_off(tmp_path, labels):
    write_labels(tmp_path / "map.npy", labels, PALETTE)
    whole = (tmp_path / "map.npy").read_bytes()
    for length in (7, 60, len(whole) - 1):
        (tmp_path / "map.npy").write_bytes(whole[:length])
        with pytest.raises(StudioError, match="damaged"):
            read_labels(tmp_path / "map.npy", PALETTE)
