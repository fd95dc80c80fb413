"""The class lists that ship with the program: they fix what a label map of each data set means."""

from __future__ import annotations

import pytest

from oasis_studio.core.classes.palette import Palette
from oasis_studio.paths import resource

COUNTS = {"outdoor8": (8, None), "ade20k": (151, 0), "cityscapes": (35, 0), "coco_stuff": (183, 0)}


def read(name: str) -> Palette:
    return Palette.read(resource("classes", f"{name}.json"))


def test_every_shipped_list_is_checked_here():
    assert {path.stem for path in resource("classes").glob("*.json")} == set(COUNTS)


@pytest.mark.parametrize("name", COUNTS)
def test_count_and_dont_care(name: str):
    palette = read(name)
    assert (palette.name, len(palette), palette.dont_care) == (name, *COUNTS[name])


@pytest.mark.parametrize("name", COUNTS)
def test_colours_and_names_are_unique(name: str):
    """A label map saved in colours is read back by exact colour, a class is looked up by name."""
    classes = read(name).classes
    assert len({entry.color for entry in classes}) == len(classes)
    assert len({entry.name.lower() for entry in classes}) == len(classes)


@pytest.mark.parametrize(
    ("name", "id", "label", "color"),
    [
        ("outdoor8", 3, "water", (0x3F, 0x6F, 0xD1)),
        ("ade20k", 0, "other", (0, 0, 0)),
        ("ade20k", 1, "wall", (120, 120, 120)),
        ("ade20k", 3, "sky", (6, 230, 230)),
        ("ade20k", 17, "mountain", (143, 255, 140)),
        ("ade20k", 22, "water", (61, 230, 250)),
        ("ade20k", 150, "flag", (92, 0, 255)),
        ("cityscapes", 7, "road", (128, 64, 128)),
        ("cityscapes", 21, "vegetation", (107, 142, 35)),
        ("cityscapes", 26, "car", (0, 0, 142)),
        ("cityscapes", 33, "bicycle", (119, 11, 32)),
        ("coco_stuff", 1, "person", (128, 0, 0)),
        ("coco_stuff", 15, "bench", (192, 128, 128)),
        ("coco_stuff", 20, "sheep", (0, 64, 128)),
        ("coco_stuff", 90, "toothbrush", (96, 192, 0)),
        ("coco_stuff", 92, "banner", (96, 64, 128)),
    ],
)
def test_spot_facts(name: str, id: int, label: str, color: tuple[int, int, int]):
    entry = read(name).classes[id]
    assert (entry.name, entry.color) == (label, color)


def test_published_colours_that_collide_are_told_apart_by_one_step_of_blue():
    """Road and skyscraper share a grey in the published palette, as do pole and pole group; the first keeps it."""
    ade, city = read("ade20k"), read("cityscapes")
    assert (ade.classes[7].color, ade.classes[49].color) == ((140, 140, 140), (140, 140, 141))
    assert (city.classes[17].color, city.classes[18].color) == ((153, 153, 153), (153, 153, 154))
    assert city.classes[0].color == (0, 0, 0)


def test_classes_that_never_occur_say_so():
    unused = [entry.id for entry in read("coco_stuff").classes if "never used" in entry.name]
    assert unused == [12, 26, 29, 30, 45, 66, 68, 69, 71, 83, 91]
    assert "never used" in read("cityscapes").classes[34].name


def bit_shuffled(index: int) -> tuple[int, int, int]:
    """The PASCAL VOC colour of a class: bits 0, 3, 6 of its id fill red from the top, 1, 4, 7 green, 2, 5 blue."""
    channels = [sum((index >> (3 * step + offset) & 1) << (7 - step) for step in range(8)) for offset in range(3)]
    return channels[0], channels[1], channels[2]


def test_coco_stuff_ids_are_the_published_ones_plus_one():
    """The stored ids 0..181 (things, then stuff) move up by one, so that 0 is left for "no label"."""
    names = [entry.name for entry in read("coco_stuff").classes]
    assert (names[1], names[91], names[92], names[182]) == ("person", "hair brush (never used)", "banner", "wood")


def test_coco_stuff_uses_the_pascal_voc_colours():
    """Its authors published no colours for all classes."""
    for entry in read("coco_stuff").classes:
        assert entry.color == bit_shuffled(entry.id)
