"""Formats that describe areas: COCO's, LabelMe's and CVAT's."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from oasis_training.datasets.check import check
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, LabelNotes, Missing
from oasis_training.datasets.shapes import coco_runs, polygons
from PIL import Image, ImageDraw
from pycocotools import mask as coco

from oasis_studio.errors import StudioError
from tests.training.datasets.files import HEIGHT, WIDTH, by_name, colored, grey, halves, names, photo, top_and_bottom

TOP = [0, 0, WIDTH, 0, WIDTH, HEIGHT / 2, 0, HEIGHT / 2]
BOTTOM = [0, HEIGHT / 2, WIDTH, HEIGHT / 2, WIDTH, HEIGHT, 0, HEIGHT]
CATEGORIES = [{"id": 1, "name": "person"}, {"id": 90, "name": "sky-other", "color": [70, 130, 180]}]


def coco_json(path: Path, annotations: list[dict[str, Any]], images: int = 1) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = [{"id": i, "file_name": f"00{i}.jpg", "height": HEIGHT, "width": WIDTH} for i in range(images)]
    path.write_text(json.dumps({"images": listed, "annotations": annotations, "categories": CATEGORIES}))


def test_coco_panoptic(tmp_path: Path) -> None:
    photo(tmp_path / "val2017/000.jpg")
    photo(tmp_path / "val2017/001.jpg", 1)
    segments = {0: (44, 1, 0), 1: (0, 0, 1)}  # 300 and 65536
    colored(tmp_path / "annotations/panoptic_val2017/000.png", halves(0, 1), segments)
    colored(tmp_path / "annotations/panoptic_val2017/001.png", halves(7, 0), segments | {7: (0, 0, 0)})
    infos = [{"id": 300, "category_id": 90}, {"id": 65536, "category_id": 1}]
    annotations = [
        {"image_id": 0, "file_name": "000.png", "segments_info": infos},
        {"image_id": 1, "file_name": "001.png", "segments_info": infos[1:]},
        {"image_id": 2, "file_name": "002.png", "segments_info": []},
    ]
    coco_json(tmp_path / "annotations/panoptic_val2017.json", annotations, 3)
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "coco-panoptic" and dataset.classes[1].color == (70, 130, 180)
    pairs = by_name(dataset)
    assert top_and_bottom(pairs["panoptic_val2017/000"]) == (90, 1)
    assert top_and_bottom(pairs["panoptic_val2017/001"]) == (NO_CLASS, UNKNOWN)
    assert list(dataset.missing) == [Missing("panoptic_val2017/002", "photo")]


def test_coco_instances_of_polygons_and_both_kinds_of_runs(tmp_path: Path) -> None:
    for index in range(3):
        photo(tmp_path / f"train2017/00{index}.jpg", index)
    lower = np.asfortranarray(halves(0, 1))
    packed = coco.encode(lower)
    plain = [HEIGHT // 2] * (2 * WIDTH)
    small = [10, 2, 14, 2, 14, 6, 10, 6]
    annotations = [
        {"image_id": 0, "category_id": 1, "area": 16, "segmentation": [small], "iscrowd": 0},
        {"image_id": 0, "category_id": 90, "area": 384, "segmentation": [TOP], "iscrowd": 0},
        {"image_id": 1, "category_id": 1, "area": 9, "iscrowd": 1,
         "segmentation": {"size": packed["size"], "counts": packed["counts"].decode()}},
        {"image_id": 2, "category_id": 90, "area": 9, "iscrowd": 1,
         "segmentation": {"size": [HEIGHT, WIDTH], "counts": plain}},
    ]  # fmt: skip
    coco_json(tmp_path / "annotations/instances_train2017.json", annotations, 4)
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "coco-instances" and names(dataset) == {1: "person", 90: "sky-other"}
    pairs = by_name(dataset)
    expected = halves(90, NO_CLASS, np.uint16)
    expected[2:6, 10:14] = 1
    assert (pairs["instances_train2017/000"].labels.read() == expected).all()
    assert top_and_bottom(pairs["instances_train2017/001"]) == (NO_CLASS, 1)
    assert top_and_bottom(pairs["instances_train2017/002"]) == (NO_CLASS, 90)
    assert [entry.part for entry in dataset.missing] == ["photo"]


@pytest.mark.parametrize("counts", ["", "0", "\x00\x01", "zzzzzzzz", "o" * 50, [1, -1], [10**9], None])
def test_damaged_runs_are_an_error_and_never_foreign_memory(counts: object) -> None:
    with pytest.raises(StudioError, match=r"damaged|do not fit"):
        coco_runs({"size": [4, 5], "counts": counts})(4, 5)
    with pytest.raises(StudioError, match="another size"):
        coco_runs({"size": [5, 4], "counts": [20]})(4, 5)


def test_polygons_outside_and_without_area() -> None:
    assert polygons([[-1e30, -1e30, 1e30, -1e30, 1e30, 1e30, -1e30, 1e30]])(5, 7).all()
    assert not polygons([[1, 1, 2, 2], []])(5, 7).any()
    with pytest.raises(StudioError, match="no number"):
        polygons([[0, 0, float("nan"), 1, 1, 1]])(5, 7)


def test_a_file_that_only_looks_like_coco(tmp_path: Path) -> None:
    (tmp_path / "instances_x.json").write_text('{"images": []}')
    with pytest.raises(StudioError, match="not in COCO's format"):
        open_dataset(str(tmp_path))
    (tmp_path / "instances_x.json").write_text("{")
    with pytest.raises(StudioError, match=r"instances_x\.json is no JSON \(line 1, column 2\)"):
        open_dataset(str(tmp_path))


@pytest.mark.parametrize(
    ("outline", "category", "message"),
    [
        ([[1, 2, "far", 4, 5, 6]], 1, "annotation 7 “person”: “far” is no number"),
        ([[1, 2, 3, 4, 5]], 1, "annotation 7 “person”: its coordinates are not in pairs"),
        ({"size": [HEIGHT, WIDTH]}, 1, "annotation 7 “person”: its run-length mask is damaged"),
        ([], 1, "annotation 7 “person”: it has no outline"),
        (None, 90, "annotation 7 “sky-other”: it has no outline"),
        ([[1, 2, 3, 4]], 1, "annotation 7 “person”: it has too few points for an area: 2"),
        ([TOP], 10**9, ""),
    ],
)
def test_a_bad_instance_is_a_problem_of_its_own(tmp_path: Path, outline: object, category: int, message: str) -> None:
    photo(tmp_path / "000.jpg")
    bad = {"id": 7, "image_id": 0, "category_id": category, "segmentation": outline}
    good = {"id": 8, "image_id": 0, "category_id": 90, "segmentation": [BOTTOM]}
    coco_json(tmp_path / "instances.json", [bad, good])
    found = check(open_dataset(str(tmp_path)))
    assert found.shapes == ([("instances/000", message)] if message else []) and not found.unreadable
    pair = next(iter(open_dataset(str(tmp_path)).pairs))
    assert top_and_bottom(pair) == (NO_CLASS if message else UNKNOWN, 90)


def shape(label: str, kind: str, *points: tuple[float, float], **more: Any) -> dict[str, Any]:
    return {"label": label, "points": points, "shape_type": kind, **more}


def labelme(path: Path, shapes: list[dict[str, Any]], **more: Any) -> None:
    data = {"version": "5", "shapes": shapes, "imagePath": f"{path.stem}.jpg", "imageData": None}
    path.write_text(json.dumps(data | {"imageHeight": HEIGHT, "imageWidth": WIDTH} | more))


def test_labelme(tmp_path: Path) -> None:
    for index, name in enumerate(("a", "b", "bare")):
        photo(tmp_path / f"{name}.jpg", index)
    top = [(0, 0), (WIDTH, 0), (WIDTH, HEIGHT / 2), (0, HEIGHT / 2)]
    mask = io.BytesIO()
    Image.fromarray(np.full((3, 4), 255, np.uint8)).save(mask, "PNG")
    drawn = shape("dog", "mask", (5, 20), (8, 22), mask=base64.b64encode(mask.getvalue()).decode())
    labelme(tmp_path / "a.json", [shape("sky", "polygon", *top), shape("way", "line", (0, 0), (9, 9)), drawn])
    low = shape("ground", "rectangle", (0, HEIGHT / 2), (WIDTH, HEIGHT))
    labelme(tmp_path / "b.json", [shape("sky", "polygon", *top), low], imagePath="..\\b.jpg", imageHeight=None)
    picture = base64.b64encode((tmp_path / "a.jpg").read_bytes()).decode()
    labelme(tmp_path / "inside.json", [shape("__ignore__", "polygon", *top), low], imageData=picture)
    labelme(tmp_path / "gone.json", [low])
    (tmp_path / "broken.json").write_text("{")
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "labelme"
    ids = {entry.name: entry.id for entry in dataset.classes}
    assert set(ids) == {"dog", "ground", "sky", "way"} and sorted(ids.values()) == [0, 1, 2, 3]
    pairs = {pair.name: pair for pair in dataset.pairs}
    a = halves(ids["sky"], NO_CLASS, np.uint16)
    way = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(way).line([(0, 0), (9, 9)], fill=1, width=10)  # as LabelMe's own export draws lines
    a[np.asarray(way) > 0] = ids["way"]
    a[20:23, 5:9] = ids["dog"]
    assert (pairs["a"].labels.read() == a).all()
    assert top_and_bottom(pairs["b"]) == (ids["sky"], ids["ground"])
    assert top_and_bottom(pairs["inside"]) == (NO_CLASS, ids["ground"])
    with pytest.raises(StudioError, match=r"broken\.json"):
        pairs["broken"].labels.read()
    assert list(dataset.missing) == [Missing("gone", "photo"), Missing("bare", "labels")]


def test_a_labelme_circle_and_a_shape_without_points(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg")
    photo(tmp_path / "b.jpg", 1)
    labelme(tmp_path / "a.json", [shape("sun", "circle", (10, 10), (10, 14))])
    labelme(tmp_path / "b.json", [{"label": "sun"}])
    pairs = by_name(open_dataset(str(tmp_path)))
    assert abs(int((pairs["a"].labels.read() == 0).sum()) - 16 * np.pi) < 4
    notes = LabelNotes()
    assert (pairs["b"].labels.read(notes) == NO_CLASS).all() and notes.shapes == ["polygon “sun”: it has no points"]


CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><labels>
<label><name>sky</name><color>green</color></label><label><name>car</name><color>#ff6037</color></label>
</labels></task></meta>
<image id="0" name="street/a.jpg" width="32" height="24">
  <box label="car" xtl="10" ytl="2" xbr="14" ybr="6" z_order="1"/>
  <polygon label="sky" points="0,0;32,0;32,12;0,12" z_order="0"/>
  <points label="sky" points="1,20" z_order="3"/>
  <mask label="car" rle="1, 2, 1" left="3" top="20" width="2" height="2" z_order="2"/>
</image>
<image id="1" name="b.jpg" width="32" height="24"></image>
<image id="2" name="gone.jpg" width="32" height="24"><box label="car" xtl="1" ytl="2" xbr="4" ybr="6"/></image>
</annotations>"""


def test_cvat_xml(tmp_path: Path) -> None:
    photo(tmp_path / "images/street/a.jpg")
    photo(tmp_path / "images/b.jpg", 1)
    (tmp_path / "annotations.xml").write_text(CVAT)
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "cvat-xml" and names(dataset) == {0: "sky", 1: "car"}
    assert dataset.classes[1].color == (255, 96, 55) and dataset.classes[0].color is None
    expected = halves(0, NO_CLASS, np.uint16)
    expected[2:6, 10:14] = 1
    expected[20, 4] = expected[21, 3] = 1
    assert (by_name(dataset)["street/a"].labels.read() == expected).all()
    assert list(dataset.missing) == [Missing("b", "labels"), Missing("gone", "photo")]


def test_xml_with_entities_is_refused(tmp_path: Path) -> None:
    text = CVAT.replace("<annotations>", '<!DOCTYPE a [<!ENTITY x "y">]><annotations>')
    (tmp_path / "annotations.xml").write_text(text)
    with pytest.raises(StudioError, match="declares a document type"):
        open_dataset(str(tmp_path))
    (tmp_path / "annotations.xml").write_text(CVAT[:-20])
    with pytest.raises(StudioError, match="is damaged"):
        open_dataset(str(tmp_path))


def test_cvat_masks(tmp_path: Path) -> None:
    (tmp_path / "labelmap.txt").write_text("# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:9,8,7::\n")
    photo(tmp_path / "JPEGImages/a.jpg")
    for name in ("a", "gone"):
        colored(tmp_path / f"SegmentationClass/{name}.png", halves(0, 1), {0: (0, 0, 0), 1: (9, 8, 7)})
    grey(tmp_path / "SegmentationObject/a.png", halves(0, 1))
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "cvat-masks" and names(dataset) == {1: "car"} and dataset.unlabelled == 0
    assert top_and_bottom(by_name(dataset)["a"]) == (0, 1)
    assert list(dataset.missing) == [Missing("gone", "photo")]
