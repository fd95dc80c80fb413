"""Data sets damaged in any way: what a reader makes of them is a finding or one sentence, and comes soon."""

from __future__ import annotations

import base64
import csv
import io
import json
import random
import shutil
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from oasis_training.datasets.check import check
from oasis_training.datasets.convert import classes_of, convert
from oasis_training.datasets.formats import formats, open_dataset
from oasis_training.datasets.mapping import renumbered
from PIL import Image

from oasis_studio.errors import StudioError
from oasis_studio.ui.training.problem_texts import format_title
from tests.core.files import encoded_pictures as pictures
from tests.core.files.mutations import mutated, odd_attributes, odd_json
from tests.training.datasets.files import HEIGHT, WIDTH, colored, grey, halves, photo
from tests.training.datasets.test_drawn import CVAT, TOP, coco_json, labelme, shape

RUNS = {"size": [HEIGHT, WIDTH], "counts": [HEIGHT // 2] * (2 * WIDTH)}
SLOWEST = 10.0
"""Seconds of processor time for one set."""


def _photo(path: Path) -> None:
    """A small photo with EXIF, XMP and a colour profile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = {"jpg": "JPEG", "png": "PNG"}[path.suffix[1:]]
    Image.fromarray(pictures.image(HEIGHT, WIDTH)).save(path, kind, exif=_exif(), icc_profile=pictures.PROFILE)


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[pictures.ORIENTATION], exif[305], exif[282] = 1, "a camera", 72.0
    return exif


def _folders(photos: str, labels: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        _photo(root / photos)
        grey(root / labels, halves(1, 2))

    return make


def _pairs(root: Path) -> None:
    _folders("images/a.jpg", "labels/a.png")(root)
    (root / "classes.json").write_text(json.dumps({"classes": [{"id": i, "name": f"class {i}"} for i in range(4)]}))


def _coco(root: Path) -> None:
    _photo(root / "000.jpg")
    entries = [
        {
            "id": 1,
            "image_id": 0,
            "category_id": 1,
            "segmentation": [TOP],
            "area": 9,
            "bbox": [0, 0, 9, 9],
            "iscrowd": 0,
        },
        {"id": 2, "image_id": 0, "category_id": 90, "segmentation": RUNS, "area": 9, "iscrowd": 1},
    ]
    coco_json(root / "instances.json", entries)


def _panoptic(root: Path) -> None:
    _photo(root / "000.jpg")
    colored(root / "panoptic/000.png", halves(0, 1), {0: (44, 1, 0), 1: (0, 0, 1)})
    infos = [{"id": 300, "category_id": 90}, {"id": 65536, "category_id": 1}]
    coco_json(root / "panoptic.json", [{"image_id": 0, "file_name": "000.png", "segments_info": infos}])


def _labelme(root: Path) -> None:
    _photo(root / "a.jpg")
    stream = io.BytesIO()
    Image.fromarray(np.full((3, 4), 255, np.uint8)).save(stream, "PNG")
    mask = base64.b64encode(stream.getvalue()).decode()
    shapes = [
        shape("sky", "polygon", (0, 0), (9, 0), (9, 9)),
        shape("sun", "circle", (9, 9), (9, 12)),
        shape("way", "linestrip", (0, 0), (9, 9), (20, 3)),
        shape("dog", "mask", (5, 20), (8, 22), mask=mask),
        shape("hut", "oriented_rectangle", (5, 5), (9, 9), (5, 13), (1, 9)),
    ]
    inside = base64.b64encode((root / "a.jpg").read_bytes()).decode()
    labelme(root / "a.json", shapes, imageData=inside)


def _cvat(root: Path) -> None:
    _photo(root / "street/a.jpg")
    extra = '<ellipse label="sky" cx="9" cy="9" rx="5" ry="3" rotation="20"/>'
    extra += '<box label="car" xtl="1" ytl="2" xbr="9" ybr="8" rotation="9"/>'
    (root / "annotations.xml").write_text(CVAT.replace("</image>", f"{extra}</image>", 1))


def _masks(root: Path) -> None:
    (root / "SegmentationClass").mkdir(parents=True)
    (root / "labelmap.txt").write_text("# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:9,8,7::\n")
    _photo(root / "JPEGImages/a.jpg")
    colored(root / "SegmentationClass/a.png", halves(0, 1), {0: (0, 0, 0), 1: (9, 8, 7)})


def _camvid(root: Path) -> None:
    (root / "train").mkdir(parents=True)
    with (root / "class_dict.csv").open("w") as file:
        csv.writer(file).writerows([("name", "r", "g", "b"), ("sky", 1, 2, 3), ("road", 4, 5, 6)])
    _photo(root / "train/a.png")
    colored(root / "train_labels/a_L.png", halves(0, 1), {0: (1, 2, 3), 1: (4, 5, 6)})


def _stanford(root: Path) -> None:
    _photo(root / "images/a.jpg")
    (root / "labels").mkdir()
    (root / "labels/a.regions.txt").write_text(
        "\n".join(" ".join("0 1" for _i in range(WIDTH // 2)) for _j in range(HEIGHT))
    )


def _beside(root: Path) -> None:
    root.mkdir(parents=True)
    left = photo(root / "a.png")
    right = np.array([(1, 2, 3), (200, 9, 9)], np.uint8)[halves(0, 1)]
    Image.fromarray(np.concatenate([left, right], 1)).save(root / "a.png")


def _shards(root: Path) -> None:
    _folders("in/a.jpg", "in/a.seg.png")(root)
    with tarfile.open(root / "a.tar", "w") as archive:
        for path in sorted((root / "in").iterdir()):
            archive.add(path, path.name)
    shutil.rmtree(root / "in")


SETS: dict[str, Callable[[Path], None]] = {
    "folder-pair": _pairs,
    "ade20k": _folders("images/training/ADE_a.jpg", "annotations/training/ADE_a.png"),
    "cityscapes": _folders("leftImg8bit/train/x/a_leftImg8bit.png", "gtFine/train/x/a_gtFine_labelIds.png"),
    "coco-stuff": _folders("train2017/a.jpg", "stuffthingmaps/train2017/a.png"),
    "coco-panoptic": _panoptic,
    "coco-instances": _coco,
    "pascal-voc": _folders("JPEGImages/a.jpg", "SegmentationClass/a.png"),
    "camvid": _camvid,
    "labelme": _labelme,
    "cvat-xml": _cvat,
    "cvat-masks": _masks,
    "stanford-background": _stanford,
    "side-by-side": _beside,
    "webdataset": _shards,
}


def _damage(path: Path, whole: bytes, chance: random.Random) -> None:
    """Changes one file: annotations mostly in their values, everything also in its bytes."""
    change = {".json": odd_json, ".xml": odd_attributes}.get(path.suffix)
    if change is not None and chance.random() < 0.8:
        path.write_text(change(whole.decode(), chance), errors="surrogatepass")
    else:
        path.write_bytes(mutated(whole, chance))


def _use(root: Path, name: str, out: Path) -> None:
    dataset = open_dataset(str(root), name)
    found = check(dataset)
    json.dumps(found.to_json())
    written = 0
    try:
        written = convert(dataset, out, renumbered(classes_of(dataset), "out")).pairs
    except StudioError as error:
        assert str(error)
    finally:
        shutil.rmtree(out, ignore_errors=True)
    assert written in (0, found.usable)


def _fuzz(tmp_path: Path, name: str, count: int) -> None:
    root, chance = tmp_path / "set", random.Random(name)
    SETS[name](root)
    _use(root, name, tmp_path / "out")
    files = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    for _round in range(count):
        path = chance.choice(list(files))
        _damage(path, files[path], chance)
        began = time.process_time()
        try:
            _use(root, name, tmp_path / "out")
        except StudioError as error:
            assert str(error) and "Error" not in error.message, error.message
        assert time.process_time() - began < SLOWEST
        path.write_bytes(files[path])


def test_every_layout_has_a_title() -> None:
    assert all(format_title(name) != name for name in formats())


def test_every_layout_is_tried() -> None:
    assert list(SETS) == formats()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SETS)
def test_a_damaged_set_is_told_in_sentences(tmp_path: Path, name: str) -> None:
    _fuzz(tmp_path, name, 40)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SETS)
def test_a_set_damaged_in_ten_thousand_ways_is_told_in_sentences(tmp_path: Path, name: str) -> None:
    _fuzz(tmp_path, name, 10_000)
