from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from oasis_training.datasets.class_lists import named_class_list, read_class_list
from oasis_training.datasets.formats import detect, formats, open_dataset
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, DatasetClass, Missing
from PIL import Image

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.errors import StudioError
from oasis_studio.paths import resource
from tests.training.datasets.files import HEIGHT, WIDTH, by_name, colored, grey, halves, names, photo, top_and_bottom

SKY, GRASS = (10, 120, 250), (20, 160, 30)


def classes_json(folder: Path, dont_care: int | None = None) -> None:
    entries = [{"id": 0, "name": "sky", "color": "#0a78fa"}, {"id": 1, "name": "grass", "color": "#14a01e"}]
    (folder / "classes.json").write_text(json.dumps({"name": "two", "dont_care": dont_care, "classes": entries}))


def test_ids_with_a_class_list_and_a_stripped_suffix(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.jpg")
    photo(tmp_path / "images" / "sub" / "b.jpg")
    photo(tmp_path / "images" / "lonely.jpg")
    grey(tmp_path / "labels" / "a.png", halves(0, 1))
    grey(tmp_path / "labels" / "sub" / "b_labelIds.png", halves(1, 255))
    grey(tmp_path / "labels" / "nobody.png", halves(0, 1))
    classes_json(tmp_path)
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "folder-pair" and dataset.unlabelled == 255
    assert dataset.classes[0] == DatasetClass(0, "sky", SKY)
    assert list(dataset.missing) == [Missing("lonely", "labels"), Missing("nobody", "photo")]
    pairs = by_name(dataset)
    assert top_and_bottom(pairs["a"]) == (0, 1) and top_and_bottom(pairs["sub/b"]) == (1, 255)
    assert pairs["a"].photo.original()[0] == ".jpg"  # type: ignore[index]


@pytest.mark.parametrize("folders", [("train/images", "train/masks"), ("images", "annotations"), ("img", "gt")])
def test_other_names_of_the_folders(tmp_path: Path, folders: tuple[str, str]) -> None:
    photo(tmp_path / folders[0] / "a.png")
    grey(tmp_path / folders[1] / "a.png", halves(3, 4))
    assert [top_and_bottom(pair) for pair in open_dataset(str(tmp_path)).pairs] == [(3, 4)]


def test_photos_beside_the_folder_of_their_label_maps(tmp_path: Path) -> None:
    photo(tmp_path / "a.png")
    photo(tmp_path / "lonely.png")
    photo(tmp_path / "other" / "b.png")
    grey(tmp_path / "labels" / "a.png", halves(0, 1))
    classes_json(tmp_path)
    dataset = open_dataset(str(tmp_path))
    assert dataset.format == "folder-pair" and [pair.name for pair in dataset.pairs] == ["a"]
    assert list(dataset.missing) == [Missing("lonely", "labels")]


def test_sixteen_bits(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    grey(tmp_path / "labels" / "a.png", halves(300, 40000, np.uint16))
    assert [top_and_bottom(pair) for pair in open_dataset(str(tmp_path)).pairs] == [(300, 40000)]


def test_few_bits_and_transparency(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "one.png")
    photo(tmp_path / "images" / "alpha.png", 1)
    Image.fromarray(halves(0, 1).astype(bool)).save(_in(tmp_path, "labels") / "one.png")
    both = np.stack([halves(2, 7), halves(255, 0)], axis=-1)
    Image.fromarray(both, "LA").save(tmp_path / "labels" / "alpha.png")
    pairs = by_name(open_dataset(str(tmp_path)))
    assert top_and_bottom(pairs["one"]) == (0, 1)
    assert top_and_bottom(pairs["alpha"]) == (2, NO_CLASS)


def test_colours_with_a_class_list(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    photo(tmp_path / "images" / "b.png", 1)
    colored(tmp_path / "labels" / "a.png", halves(0, 1), {0: SKY, 1: GRASS})
    colored(tmp_path / "labels" / "b.png", halves(0, 1), {0: SKY, 1: (1, 2, 3)})
    classes_json(tmp_path)
    pairs = by_name(open_dataset(str(tmp_path)))
    assert top_and_bottom(pairs["a"]) == (0, 1)
    assert top_and_bottom(pairs["b"]) == (0, UNKNOWN)


def test_colours_without_a_class_list_become_classes(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    colored(tmp_path / "labels" / "a.png", halves(0, 1), {0: SKY, 1: GRASS})
    dataset = open_dataset(str(tmp_path))
    assert names(dataset) == {0: "#0a78fa", 1: "#14a01e"}
    assert top_and_bottom(next(iter(dataset.pairs))) == (0, 1)


def test_smooth_pictures_are_no_colour_maps(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    photo(tmp_path / "labels" / "a.png", 5)
    with pytest.raises(StudioError, match="more than 254 colours"):
        open_dataset(str(tmp_path))


def test_grey_saved_as_rgb_is_ids(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    colored(tmp_path / "labels" / "a.png", halves(0, 1), {0: (4, 4, 4), 1: (6, 6, 6)})
    assert [top_and_bottom(pair) for pair in open_dataset(str(tmp_path)).pairs] == [(4, 6)]


def test_indexed_maps_of_the_editor(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    palette = Palette.read(resource("classes", "outdoor8.json"))
    write_labels(_in(tmp_path, "labels") / "a.png", halves(3, 5), palette)
    (tmp_path / "classes.json").write_text(json.dumps(palette.to_json()))
    dataset = open_dataset(str(tmp_path))
    assert names(dataset)[3] == "water" and top_and_bottom(next(iter(dataset.pairs))) == (3, 5)


def test_indices_that_another_program_numbered_anew_go_by_colour(tmp_path: Path) -> None:
    for name, listed in (("a", [GRASS, SKY]), ("b", [SKY, GRASS])):
        photo(tmp_path / "images" / f"{name}.png")
        indexed = Image.fromarray(halves(0, 1)).copy()
        image = Image.frombytes("P", indexed.size, indexed.tobytes())
        image.putpalette([channel for color in listed for channel in color])
        image.save(_in(tmp_path, "labels") / f"{name}.png")
    without_list = by_name(open_dataset(str(tmp_path)))
    assert top_and_bottom(without_list["a"]) == tuple(reversed(top_and_bottom(without_list["b"])))
    classes_json(tmp_path)
    pairs = by_name(open_dataset(str(tmp_path)))
    assert top_and_bottom(pairs["a"]) == (1, 0) and top_and_bottom(pairs["b"]) == (0, 1)


def test_a_given_class_list(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    grey(tmp_path / "labels" / "a.png", halves(0, 9))
    assert names(open_dataset(str(tmp_path), given=named_class_list("outdoor8")))[7] == "object"
    ade = named_class_list("ade20k")
    assert ade.unlabelled == 0 and ade.classes[0].name == "wall"
    with pytest.raises(StudioError, match="There is no class list"):
        named_class_list("outdoor9")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("codes.txt", "sky\ngrass\nVoid\n", {0: "sky", 1: "grass"}),
        ("labels.txt", "0: sky\n4: tall grass\n", {0: "sky", 4: "tall grass"}),
        ("class_dict.csv", "name,r,g,b\nsky,1,2,3\ngrass,4,5,6\n", {0: "sky", 1: "grass"}),
        ("label_colors.txt", "64 128 64\tAnimal\n0 0 0\t\tVoid\n", {0: "Animal"}),
        ("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:1,2,3::\n", {1: "car"}),
    ],
)
def test_class_lists(tmp_path: Path, name: str, text: str, expected: dict[int, str]) -> None:
    (tmp_path / name).write_text(text)
    assert {entry.id: entry.name for entry in read_class_list(tmp_path / name).classes} == expected


@pytest.mark.parametrize("text", ["", "{", '{"classes": [{"id": 0}]}', '[{"id": 1, "name": "a", "color": "red"}]'])
def test_a_broken_class_list_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "classes.json").write_text(text)
    with pytest.raises(StudioError, match=r"classes\.json"):
        read_class_list(tmp_path / "classes.json")


def test_what_is_no_data_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no known format"):
        detect(tmp_path)
    with pytest.raises(StudioError, match="There is no folder"):
        open_dataset(str(tmp_path / "none"))
    with pytest.raises(StudioError, match="no format") as caught:
        open_dataset(str(tmp_path), "cityscape")
    assert "cityscapes" in caught.value.hint
    photo(tmp_path / "images" / "a.png")
    grey(tmp_path / "labels" / "b.png", halves(0, 1))
    with pytest.raises(StudioError, match="same name"):
        open_dataset(str(tmp_path))
    assert len(formats()) == 14


def test_a_map_that_is_no_picture_is_an_error_of_its_pair_only(tmp_path: Path) -> None:
    photo(tmp_path / "images" / "a.png")
    (_in(tmp_path, "labels") / "a.png").write_bytes(b"nothing")
    pair = next(iter(open_dataset(str(tmp_path)).pairs))
    assert pair.photo.read().shape == (HEIGHT, WIDTH, 3)
    with pytest.raises(StudioError, match=r"a\.png is damaged"):
        pair.labels.read()


def _in(folder: Path, name: str) -> Path:
    (folder / name).mkdir(exist_ok=True)
    return folder / name
