"""Layouts of published sets whose label maps are pictures or text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.model import NO_CLASS, ClassList, Missing
from oasis_training.datasets.readers.published import voc_colors
from PIL import Image

from oasis_studio.errors import StudioError
from tests.training.datasets.files import HEIGHT, WIDTH, by_name, colored, grey, halves, names, photo, top_and_bottom


def test_ade20k(tmp_path: Path) -> None:
    photo(tmp_path / "images/training/ADE_train_00000001.jpg")
    photo(tmp_path / "images/validation/ADE_val_00000001.jpg", 1)
    photo(tmp_path / "images/validation/ADE_val_00000002.jpg", 2)
    grey(tmp_path / "annotations/training/ADE_train_00000001.png", halves(3, 10))
    grey(tmp_path / "annotations/validation/ADE_val_00000001.png", halves(0, 150))
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "ade20k" and dataset.unlabelled == 0
    assert len(dataset.classes) == 150 and names(dataset)[3] == "sky"
    pairs = by_name(dataset)
    assert top_and_bottom(pairs["training/ADE_train_00000001"]) == (3, 10)
    assert list(dataset.missing) == [Missing("validation/ADE_val_00000002", "labels")]
    with pytest.raises(StudioError, match="defines its own classes"):
        open_dataset(str(tmp_path), given=ClassList(()))


def test_cityscapes(tmp_path: Path) -> None:
    stem = "train/ulm/ulm_000000_000019"
    photo(tmp_path / f"leftImg8bit/{stem}_leftImg8bit.png")
    grey(tmp_path / f"gtFine/{stem}_gtFine_labelIds.png", halves(23, 7))
    grey(tmp_path / f"gtFine/{stem}_gtFine_instanceIds.png", halves(23, 7))
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "cityscapes" and dataset.unlabelled == 0 and not dataset.missing
    assert (names(dataset)[23], names(dataset)[7]) == ("sky", "road")
    assert top_and_bottom(by_name(dataset)[stem]) == (23, 7)


@pytest.mark.parametrize(
    ("photos", "maps"),
    [("val2017", "stuffthingmaps_trainval2017/val2017"), ("images/val2017", "annotations/val2017")],
)
def test_coco_stuff(tmp_path: Path, photos: str, maps: str) -> None:
    photo(tmp_path / photos / "000000000139.jpg")
    grey(tmp_path / maps / "000000000139.png", halves(0, 181))
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "coco-stuff" and dataset.unlabelled == 255 and len(dataset.classes) == 182
    assert (names(dataset)[0], names(dataset)[181]) == ("person", "wood")
    assert top_and_bottom(by_name(dataset)["val2017/000000000139"]) == (0, 181)


def test_pascal_voc(tmp_path: Path) -> None:
    for index in range(3):
        photo(tmp_path / f"JPEGImages/2007_00000{index}.jpg", index)
    image = Image.frombytes("P", (WIDTH, HEIGHT), halves(15, 255).tobytes())
    image.putpalette([channel for color in voc_colors(256) for channel in color])
    (tmp_path / "SegmentationClass").mkdir()
    image.save(tmp_path / "SegmentationClass/2007_000001.png")
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "pascal-voc" and dataset.unlabelled == 255
    assert names(dataset)[15] == "person" and dataset.classes[15].color == (192, 128, 128)
    assert top_and_bottom(by_name(dataset)["2007_000001"]) == (15, 255)
    assert not dataset.missing and dataset.notes == ("2 photos have no label map.",)


@pytest.mark.parametrize("layout", ["published", "csv"])
def test_camvid_in_colours(tmp_path: Path, layout: str) -> None:
    colors = {0: (64, 128, 64), 1: (128, 64, 128), 2: (0, 0, 0)}
    if layout == "published":
        photos, maps = "701_StillsRaw_full", "LabeledApproved_full"
        (tmp_path / "label_colors.txt").write_text("64 128 64\tAnimal\n128 64 128\t\tRoad\n0 0 0\t\tVoid\n")
    else:
        photos, maps = "train", "train_labels"
        (tmp_path / "class_dict.csv").write_text("name,r,g,b\nAnimal,64,128,64\nRoad,128,64,128\nVoid,0,0,0\n")
    photo(tmp_path / photos / "0001TP_006690.png")
    photo(tmp_path / photos / "0001TP_006720.png", 1)
    colored(tmp_path / maps / "0001TP_006690_L.png", halves(0, 1), colors)
    colored(tmp_path / maps / "0001TP_006720_L.png", halves(1, 2), colors)
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "camvid" and names(dataset) == {0: "Animal", 1: "Road"} and dataset.unlabelled == 2
    pairs = by_name(dataset)
    assert top_and_bottom(pairs[f"{photos}/0001TP_006690"]) == (0, 1)
    assert top_and_bottom(pairs[f"{photos}/0001TP_006720"]) == (1, 2)


def test_camvid_of_segnet(tmp_path: Path) -> None:
    photo(tmp_path / "train/0001.png")
    grey(tmp_path / "trainannot/0001.png", halves(0, 11))
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "camvid" and names(dataset)[0] == "Sky" and dataset.unlabelled == 11
    assert top_and_bottom(by_name(dataset)["train/0001"]) == (0, 11)


def test_stanford_background(tmp_path: Path) -> None:
    for name in ("0000047", "0000051", "0000059"):
        photo(tmp_path / f"images/{name}.jpg", int(name))
    (tmp_path / "labels").mkdir()
    rows = "\n".join(" ".join(map(str, row)) for row in halves(0, 1).astype(int) * 8 - 1)
    (tmp_path / "labels/0000047.regions.txt").write_text(rows.replace("7", "6") + "\n")
    (tmp_path / "labels/0000047.surfaces.txt").write_text(rows)
    (tmp_path / "labels/0000051.regions.txt").write_text("0 1\n2\n")
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "stanford-background" and names(dataset)[6] == "mountain"
    pairs = by_name(dataset)
    assert top_and_bottom(pairs["0000047"]) == (NO_CLASS, 6)
    with pytest.raises(StudioError, match="equal lines"):
        pairs["0000051"].labels.read()
    assert list(dataset.missing) == [Missing("0000059", "labels")]


@pytest.mark.parametrize("labels_left", [True, False])
def test_side_by_side(tmp_path: Path, labels_left: bool) -> None:
    colors = np.array([(0, 0, 255), (255, 255, 0)], np.uint8)
    size = (64, 64)
    labels = np.zeros(size, np.uint8)
    labels[32:] = 1
    for index in range(3):
        picture = photo(tmp_path / "x.png", index, size)
        noisy = (picture + np.random.default_rng(index).integers(0, 60, picture.shape)).clip(0, 255).astype(np.uint8)
        parts = [colors[labels], noisy] if labels_left else [noisy, colors[labels]]
        (tmp_path / "train").mkdir(exist_ok=True)
        Image.fromarray(np.concatenate(parts, axis=1)).save(tmp_path / f"train/{index}.jpg", quality=90)
    (tmp_path / "x.png").unlink()
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "side-by-side" and len(dataset.classes) == 2
    blue = next(entry.id for entry in dataset.classes if entry.color is not None and entry.color[2] > 200)
    found = by_name(dataset)["train/1"]
    assert found.photo.read().shape == (64, 64, 3) and found.photo.original() is None
    assert ((found.labels.read() == blue) == (labels == 0)).mean() > 0.98
