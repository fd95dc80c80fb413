import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.selection import Selection, select_all, select_box
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import box_around
from oasis_studio.core.tools.transform import Placement, Transformation, transform
from oasis_studio.errors import StudioError
from tests.core import painters

BOX = Box(12, 10, 23, 16)


def _document():
    """Random labels in BOX, nothing around them."""
    document = painters.blank()
    document.layers[0].labels[BOX.slices] = np.random.default_rng(3).integers(0, 5, (6, 11))
    return document


def _moved(placement, selection=None):
    document = _document()
    transform(document.layers[0], placement, selection)
    return document.layers[0].labels


def _cut(labels):
    return labels[box_around(labels != UNPAINTED).slices]


PIECE = _document().layers[0].labels[BOX.slices]


@pytest.mark.parametrize(
    ("placement", "expected"),
    [
        (Placement(dx=3, dy=-4), PIECE),
        (Placement(is_flipped_x=True), PIECE[:, ::-1]),
        (Placement(is_flipped_y=True), PIECE[::-1]),
        (Placement(angle=90), np.rot90(PIECE, -1)),
        (Placement(angle=180), np.rot90(PIECE, 2)),
        (Placement(angle=-90), np.rot90(PIECE)),
        (Placement(angle=450, is_flipped_x=True), np.rot90(PIECE[:, ::-1], -1)),
        (Placement(scale_x=2, scale_y=3), PIECE.repeat(2, 1).repeat(3, 0)),
        (Placement(scale_x=2, angle=90), np.rot90(PIECE.repeat(2, 1), -1)),
    ],
)
def test_flips_quarter_turns_and_whole_scales_are_exact(placement, expected):
    assert np.array_equal(_cut(_moved(placement)), expected)


def test_a_move_goes_exactly_so_far_and_over_the_edge():
    expected = np.full((32, 40), UNPAINTED, np.uint8)
    expected[6:12, 15:26] = PIECE
    assert np.array_equal(_moved(Placement(3, -4)), expected)
    assert np.array_equal(_moved(Placement(-15, 0))[10:16, :8], PIECE[:, 3:])
    assert (_moved(Placement(100, 100)) == UNPAINTED).all()


@given(st.integers(3, 9), st.integers(3, 9), st.sampled_from([1, -1]))
def test_four_quarter_turns_are_none(width, height, direction):
    document = painters.document()
    layer = document.layers[0]
    layer.labels[:] = UNPAINTED
    layer.labels[10 : 10 + height, 12 : 12 + width] = np.random.default_rng(1).integers(0, 5, (height, width))
    start = layer.labels.copy()
    for _turn in range(4):
        transform(layer, Placement(angle=90 * direction))
    assert np.array_equal(layer.labels, start)


@settings(deadline=None, max_examples=30)
@given(st.floats(-180, 180), st.floats(0.5, 2), st.booleans())
def test_any_turn_shows_a_pixel_that_was_there(angle, scale, flipped):
    found = _moved(Placement(scale_x=scale, angle=angle, is_flipped_x=flipped))
    radians = np.radians(angle)
    piece = PIECE[:, ::-1] if flipped else PIECE
    wide = round(11 * scale)
    painted = np.argwhere(found != UNPAINTED)
    for row, column in painted:
        near = set()
        for dx in np.arange(-1, 1.1, 0.25):  # the middle may be half a pixel off, and ties go either way
            for dy in np.arange(-1, 1.1, 0.25):
                x, y = column + 0.5 + dx - 17.5, row + 0.5 + dy - 13
                u, v = x * np.cos(radians) + y * np.sin(radians), -x * np.sin(radians) + y * np.cos(radians)
                i, j = int(np.floor((u + wide / 2) * 11 / wide)), int(np.floor(v + 3))
                if 0 <= i < 11 and 0 <= j < 6:
                    near.add(piece[j, i])
        assert found[row, column] in near
    assert abs(len(painted) - wide * 6) <= 20


def test_only_the_selection_moves_and_unpainted_pixels_cover_nothing():
    document = _document()
    layer = document.layers[0]
    layer.labels[0, 0] = 4
    selection = select_box(Box(12, 10, 17, 16), 40, 32)
    transform(layer, Placement(dx=6), selection)
    assert layer.labels[0, 0] == 4 and (layer.labels[10:16, 12:17] == UNPAINTED).all()
    assert np.array_equal(layer.labels[10:16, 18:23], PIECE[:, :5])
    assert np.array_equal(layer.labels[10:16, 17], PIECE[:, 5])
    transform(layer, Placement(dx=-6, is_copy=True), select_box(Box(18, 5, 23, 20), 40, 32))
    assert np.array_equal(layer.labels[10:16, 12:17], PIECE[:, :5])
    assert np.array_equal(layer.labels[10:16, 18:23], PIECE[:, :5])


def test_the_whole_canvas_flips_around_its_own_middle():
    start = _document().layers[0].labels
    assert np.array_equal(_moved(Placement(is_flipped_x=True), select_all(40, 32)), start[:, ::-1])


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(-20, 20), st.floats(0.3, 2), st.sampled_from([0.0, 90.0, 33.0])), min_size=1))
def test_the_preview_leaves_no_trace_and_its_boxes_hold_all_changes(steps):
    document = painters.document()
    layer, seen = document.layers[0], document.layers[0].labels.copy()
    start, mask = seen.copy(), np.random.default_rng(0).random((32, 40)) < 0.2
    running = Transformation()
    running.begin(layer, Selection(mask))
    for dx, scale, angle in steps:
        box = running.show(Placement(dx, 2, scale, 1, angle))
        different = layer.labels != seen
        different[box.slices] = False
        assert not different.any()
        seen[:] = layer.labels
    command = running.finish()
    dx, scale, angle = steps[-1]
    direct = painters.document().layers[0]
    direct.labels[:] = start
    transform(direct, Placement(dx, 2, scale, 1, angle), Selection(mask))
    assert np.array_equal(layer.labels, direct.labels)
    if command:
        command.revert(document)
    assert np.array_equal(layer.labels, start)


def test_the_selection_goes_with_the_piece():
    document, running = _document(), Transformation()
    running.begin(document.layers[0], select_box(Box(12, 10, 17, 13), 40, 32))
    running.show(Placement(dx=4, dy=5, angle=90))
    assert running.selection_now().box == Box(17, 14, 20, 19) and running.selection_now().count == 15
    running.cancel()
    assert np.array_equal(document.layers[0].labels, _document().layers[0].labels)
    assert not running.is_open and running.finish() is None and running.show(Placement()).is_empty


def test_nothing_to_move_and_a_locked_layer():
    document, running = painters.blank(), Transformation()
    assert running.begin(document.layers[0]).is_empty and not running.is_open
    assert running.begin(_document().layers[0], select_box(Box(0, 0, 5, 5), 40, 32)).is_empty
    assert transform(_document().layers[0], Placement()) is None
    document.layers[0].is_locked = True
    with pytest.raises(StudioError, match="locked"):
        running.begin(document.layers[0])
