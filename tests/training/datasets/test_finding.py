"""Which photo an annotation means, which pairs there are, and what is named instead of being lost."""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from oasis_training.datasets.check import Findings, check
from oasis_training.datasets.convert import classes_of, convert
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.mapping import renumbered
from oasis_training.datasets.model import Missing
from oasis_training.datasets.photo_index import AmbiguousPhoto, PhotoIndex
from PIL import Image

from oasis_studio.core.disk.listing import list_photos
from oasis_studio.errors import StudioError
from tests.training.datasets.files import HEIGHT, WIDTH, by_name, grey, halves, names, photo, top_and_bottom
from tests.training.datasets.test_drawn import BOTTOM, TOP, coco_json, labelme, shape

WHOLE = shape("sky", "rectangle", (0, 0), (WIDTH, HEIGHT))


def checked(folder: Path) -> Findings:
    """What a check finds; it counts as usable what converting writes."""
    dataset = open_dataset(str(folder))
    found = check(dataset)
    try:
        written = convert(dataset, folder.parent / f"{folder.name} out", renumbered(classes_of(dataset), "out")).pairs
    except StudioError:
        written = 0
    assert found.usable == written
    return found


def test_photos_of_one_name_go_with_the_annotation_beside_them(tmp_path: Path) -> None:
    photos = {day: photo(tmp_path / f"in/{day}/0001.png", seed) for seed, day in enumerate(("monday", "tuesday"))}
    for day in photos:
        labelme(tmp_path / f"in/{day}/0001.json", [WHOLE], imagePath="0001.png")
    pairs = by_name(open_dataset(str(tmp_path / "in")))
    for day, pixels in photos.items():
        assert np.array_equal(pairs[f"{day}/0001"].photo.read(), pixels)
    assert checked(tmp_path / "in").is_sound


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a.jpg", "x/a.jpg"),  # beside it
        ("../elsewhere/a.jpg", "x/a.jpg"),
        ("A.JPG", "x/a.jpg"),
        ("gone.jpg", "x/note.jpg"),  # named as the annotation is
        ("..\\y\\b.jpg", "x/note.jpg"),
        ("", "x/note.jpg"),
    ],
)
def test_a_file_of_its_own_belongs_to_the_photo_beside_it(tmp_path: Path, written: str, expected: str) -> None:
    for name in ("x/a.jpg", "x/note.jpg", "y/a.jpg", "y/b.jpg"):
        photo(tmp_path / name)
    found = PhotoIndex(list_photos(tmp_path), tmp_path).beside(tmp_path / "x/note.json", written)
    assert found == tmp_path / expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("x/a.jpg", "x/a.jpg"),
        ("set/y/a.jpg", "y/a.jpg"),  # the end of a path on another computer
        ("D:\\photos\\y\\a.jpg", "y/a.jpg"),
        ("/home/kim/y/a.png", "y/a.jpg"),  # another ending
        ("only.jpg", "z/only.jpg"),
        ("w/only.jpg", "z/only.jpg"),
        ("./x/../x/a.jpg", "x/a.jpg"),
        ("nothing.jpg", None),
        ("", None),
    ],
)
def test_a_file_of_many_photos_names_their_paths(tmp_path: Path, written: str, expected: str | None) -> None:
    for name in ("x/a.jpg", "y/a.jpg", "z/only.jpg"):
        photo(tmp_path / name)
    found = PhotoIndex(list_photos(tmp_path), tmp_path).named(tmp_path / "all.json", written)
    assert found == (None if expected is None else tmp_path / expected)


def test_several_photos_that_may_be_meant_are_a_problem_with_their_names(tmp_path: Path) -> None:
    root = tmp_path / "in"
    for seed, name in enumerate(("x/a.jpg", "y/a.jpg", "b.jpg")):
        photo(root / name, seed)
    index = PhotoIndex(list_photos(root), root)
    for written in ("a.jpg", "q/a.jpg", "a.png"):
        with pytest.raises(AmbiguousPhoto, match=r"x/a\.jpg, .*y/a\.jpg"):
            index.named(root / "instances.json", written)
    images = [{"id": 0, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}]
    entries = [{"id": i, "image_id": i, "category_id": 1, "segmentation": [TOP]} for i in range(2)]
    data = {"images": images, "annotations": entries, "categories": [{"id": 1, "name": "sky"}]}
    (root / "instances.json").write_text(json.dumps(data))
    found = checked(root)
    ((name, message),) = found.unreadable
    assert name == "instances/a" and message.startswith("Several photos may be meant by a.jpg") and found.usable == 1


def test_what_may_mean_several_photos_of_cvat_is_told_when_converting_too(tmp_path: Path) -> None:
    for seed, name in enumerate(("x/a.jpg", "y/a.jpg")):
        photo(tmp_path / "in" / name, seed)
    image = '<image name="a.jpg" width="32" height="24"><polygon label="sky" points="0,0;9,0;9,9"/></image>'
    (tmp_path / "in/annotations.xml").write_text(f"<annotations>{image}</annotations>")
    dataset = open_dataset(str(tmp_path / "in"))
    with pytest.raises(StudioError) as caught:
        convert(dataset, tmp_path / "out", renumbered(classes_of(dataset), "in"))
    assert "Several photos may be meant by a.jpg" in caught.value.hint


def test_an_ambiguous_labelme_file_takes_the_photo_it_holds(tmp_path: Path) -> None:
    for seed, name in enumerate(("x/a.png", "y/a.png")):
        photo(tmp_path / name, seed)
    (tmp_path / "notes").mkdir()
    inside = base64.b64encode((tmp_path / "y/a.png").read_bytes()).decode()
    labelme(tmp_path / "notes/n.json", [WHOLE], imagePath="a.png", imageData=inside)
    labelme(tmp_path / "notes/m.json", [WHOLE], imagePath="a.png")
    pairs = {pair.name: pair for pair in open_dataset(str(tmp_path)).pairs}
    assert np.array_equal(pairs["notes/n"].photo.read(), photo(tmp_path / "y/a.png", 1))
    with pytest.raises(StudioError, match="Several photos may be meant"):
        pairs["notes/m"].photo.read()


def test_names_are_the_same_however_they_are_composed(tmp_path: Path) -> None:
    """macOS writes 사진 in pieces; archives and annotations mostly do not."""
    name = "사진 é"
    photo(tmp_path / "in/images" / (unicodedata.normalize("NFD", name) + ".jpg"))
    grey(tmp_path / "in/labels" / (unicodedata.normalize("NFC", name) + ".png"), halves(0, 1))
    assert checked(tmp_path / "in").usable == 1
    index = PhotoIndex(list_photos(tmp_path), tmp_path)
    assert index.named(tmp_path / "a.json", f"{unicodedata.normalize('NFC', name).upper()}.JPG") is not None


def test_of_two_photos_with_one_name_the_other_is_named(tmp_path: Path) -> None:
    for seed, name in enumerate(("a.jpg", "a.png")):
        photo(tmp_path / "in/images" / name, seed)
    grey(tmp_path / "in/labels/a.png", halves(0, 1))
    found = checked(tmp_path / "in")
    assert found.notes == ("Of files that differ only in their ending one is used, and not: a.png.",)
    assert [entry["name"][-12:] for entry in found.to_json()["passed_over"]] == ["images/a.png"]


def test_hidden_companions_are_no_pairs_in_any_layout(tmp_path: Path) -> None:
    junk = b"\0\5\x16\7Mac OS X" + bytes(80)
    layouts = {
        "folders": ("images/p.jpg", "labels/p.png"),
        "camvid": ("train/p.png", "trainannot/p.png"),
        "voc": ("JPEGImages/p.jpg", "SegmentationClass/p.png"),
        "ade": ("images/training/ADE_p.jpg", "annotations/training/ADE_p.png"),
        "city": ("leftImg8bit/train/x/x_1_leftImg8bit.png", "gtFine/train/x/x_1_gtFine_labelIds.png"),
    }
    for name, (image, labels) in layouts.items():
        photo(tmp_path / name / image)
        grey(tmp_path / name / labels, halves(1, 2))
        for path in (tmp_path / name / image, tmp_path / name / labels):
            path.with_name(f"._{path.name}").write_bytes(junk)
        (tmp_path / name / image).with_name("Thumbs.db").write_bytes(junk)
        found = checked(tmp_path / name)
        assert found.pairs == found.usable == 1 and not found.missing and not found.unreadable, name
        assert any("Hidden files are passed over" in note for note in found.notes), name


def test_hidden_companions_of_annotations(tmp_path: Path) -> None:
    for index in range(4):
        photo(tmp_path / f"in/p{index}.jpg", index)
        labelme(tmp_path / f"in/p{index}.json", [WHOLE])
        (tmp_path / f"in/._p{index}.json").write_bytes(b"\0\5\x16\7")
    found = checked(tmp_path / "in")
    assert found.pairs == found.usable == 4 and found.is_sound


def test_a_split_with_its_annotations_beside_its_photos(tmp_path: Path) -> None:
    """As Roboflow writes COCO: one file in every split, all of one name; numbers may differ from split to split."""
    for split, categories in (("train", ("sky", "ground")), ("valid", ("ground", "sky"))):
        photo(tmp_path / f"in/{split}/000.jpg", len(split))
        listed = [{"id": index, "name": name} for index, name in enumerate(categories)]
        outlines = {"sky": TOP, "ground": BOTTOM}
        entries = [
            {"id": index, "image_id": 0, "category_id": index, "segmentation": [outlines[name]]}
            for index, name in enumerate(categories)
        ]
        images = [{"id": 0, "file_name": "000.jpg", "height": HEIGHT, "width": WIDTH}]
        data = {"images": images, "annotations": entries, "categories": listed}
        (tmp_path / f"in/{split}/_annotations.coco.json").write_text(json.dumps(data))
    dataset = open_dataset(str(tmp_path / "in"))
    assert dataset.format == "coco-instances" and names(dataset) == {0: "sky", 1: "ground"}
    assert {name: top_and_bottom(pair) for name, pair in by_name(dataset).items()} == {
        "train/000": (0, 1),
        "valid/000": (0, 1),
    }
    assert checked(tmp_path / "in").is_sound


def test_odd_entries_of_coco_cost_only_themselves(tmp_path: Path) -> None:
    root = tmp_path / "in"
    for index in range(2):
        photo(root / f"00{index}.jpg", index)
    good = [{"id": i, "image_id": i, "category_id": 1, "segmentation": [TOP]} for i in range(2)]
    odd = [7, {"id": 8, "image_id": 55, "segmentation": [TOP]}, {"id": 9}]
    coco_json(root / "instances.json", [*good, *odd], images=2)  # type: ignore[list-item]
    data = json.loads((root / "instances.json").read_text())
    data["images"] += ["no image", {"id": 3}, {"id": 1, "file_name": "again.jpg"}]
    data["categories"].append({"id": None})
    (root / "instances.json").write_text(json.dumps(data))
    found = checked(root)
    told = dict(found.unreadable)
    assert found.usable == 1 and "instances/000" not in told
    assert told["instances"] == "2 entries cannot be read"
    assert told["instances (2)"] == "1 image has the id of another"
    assert told["instances (3)"].startswith("2 annotations belong to images that are not listed: 55")
    assert {entry.name for entry in found.missing} == {"instances/3", "instances/again"}


def test_a_broken_file_of_annotations_is_one_problem(tmp_path: Path) -> None:
    photo(tmp_path / "in/000.jpg")
    coco_json(tmp_path / "in/instances_a.json", [{"image_id": 0, "category_id": 1, "segmentation": [TOP]}])
    (tmp_path / "in/instances_b.json").write_text('{"images": [')
    found = checked(tmp_path / "in")
    assert found.usable == 1 and [name for name, _why in found.unreadable] == ["instances_b.json"]
    assert "is no JSON (line 1, column 13)" in found.unreadable[0][1]


def test_a_pair_with_two_complaints_counts_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        photo(tmp_path / f"in/images/{name}.jpg", len(name))
        grey(tmp_path / f"in/labels/{name}.png", halves(0, 1))
    for path in ("in/images/a.jpg", "in/labels/a.png"):
        (tmp_path / path).write_bytes(b"nothing")
    found = checked(tmp_path / "in")
    assert found.pairs == 2 and found.usable == 1 and len(found.unreadable) == 1
    assert "a.jpg is damaged" in found.unreadable[0][1] and "a.png is damaged" in found.unreadable[0][1]


def test_pairs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    photo(tmp_path / "in/a.jpg")
    photo(tmp_path / "in/b.jpg", 1)
    images = [{"id": 0, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}, {"id": 2, "file_name": "..\\a.jpg"}]
    entries = [{"image_id": i, "category_id": 1, "segmentation": [TOP]} for i in range(3)]
    data = {"images": images, "annotations": entries, "categories": [{"id": 1, "name": "sky"}]}
    (tmp_path / "in/instances.json").write_text(json.dumps(data))
    assert [pair.name for pair in open_dataset(str(tmp_path / "in")).pairs] == [
        "instances/a",
        "instances/b",
        "instances/a (2)",
    ]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes there")
def test_names_that_are_no_text_are_written_with_question_marks(tmp_path: Path) -> None:
    photo(tmp_path / "in/images/a.jpg")
    grey(tmp_path / "in/labels/a.png", halves(0, 1))
    for path in (tmp_path / "in/images/a.jpg", tmp_path / "in/labels/a.png"):
        path.rename(os.fsdecode(os.fsencode(path.parent) + b"/b\xff" + os.fsencode(path.suffix)))
    (pair,) = open_dataset(str(tmp_path / "in")).pairs
    assert pair.name == "b?" and checked(tmp_path / "in").usable == 1


@pytest.mark.skipif(os.name != "posix", reason="links need no rights there")
def test_photos_behind_links_are_found(tmp_path: Path) -> None:
    photo(tmp_path / "elsewhere/a.jpg")
    photo(tmp_path / "in/images/here/b.jpg", 1)
    for name in ("far/a", "here/b"):
        grey(tmp_path / f"in/labels/{name}.png", halves(0, 1))
    (tmp_path / "in/images/far").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in/images/here/loop").symlink_to("..")
    found = checked(tmp_path / "in")
    assert found.usable == 2 and not found.missing


def test_photos_that_cannot_be_read_at_all_are_named(tmp_path: Path) -> None:
    photo(tmp_path / "in/images/a.jpg")
    (tmp_path / "in/images/b.heic").write_bytes(b"\0\0\0\x18ftypheic")
    for name in ("a", "b"):
        grey(tmp_path / f"in/labels/{name}.png", halves(0, 1))
    found = checked(tmp_path / "in")
    assert found.missing == [Missing("b", "photo")] and found.usable == 1
    assert found.notes == ("Pictures of kinds that are not read are passed over: b.heic.",)


def test_long_and_reserved_names_are_written(tmp_path: Path) -> None:
    long, deep = "x" * 245, "사진 모음 2024 여름휴가 첫째날 오전 바닷가"
    for seed, name in enumerate((long, long[:-1] + "y", f"{deep}/{deep}/{deep}", "con", "nul.1", "a b")):
        photo(tmp_path / f"in/train/images/{name}.jpg", seed)
        grey(tmp_path / f"in/train/labels/{name}.png", halves(0, 1))
    assert checked(tmp_path / "in").usable == 6
    stems = {path.stem for path in (tmp_path / "in out/images").iterdir()}
    assert len(stems) == 6 and max(len(stem.encode()) for stem in stems) <= 200
    assert stems == {path.stem for path in (tmp_path / "in out/labels").iterdir()}


def test_converting_writes_over_no_folder_of_the_person(tmp_path: Path) -> None:
    photo(tmp_path / "in/images/a.jpg")
    grey(tmp_path / "in/labels/a.png", halves(0, 1))
    for name in ("in out.part", ".in out.part"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine").write_text("precious")
    assert checked(tmp_path / "in").usable == 1
    assert {path.name for path in tmp_path.iterdir()} == {"in", "in out", "in out.part", ".in out.part"}
    assert all((tmp_path / name / "mine").read_text() == "precious" for name in ("in out.part", ".in out.part"))
    assert (tmp_path / "in out").stat().st_mode & 0o777 == 0o755


def test_a_photo_is_copied_under_the_ending_of_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "in/images").mkdir(parents=True)
    Image.fromarray(np.full((HEIGHT, WIDTH, 3), 90, np.uint8)).save(tmp_path / "in/images/a.jpg", "WEBP")
    grey(tmp_path / "in/labels/a.png", halves(0, 1))
    assert checked(tmp_path / "in").usable == 1
    assert [path.name for path in (tmp_path / "in out/images").iterdir()] == ["a.webp"]
