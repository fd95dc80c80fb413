"""A class list grows by classes that it has not, and two lists meet by the names of their classes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from oasis_studio.core.classes.extending import extended, free_color
from oasis_studio.core.classes.lists import find_list, shipped_lists
from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.errors import StudioError

BASE = Palette("base", (SemanticClass(0, "void", (0, 0, 0)), SemanticClass(1, "Sky", (9, 9, 9))), dont_care=0)


def test_new_classes_come_after_those_of_the_base_each_once() -> None:
    made = extended(BASE, "mine", [(" sky ", (1, 1, 1)), ("dog", None), (None, (2, 2, 2)), ("DOG", (3, 3, 3))])
    assert made.classes[:2] == BASE.classes and made.name == "base" and made.dont_care == 0
    assert made.classes[2:] == (SemanticClass(2, "dog", (3, 3, 3)),)


def test_a_class_without_a_colour_gets_one_that_no_other_has() -> None:
    taken = free_color(set(), 0)
    made = extended(None, "mine", [("a", None), ("b", None), ("c", taken)])
    assert len({entry.color for entry in made.classes}) == 3 and made.classes[2].color == taken
    assert made.name == "mine" and made.dont_care is None


@pytest.mark.parametrize("count", [0, 256])
def test_a_list_of_none_or_of_too_many_is_refused(count: int) -> None:
    with pytest.raises(StudioError, match=f"makes {count} classes"):
        extended(None, "mine", [(str(number), None) for number in range(count)])


@dataclass(frozen=True)
class Foreign:
    id: int
    name: str


def test_classes_meet_by_name() -> None:
    assert BASE.namesakes([Foreign(7, "SKY "), Foreign(8, "sea")]) == {7: 1}


def test_a_list_is_found_by_name_or_as_a_file(tmp_path: Path) -> None:
    assert "outdoor8" in shipped_lists() and len(find_list("outdoor8")) == 8
    (tmp_path / "own.json").write_text('{"name": "own", "classes": [{"id": 0, "name": "a", "color": "#000000"}]}')
    assert find_list("own.json", tmp_path).name == "own"
    with pytest.raises(StudioError, match="There is no class list") as told:
        find_list("own.json")
    assert "outdoor8" in told.value.hint
