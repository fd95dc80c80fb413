"""Tips of any shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from oasis_studio.core.files.pictures.tips import read_tip, read_tips, write_tip
from oasis_studio.core.pixels.tip_shape import TipShape, built_in_shapes, shape_sweep
from oasis_studio.core.tools import BrushTool, ToolOptions
from oasis_studio.errors import StudioError
from tests.core import painters

CORNER = TipShape("corner", np.array([[1, 1, 1], [1, 0, 0], [1, 0, 0]], bool))
numbers = st.floats(-6, 30)


def test_a_stamp_is_the_mask_around_the_point() -> None:
    found = shape_sweep(CORNER, (5.5, 5.5), (5.5, 5.5), 3, 3, 12, 10).mask(12, 10)
    assert np.array_equal(found[4:7, 4:7], CORNER.mask_HW) and found.sum() == 5


@given(numbers, numbers, numbers, numbers, st.integers(1, 12), st.integers(1, 12))
def test_a_sweep_is_all_its_stamps_and_nothing_else(x, y, to_x, to_y, size, end_size) -> None:
    width, height = 25, 20
    found = shape_sweep(CORNER, (x, y), (to_x, to_y), size, end_size, width, height)
    mask = found.mask(width, height)
    assert (np.diff(found.rows) >= 0).all()
    for point, side in (((x, y), size), ((to_x, to_y), end_size)):
        stamp = shape_sweep(CORNER, point, point, side, side, width, height).mask(width, height)
        assert not (stamp & ~mask).any()
    reach = max(size, end_size) / 2 + 1
    rows, columns = np.nonzero(mask)
    assert ((columns >= min(x, to_x) - reach - 1) & (columns <= max(x, to_x) + reach)).all()
    assert ((rows >= min(y, to_y) - reach - 1) & (rows <= max(y, to_y) + reach)).all()


def test_the_brush_paints_the_shape_in_one_step() -> None:
    document = painters.blank(40, 32)
    before = document.layers[0].labels.copy()
    command = painters.draw(BrushTool(), [(10.5, 10.5), (20.5, 10.5)], document, ToolOptions(3, 9, shape=CORNER))
    labels = document.layers[0].labels
    assert (labels[6, 7:24] == 3).all() and labels[14, 8] == 3 and labels[14, 26] == 255
    assert command is not None
    command.revert(document)
    assert np.array_equal(labels, before)


def test_built_in_shapes_are_seen_at_any_size() -> None:
    for shape in built_in_shapes():
        for size in (1, 2, 7, 64, 500):
            mask = shape.scaled(size)
            assert mask.any() and max(mask.shape) == size


def test_tips_are_kept_in_files(tmp_path: Path) -> None:
    first, second = (write_tip(tmp_path / "tips", "My tip/..", CORNER.mask_HW) for _time in range(2))
    assert first != second and first.parent == tmp_path / "tips"
    assert np.array_equal(read_tip(first).mask_HW, CORNER.mask_HW)
    (tmp_path / "tips" / "broken.png").write_bytes(b"no picture")
    assert len(read_tips(tmp_path / "tips")) == 2


def test_transparency_makes_a_tip_too(tmp_path: Path) -> None:
    rgba = np.full((4, 6, 4), 255, np.uint8)
    rgba[:, 3:, 3] = 0
    Image.fromarray(rgba).save(tmp_path / "a.png")
    assert np.array_equal(read_tip(tmp_path / "a.png").mask_HW, rgba[..., 3] > 0)


@pytest.mark.parametrize(("side", "grey"), [(2000, 0), (8, 255)])
def test_what_is_no_tip_is_told(tmp_path: Path, side: int, grey: int) -> None:
    Image.fromarray(np.full((side, side), grey, np.uint8)).save(tmp_path / "a.png")
    with pytest.raises(StudioError):
        read_tip(tmp_path / "a.png")
