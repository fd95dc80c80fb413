import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.history.document_commands import (
    CropDocument,
    RemoveSnapshot,
    ScaleDocument,
    SetNotes,
    SetReference,
    TakeSnapshot,
)
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.tools import layer_steps
from oasis_studio.errors import StudioError
from tests.core import painters


@settings(deadline=None, max_examples=30)
@given(st.integers(-20, 30), st.integers(-20, 30), st.integers(16, 60), st.integers(16, 60))
def test_crop_keeps_what_is_inside_and_leaves_the_rest_unpainted(left, top, width, height):
    document = painters.document()
    before = [layer.labels for layer in document.layers]
    CropDocument(Box(left, top, left + width, top + height)).apply(document)
    assert (document.width, document.height) == (width, height)
    for layer, old in zip(document.layers, before, strict=True):
        padded = np.full((200, 200), UNPAINTED, np.uint8)
        padded[60 : 60 + 32, 60 : 60 + 40] = old
        assert np.array_equal(layer.labels, padded[60 + top : 60 + top + height, 60 + left : 60 + left + width])
        layer.labels[0, 0] = 1  # a layer's own array


@settings(deadline=None, max_examples=30)
@given(st.integers(16, 100), st.integers(16, 100))
def test_scale_takes_the_nearest_pixel(width, height):
    document = painters.document()
    before = document.layers[0].labels
    ScaleDocument(width, height).apply(document)
    for row in range(height):
        for column in range(0, width, 7):
            expected = before[int((row + 0.5) * 32 / height), int((column + 0.5) * 40 / width)]
            assert document.layers[0].labels[row, column] == expected


def test_doubling_and_halving_is_exact():
    document = painters.document()
    start = painters.state(document)
    ScaleDocument(80, 64).apply(document)
    assert np.array_equal(document.layers[0].labels[::2, ::2], document.layers[0].labels[1::2, 1::2])
    ScaleDocument(40, 32).apply(document)
    assert painters.state(document) == start


@pytest.mark.parametrize("command", [CropDocument(Box(0, 0, 10, 40)), ScaleDocument(9000, 50)])
def test_an_impossible_size_is_refused_and_changes_nothing(command):
    document = painters.document()
    start = painters.state(document)
    with pytest.raises(StudioError, match=r"10×40|9000×50"):
        command.apply(document)
    assert painters.state(document) == start


def test_snapshots_and_the_reference_follow_the_canvas():
    document = painters.document()
    document.reference = Reference(painters.photo(), Box(4, 2, 24, 22))
    TakeSnapshot("one").apply(document)
    CropDocument(Box(4, 2, 36, 30)).apply(document)
    assert document.reference.box == Box(0, 0, 20, 20)
    assert document.snapshots[0].labels_HW.shape == (28, 32)
    ScaleDocument(64, 56).apply(document)
    assert document.reference.box == Box(0, 0, 40, 40)
    assert np.array_equal(document.snapshots[0].labels_HW, document.flatten())


def test_a_snapshot_comes_back_as_a_layer_with_its_seed():
    document = painters.document(seed=7)
    seen = document.flatten()
    TakeSnapshot("before").apply(document)
    document.seed = 1
    document.layers[1].labels[:] = 2
    layer_steps.restore(document, document.snapshots[0]).apply(document)
    assert np.array_equal(document.flatten(), seen) and document.seed == 7
    assert document.layers[-1].name == "before" and len(document.layers) == 3
    document.layers[-1].labels[:] = 3
    assert np.array_equal(document.snapshots[0].labels_HW, seen)


def test_sizes_count_what_the_steps_keep():
    document = painters.document()
    photo = Reference(painters.photo(), Box(0, 0, 30, 20))
    first, dimmed = SetReference(photo), SetReference(Reference(photo.image_HW3, photo.box, 0.1))
    for command in (first, dimmed):
        command.apply(document)
    assert (first.size_bytes, dimmed.size_bytes) == (30 * 20 * 3, 0)
    snapshot, crop = TakeSnapshot("a"), CropDocument(Box(0, 0, 20, 20))
    for command in (snapshot, crop):
        command.apply(document)
    assert (snapshot.size_bytes, crop.size_bytes) == (40 * 32, 3 * 40 * 32)
    notes, removed = SetNotes("abc"), RemoveSnapshot(0)
    for command in (notes, removed):
        command.apply(document)
    assert (notes.size_bytes, removed.size_bytes) == (3, 400) and not document.snapshots
    with pytest.raises(IndexError):
        RemoveSnapshot(0).apply(document)


def test_a_photo_is_fitted_in_the_middle_in_its_own_proportions():
    assert Reference.fitted(painters.photo(30, 20), 90, 100).box == Box(0, 20, 90, 80)
    assert Reference.fitted(painters.photo(20, 30), 90, 60).box == Box(25, 0, 65, 60)
    large = Reference.fitted(np.zeros((10, 5000, 3), np.uint8), 90, 60)
    assert large.image_HW3.shape == (8, 4096, 3) and large.box.width == 90


def test_the_reference_is_drawn_where_its_box_is():
    image = painters.photo(20, 10)
    drawn, covered = Reference(image, Box(5, 3, 25, 13)).drawn(40, 32)
    assert np.array_equal(drawn[3:13, 5:25], image) and covered.sum() == 200 and not drawn[~covered].any()
    drawn, covered = Reference(image, Box(-5, -3, 15, 7)).drawn(40, 32)
    assert np.array_equal(drawn[:7, :15], image[3:, 5:]) and covered.sum() == 7 * 15
    half, _covered = Reference(np.repeat(np.repeat(image, 2, 0), 2, 1), Box(5, 3, 25, 13)).drawn(40, 32)
    assert np.array_equal(half[3:13, 5:25], image)
    twice, _covered = Reference(image // 2 * 2, Box(0, 0, 40, 20)).drawn(40, 32)
    assert np.abs(twice[0, :40:39].astype(int) - (image // 2 * 2)[0, ::19]).max() <= 1


def test_a_reference_outside_the_canvas_covers_nothing():
    _drawn, covered = Reference(painters.photo(), Box(100, 100, 130, 120)).drawn(40, 32)
    assert not covered.any()
