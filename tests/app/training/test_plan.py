from __future__ import annotations

import json
from pathlib import Path

import pytest

from oasis_studio.app.training.class_choices import map_json, matched, palette_of, retarget
from oasis_studio.app.training.data_findings import Findings, Fix, FoundClass, ProblemKind
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.errors import StudioError
from tests.app import scene

CHECKED = {
    "format": "folder-pair",
    "pairs": 12,
    "shortest_side": 96,
    "classes": [
        {"id": 0, "name": "Sky", "color": "#0000ff", "pixels": 50, "share": 0.5, "pairs": 12},
        {"id": 1, "name": "trees", "color": None, "pixels": 30, "share": 0.3, "pairs": 9},
        {"id": 4, "name": "barn", "color": "#1e3cc8", "pixels": 20, "share": 0.2, "pairs": 3},
        {"id": 5, "name": "cow", "color": "#ffffff", "pixels": 0, "share": 0.0, "pairs": 0},
    ],
    "unlabelled_share": 0.0,
    "unknown_ids": [{"id": 9, "pixels": 3, "pairs": 1}, {"id": None, "pixels": 1, "pairs": 1}],
    "empty_classes": ["cow"],
    "missing": [{"name": "a", "part": "labels"}, {"name": "b", "part": "photo"}],
    "size_mismatches": [{"name": "c", "photo": [1, 2], "labels": [3, 4]}],
    "unreadable": [{"name": "d", "message": "damaged"}],
    "blank": ["e"],
    "shapes": [{"name": "k", "message": "box “barn”: it has no xtl"}, {"name": "k", "message": "spiral “barn”: …"}],
    "near_duplicates": [["f", "g", "h"], ["i", "j"]],
    "notes": [],
}


@pytest.fixture
def plan(tmp_path: Path) -> TrainingPlan:
    library = scene.library(tmp_path / "models")
    made = TrainingPlan(library, tmp_path, base=library.find("small")[1])
    made.take_findings(Findings.parse(json.dumps(CHECKED)))
    return made


def test_every_kind_of_problem_has_a_proposal(plan: TrainingPlan) -> None:
    assert set(plan.fixes) == set(ProblemKind)
    kept = {ProblemKind.DUPLICATES, ProblemKind.SHAPES}
    assert {plan.fixes[kind] for kind in kept} == {Fix.KEEP}
    assert {fix for kind, fix in plan.fixes.items() if kind not in kept} == {Fix.LEAVE_OUT}


def test_the_number_of_pairs_follows_what_is_left_out(plan: TrainingPlan) -> None:
    assert plan.pairs == 12 - 3  # unreadable, size, blank
    plan.take_fix(ProblemKind.SIZES, Fix.SCALE)
    plan.take_fix(ProblemKind.BLANK, Fix.KEEP)
    assert plan.pairs == 11 and plan.scales_labels
    plan.take_fix(ProblemKind.DUPLICATES, Fix.ONE_OF_EACH)
    assert plan.pairs == 8
    assert plan.findings is not None and plan.findings.passed_over(plan.fixes) == ["g", "h", "j"]
    plan.take_fix(ProblemKind.SHAPES, Fix.LEAVE_OUT)
    assert plan.pairs == 7, "a pair with two such shapes is one pair"


def test_a_pair_with_several_problems_counts_once(plan: TrainingPlan) -> None:
    twice = [{"name": "c", "message": "no photo"}, {"name": "c", "message": "no labels"}]
    plan.take_findings(Findings.parse(json.dumps(CHECKED | {"unreadable": twice, "blank": ["c", "e"]})))
    assert plan.pairs == 12 - 2


def test_too_few_pairs_are_refused_in_words(plan: TrainingPlan) -> None:
    plan.take_findings(Findings.parse(json.dumps(CHECKED | {"pairs": 5})))
    with pytest.raises(StudioError, match="2 pairs can be used"):
        plan.require_pairs()


def test_a_check_that_is_none_is_one_sentence() -> None:
    for text in ("", "[]", '{"format": 1}', "not json"):
        with pytest.raises(StudioError, match="no readable result"):
            Findings.parse(text)


def test_classes_meet_by_name_and_new_ones_get_colours_of_their_own(plan: TrainingPlan) -> None:
    sky, trees, barn, cow = plan.choices
    assert (sky.target, sky.color) == ("sky", "") and (trees.target, trees.color) == ("tree", "")
    assert barn.target == "barn" and barn.color not in ("", "#1e3cc8"), "water has that colour already"
    assert cow.target == ""
    plan.take_fix(ProblemKind.EMPTY_CLASSES, Fix.KEEP)
    assert plan.choices[3].target == "cow"


def test_the_new_model_keeps_the_classes_of_its_base(plan: TrainingPlan) -> None:
    assert plan.base is not None
    palette = palette_of(plan.choices, plan.base.palette, "new")
    assert [entry.name for entry in palette.classes] == ["sky", "tree", "water", "barn"]
    written = map_json(plan.choices, palette)
    assert written["map"] == {"Sky": "sky", "trees": "tree", "barn": "barn", "cow": None}


def test_from_scratch_there_are_only_the_classes_of_the_data(plan: TrainingPlan) -> None:
    plan.take_base(None)
    palette = palette_of(plan.choices, None, "new")
    assert [entry.name for entry in palette.classes] == ["Sky", "trees", "barn"]
    assert palette.classes[0].hex == "#0000ff"


def test_classes_can_be_joined_and_left_out(plan: TrainingPlan) -> None:
    assert plan.base is not None
    base = plan.base.palette
    plan.choices[2] = retarget(plan.choices[2], "tree", base, set())
    assert plan.choices[2].color == ""
    plan.choices[:] = [retarget(choice, "", base, set()) for choice in plan.choices]
    with pytest.raises(StudioError, match="No class of the data is used"):
        palette_of(plan.choices, base, "new")


def test_classes_of_one_name_are_told_apart_by_their_ids() -> None:
    found = (FoundClass(3, "road", "", 0.5, 1), FoundClass(7, "Road", "", 0.5, 1))
    choices = matched(found, None, False)
    assert map_json(choices, palette_of(choices, None, "new"))["map"] == {"3": "road", "7": "Road"}


def test_more_classes_than_a_model_can_have_are_refused() -> None:
    found = tuple(FoundClass(number, f"class {number}", "", 0.001, 1) for number in range(300))
    with pytest.raises(StudioError, match="300 classes"):
        palette_of(matched(found, None, False), None, "new")


def test_another_folder_forgets_what_was_found(plan: TrainingPlan, tmp_path: Path) -> None:
    plan.take_folder(tmp_path)
    assert plan.findings is not None, "the same folder"
    plan.take_folder(tmp_path / "other")
    assert plan.findings is None and not plan.choices
