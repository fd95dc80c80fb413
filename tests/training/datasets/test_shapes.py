"""Areas are drawn as the programs draw them that they come from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from oasis_training.datasets.check import check
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.model import NO_CLASS
from oasis_training.datasets.shapes import box, ellipse, polygons
from pycocotools import mask as coco

from tests.training.datasets.files import photo
from tests.training.datasets.test_drawn import labelme, shape

SIDE = 100
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE] + 0.5


def cvat(folder: Path, *shapes: str) -> Path:
    photo(folder / "yard.jpg", size=(SIDE, SIDE))
    (folder / "annotations.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>'
        f'<image id="0" name="yard.jpg" width="{SIDE}" height="{SIDE}">{"".join(shapes)}</image></annotations>'
    )
    return folder


def drawn(folder: Path) -> np.ndarray:
    """(H, W) bool: what the only class of the only pair covers."""
    (pair,) = open_dataset(str(folder)).pairs
    return pair.labels.read() == 0


def test_a_turned_box_of_cvat(tmp_path: Path) -> None:
    side = 'xtl="10" ytl="45" xbr="90" ybr="55"'
    upright = drawn(cvat(tmp_path / "0", f'<box label="bench" {side}/>'))
    turned = drawn(cvat(tmp_path / "90", f'<box label="bench" {side} rotation="90.0"/>'))
    assert upright.sum() == turned.sum() == 800 and np.array_equal(turned, upright.T)
    slanted = drawn(cvat(tmp_path / "30", f'<box label="bench" {side} rotation="30"/>'))
    across, down = COLUMNS - 50, ROWS - 50
    along = across * np.cos(np.pi / 6) + down * np.sin(np.pi / 6)
    beside = down * np.cos(np.pi / 6) - across * np.sin(np.pi / 6)
    expected = (abs(along) < 40) & (abs(beside) < 5)
    assert (slanted != expected).sum() < 40, "clockwise, as a person sees it"


def test_a_turned_ellipse_of_cvat(tmp_path: Path) -> None:
    size = 'cx="50" cy="50" rx="40" ry="10"'
    upright = drawn(cvat(tmp_path / "0", f'<ellipse label="pond" {size}/>'))
    turned = drawn(cvat(tmp_path / "90", f'<ellipse label="pond" {size} rotation="90"/>'))
    assert abs(int(upright.sum()) - 400 * np.pi) < 9 and np.array_equal(turned, upright.T)
    slanted = drawn(cvat(tmp_path / "45", f'<ellipse label="pond" {size} rotation="45"/>'))
    assert slanted[70, 70] and slanted[30, 30] and not slanted[30, 70]


def test_a_cuboid_of_cvat_is_all_that_it_covers(tmp_path: Path) -> None:
    front = {"tl": (20, 40), "tr": (60, 40), "br": (60, 80), "bl": (20, 80)}
    corners = [
        f'x{name}{number}="{x + shift}" y{name}{number}="{y - shift}"'
        for number, shift in ((1, 0), (2, 20))
        for name, (x, y) in front.items()
    ]
    found = drawn(cvat(tmp_path, f'<cuboid label="crate" {" ".join(corners)}/>'))
    assert found[50, 40] and found[30, 60] and found[30, 75] and not found[25, 25] and not found[75, 75]
    assert abs(int(found.sum()) - 3200) < 60  # the front, and a parallelogram above and one beside it


def test_shapes_of_cvat_without_area_are_counted_and_unknown_ones_are_problems(tmp_path: Path) -> None:
    cvat(
        tmp_path,
        '<tag label="sunny"/>',
        '<polyline label="path" points="1,1;9,9"/>',
        '<points label="lamp" points="5,5"/><points label="lamp" points="7,7"/>',
        '<spiral label="shell" points="1,1"/>',
        '<box label="bench" xtl="0" ytl="0" xbr="50" ybr="ten"/>',
        '<box label="bench" xtl="0" ytl="0" xbr="50"/>',
        '<polygon label="bed" points="1,1;2,2"/>',
        '<mask label="bed" rle="1,2" left="0" top="0" width="1" height="1"/>',
        '<box xtl="0" ytl="0" xbr="50" ybr="50"/>',
        f'<polygon label="lawn" points="0,0;{SIDE},0;{SIDE},{SIDE};0,{SIDE}"/>',
    )
    found = check(open_dataset(str(tmp_path)))
    assert found.notes == ("Shapes without an area are not drawn: 2 × points, 1 × polyline.",)
    assert [message for _name, message in found.shapes] == [
        "spiral “shell”: shapes of this kind are not known",
        "box “bench”: “ten” is no number",
        "box “bench”: it has no ybr",
        "polygon “bed”: it has too few points for an area: 2",
        "mask “bed”: its run lengths do not fit its size",
        "box “”: it has no label",
    ]
    assert found.usable == 1 and not found.is_sound and not found.unlabelled_pixels


@pytest.mark.parametrize("kind", ["oriented_rectangle", "rotation", "quadrilateral"])
def test_a_turned_rectangle_of_labelme_and_of_its_kin(tmp_path: Path, kind: str) -> None:
    photo(tmp_path / "yard.jpg", size=(SIDE, SIDE))
    corners = [(50, 10), (90, 50), (50, 90), (10, 50)]
    labelme(tmp_path / "yard.json", [shape("bench", kind, *corners)], imageHeight=SIDE, imageWidth=SIDE)
    expected = abs(COLUMNS - 50) + abs(ROWS - 50) < 40
    assert (drawn(tmp_path) != expected).sum() < 90


def test_points_and_lines_of_labelme_have_the_width_of_its_own_export(tmp_path: Path) -> None:
    photo(tmp_path / "yard.jpg", size=(SIDE, SIDE))
    line = shape("path", "linestrip", (10, 20), (90, 20), (1e9, 20.0))
    labelme(tmp_path / "yard.json", [line, shape("path", "point", (50, 70))], imageHeight=SIDE, imageWidth=SIDE)
    found = drawn(tmp_path)
    assert abs(int(found[:40].sum()) - 90 * 10) < 40 and found[16:26, 99].all(), "on to the border"
    assert abs(int(found[60:80].sum()) - 25 * np.pi) < 6


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (shape("a", "spiral", (1, 1)), "spiral “a”: shapes of this kind are not known"),
        (shape("a", "circle", (1, 1)), "circle “a”: it has too few points: 1 instead of 2"),
        (shape("a", "polygon"), "polygon “a”: it has too few points for an area: 0"),
        (shape("a", "polygon", (1, 1), (2, None), (3, 3)), "polygon “a”: “None” is no number"),
        (shape("a", "polygon", (1, 1), (2, float("nan")), (3, 3)), "polygon “a”: “nan” is no number"),
        (shape("a", "polygon", (1, 1, 1), (2, 2, 2), (3, 3, 3)), "polygon “a”: a point of it has not two numbers"),
        (shape("a", "mask", (1, 1)), "mask “a”: it has no mask"),
        (shape("a", "mask", (1, 1), mask="AAAA"), "mask “a”: its mask is damaged, or of a kind that cannot be read."),
        ({"label": "a", "points": {"x": 1}}, "polygon “a”: it has no points"),
        ({"label": None, "points": []}, "polygon “”: it has no label"),
        ("a", "? “”: it has no label"),
    ],
)
def test_a_shape_that_cannot_be_drawn_is_one_problem(tmp_path: Path, made: object, sentence: str) -> None:
    photo(tmp_path / "yard.jpg", size=(SIDE, SIDE))
    lawn = shape("lawn", "rectangle", (0, 0), (SIDE, SIDE))
    labelme(tmp_path / "yard.json", [made, lawn], imageHeight=SIDE, imageWidth=SIDE)  # type: ignore[list-item]
    found = check(open_dataset(str(tmp_path)))
    assert found.shapes == [("yard", sentence)] and found.usable == 1 and not found.unlabelled_pixels


def outside(*points: float) -> np.ndarray:
    return polygons([points])(64, 96)


def test_a_polygon_far_outside_is_clipped_as_a_polygon() -> None:
    corners = [-500.0, -500.0, 600.0, -500.0, 48.0, 32.0]
    as_coco_does = coco.decode(coco.merge(coco.frPyObjects([corners], 64, 96))).astype(bool)
    assert np.array_equal(outside(*corners), as_coco_does)
    far = outside(-5e6, -5e6, 6e6, -5e6, 48.0, 32.0)
    rows, columns = np.mgrid[:64, :96] + 0.5
    left, right = 48 + (rows - 32) * (5e6 + 48) / (5e6 + 32), 48 + (32 - rows) * (6e6 - 48) / (5e6 + 32)
    assert ((far != ((columns > left) & (columns < right) & (rows < 32))).sum()) < 70
    assert outside(-1e300, -1e300, 1e300, -1e300, 1e300, 1e300, -1e300, 1e300).all()
    assert not outside(1e9, 1e9, 2e9, 1e9, 2e9, 2e9).any()


def test_concave_polygons_keep_their_gaps_when_they_are_clipped() -> None:
    comb = [0, -9e6, 96, -9e6, 96, 9e6, 64, 9e6, 64, 10, 32, 10, 32, 9e6, 0, 9e6]
    found = outside(*comb)
    assert found[:10].all() and found[11:, :32].all() and found[11:, 64:].all() and not found[11:, 33:63].any()


def test_boxes_and_ellipses_that_are_wild_end_soon() -> None:
    assert box(-1e12, -1e12, 1e12, 1e12, 33.0)(40, 40).all()
    assert not ellipse(1e200, 1e200, 1e-9, 1e-9, 5.0)(40, 40).any()


def test_coco_shapes_are_read_as_they_are_meant(tmp_path: Path) -> None:
    left = [0, 0, 48, 0, 48, 64, 0, 64]
    forms: dict[str, dict[str, object]] = {
        "flat": {"segmentation": left},
        "text": {"segmentation": [[str(value) for value in left]]},
        "points": {"segmentation": [[0, 0], [48, 0], [48, 64], [0, 64]]},
        "rings of points": {"segmentation": [[[0, 0], [48, 0], [48, 64], [0, 64]]]},
        "a ring without area beside one": {"segmentation": [[1, 1, 2, 2], left]},
        "image as text": {"segmentation": [left], "image_id": "5"},
        "category as text": {"segmentation": [left], "category_id": "2"},
        "no area": {"segmentation": [left], "area": None},
        "area as text": {"segmentation": [left], "area": "many"},
        "crowd as text": {"segmentation": [left], "iscrowd": "0"},
    }
    for name, form in forms.items():
        folder = tmp_path / name
        photo(folder / "a.jpg", size=(64, 96))
        entry = {"id": 1, "image_id": 5, "category_id": 2, "area": 9, "iscrowd": 0} | form
        data = {
            "images": [{"id": 5, "file_name": "a.jpg", "height": "64", "width": 96.0}],
            "annotations": [entry],
            "categories": [{"id": 2, "name": "hedge"}],
        }
        (folder / "instances.json").write_text(json.dumps(data))
        (pair,) = open_dataset(str(folder)).pairs
        labels = pair.labels.read()
        assert (labels[:, :48] == 2).all() and (labels[:, 48:] == NO_CLASS).all(), name


def test_small_areas_cover_large_ones_whatever_the_file_says_of_their_size(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg", size=(64, 96))
    whole, part = [0, 0, 96, 0, 96, 64, 0, 64], [10, 10, 20, 10, 20, 20, 10, 20]
    entries = [
        {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [part], "area": None},
        {"id": 2, "image_id": 1, "category_id": 2, "segmentation": [whole]},
    ]
    images = [{"id": 1, "file_name": "a.jpg"}]
    categories = [{"id": 1, "name": "bench"}, {"id": 2, "name": "lawn"}]
    data = {"images": images, "annotations": entries, "categories": categories}
    (tmp_path / "instances.json").write_text(json.dumps(data))
    (pair,) = open_dataset(str(tmp_path)).pairs
    assert (pair.labels.read()[10:20, 10:20] == 1).all() and (pair.labels.read() == 1).sum() == 100
