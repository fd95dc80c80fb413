import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.files.label_maps.reading import TRANSPARENT, ValueKind, analyse_labels
from oasis_studio.errors import StudioError
from tests.core import painters

PALETTE = painters.palette(5)


@pytest.fixture
def labels():
    return np.random.default_rng(0).integers(0, 5, (20, 30)).astype(np.uint8)


def _saved(tmp_path, image, suffix=".png", **options):
    path = tmp_path / f"map{suffix}"
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    image.save(path, **options)
    return path


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".webp"])
def test_exact_colours_need_no_person(tmp_path, labels, suffix):
    path = _saved(tmp_path, PALETTE.colors[labels], suffix, **({"lossless": True} if suffix == ".webp" else {}))
    reading = analyse_labels(path, PALETTE)
    assert reading.kind is ValueKind.COLORS and reading.stray_pixels == reading.stray_values == 0
    assert (reading.width, reading.height) == (30, 20)
    assert np.array_equal(reading.apply(), labels)
    assert {found.label: found.count for found in reading.found()} == dict(enumerate(np.bincount(labels.ravel())))
    assert [found.count for found in reading.found(2)] == sorted(np.bincount(labels.ravel()))[::-1][:2]


def test_jpeg_colours_are_snapped_to_the_nearest_and_counted(tmp_path):
    blocks = np.random.default_rng(0).integers(0, 5, (4, 6)).astype(np.uint8).repeat(16, 0).repeat(16, 1)
    reading = analyse_labels(_saved(tmp_path, PALETTE.colors[blocks], ".jpg", quality=90, subsampling=0), PALETTE)
    assert (reading.apply() == blocks).mean() > 0.97
    assert reading.stray_values >= 3 and 0 < reading.stray_pixels <= blocks.size
    assert reading.stray_pixels == sum(found.count for found in reading.found(10**6) if not found.is_exact)


def test_a_person_maps_values(tmp_path, labels):
    wide = labels.astype(np.uint16) * 1000
    cv2.imwrite(str(tmp_path / "map.png"), wide)
    reading = analyse_labels(tmp_path / "map.png", PALETTE)
    assert reading.kind is ValueKind.IDS
    assert [(found.value, found.is_exact) for found in sorted(reading.found(), key=lambda f: f.value)] == [
        (0, True),
        (1000, False),
        (2000, False),
        (3000, False),
        (4000, False),
    ]
    assert reading.stray_pixels == (labels > 0).sum()
    assert np.array_equal(reading.apply(), np.where(labels == 0, 0, UNPAINTED))
    mapping = {1000: 1, 2000: 2, 3000: 3, 4000: 255, 77: 1}
    assert np.array_equal(reading.apply(mapping), np.where(labels == 4, UNPAINTED, labels))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", [np.int64, np.uint16, np.int8, bool])
def test_arrays(tmp_path, labels, order, kind):
    values = np.asarray(labels.astype(kind), order=order)
    if kind is np.int64:
        values[3] = -1
    np.save(tmp_path / "map.npy", values)
    reading = analyse_labels(tmp_path / "map.npy", PALETTE)
    assert reading.kind is ValueKind.IDS and reading.stray_pixels == 0
    assert np.array_equal(reading.apply(), np.where(values == -1, UNPAINTED, values.astype(np.uint8)))


@pytest.mark.parametrize("depth", ["1", "L", "P", "I", "F"])
def test_grey_and_indexed_pixels_are_ids(tmp_path, labels, depth):
    ids = labels % 2 if depth == "1" else labels
    image = Image.fromarray(ids * 255).convert("1") if depth == "1" else Image.fromarray(ids)
    if depth == "P":
        image = Image.frombytes("P", (30, 20), ids.tobytes())
        image.putpalette(bytes(range(256)) * 3)
    if depth in "IF":
        image = image.convert(depth)
    reading = analyse_labels(_saved(tmp_path, image, ".tif" if depth in "IF" else ".png"), PALETTE)
    assert reading.kind is ValueKind.IDS and np.array_equal(reading.apply(), ids)


def test_few_bits_are_not_stretched(tmp_path):
    image = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16) % 4 * 85)
    path = _saved(tmp_path, image.convert("L"), bits=2)
    found = analyse_labels(path, PALETTE).values.tolist()
    assert found == ([0, 1, 2, 3] if path.read_bytes()[24] == 2 else [0, 85, 170, 255])


def test_ids_saved_as_grey_colours_are_ids(tmp_path, labels):
    reading = analyse_labels(_saved(tmp_path, np.dstack([labels] * 3)), PALETTE)
    assert reading.kind is ValueKind.IDS and np.array_equal(reading.apply(), labels)
    as_colors = analyse_labels(_saved(tmp_path, np.dstack([labels] * 3)), PALETTE, ValueKind.COLORS)
    assert as_colors.kind is ValueKind.COLORS and as_colors.stray_values == 5


def test_indexed_pixels_numbered_anew_are_colours(tmp_path, labels):
    order = np.array([3, 0, 4, 1, 2])
    image = Image.frombytes("P", (30, 20), np.argsort(order).astype(np.uint8)[labels].tobytes())
    image.putpalette(PALETTE.colors[order].tobytes())
    reading = analyse_labels(_saved(tmp_path, image), PALETTE)
    assert reading.kind is ValueKind.COLORS and np.array_equal(reading.apply(), labels)
    in_order = Image.frombytes("P", (30, 20), labels.tobytes())
    in_order.putpalette(PALETTE.colors.tobytes())
    assert analyse_labels(_saved(tmp_path, in_order), PALETTE).kind is ValueKind.IDS


def test_transparent_pixels_are_unpainted_and_half_transparent_ones_counted(tmp_path, labels):
    alpha = np.full((20, 30), 255, np.uint8)
    alpha[0], alpha[1], alpha[2] = 0, 100, 200
    reading = analyse_labels(_saved(tmp_path, np.dstack([PALETTE.colors[labels], alpha])), PALETTE)
    assert np.array_equal(reading.apply(), np.where(alpha < 128, UNPAINTED, labels))
    assert reading.half_transparent == 60 and reading.values[0] == TRANSPARENT and reading.stray_pixels == 0
    assert np.array_equal(reading.apply({TRANSPARENT: 2}), np.where(alpha < 128, 2, labels))


def test_what_is_no_label_map_says_why(tmp_path, labels):
    def saved(values):
        np.save(tmp_path / "map.npy", values, allow_pickle=True)
        return tmp_path / "map.npy"

    for values, sentence in (
        (labels.astype(float), "float64"),
        (labels[None], "1×20×30"),
        (np.array([[object()] * 20] * 20), "object"),
        (labels.astype(np.int64) + 2**40, "too large"),
        (np.zeros((9000, 20), np.uint8), "20×9000"),
    ):
        with pytest.raises(StudioError, match=sentence):
            analyse_labels(saved(values), PALETTE)
    with pytest.raises(StudioError, match="fractions"):
        analyse_labels(_saved(tmp_path, labels.astype(np.float32) / 2, ".tif"), PALETTE)
    for side, sentence in ((20000, "20000×20000"), (9000, "9000×9000")):
        (tmp_path / "huge.png").write_bytes(painters.png_without_pixels(side, side))
        with pytest.raises(StudioError, match=sentence):
            analyse_labels(tmp_path / "huge.png", PALETTE)
    (tmp_path / "text.png").write_bytes(b"no image")
    with pytest.raises(StudioError, match=r"text\.png is damaged, or of a kind"):
        analyse_labels(tmp_path / "text.png", PALETTE)
    with pytest.raises(StudioError, match="cannot be read"):
        analyse_labels(tmp_path / "none.png", PALETTE)


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(["npy", "png", "tif", "gif", "bmp"]), st.integers(0, 600), st.binary(min_size=1, max_size=5))
def test_whatever_is_damaged_it_is_a_studio_error_or_a_label_map(tmp_path_factory, kind, at, noise):
    path = tmp_path_factory.mktemp("maps") / f"map.{kind}"
    ids = np.arange(400, dtype=np.uint16).reshape(20, 20) % 5
    if kind == "npy":
        np.save(path, ids)
    else:
        Image.fromarray(ids.astype(np.uint8)).save(path)
    data = bytearray(path.read_bytes())
    data[at : at + len(noise)] = noise
    path.write_bytes(bytes(data))
    try:
        found = analyse_labels(path, PALETTE).apply()
    except StudioError:
        return
    assert found.dtype == np.uint8 and np.isin(found, [0, 1, 2, 3, 4, UNPAINTED]).all()
