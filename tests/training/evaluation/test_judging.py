"""A judgement of a tiny model: photos come out as photos, controls as bad, and bad input is told."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from oasis_training.commands.evaluation import main
from oasis_training.evaluation.judging import exchanged_classes, find_judges, judge
from oasis_training.evaluation.measures import measures
from oasis_training.evaluation.neighbours import copying_ratios, coverage, density, precision, recall
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.resampling import crossed, estimate
from oasis_training.evaluation.scenes import Choice, read_scenes
from oasis_training.recipe import Source

from oasis_studio.core.models.library import default_library
from oasis_studio.errors import StudioError
from tests.training.conftest import OUTDOOR
from tests.training.evaluation.conftest import Judged

CPU = torch.device("cpu")
ALL = Choice((Source("pairs"),), held_out=1)


def run(*arguments: object) -> int:
    return main(["--device", "cpu", *map(str, arguments)])


def test_photos_are_nearest_to_photos(data: Path, model: Path, reader: Path) -> None:
    scenes = read_scenes(data, ALL, OUTDOOR, 32)
    painter = Painter(default_library(), str(model), OUTDOOR)
    found = judge(
        scenes,
        [painter, painter],
        find_judges(default_library(), OUTDOOR, [str(reader)], CPU),
        "data",
        lambda _text: None,
    )
    assert [column.kind for column in found.columns] == ["photos", "model", "model", "control", "control"]
    photos, made, again, exchanged, flat = found.columns
    assert torch.equal(made.pictures, again.pictures)  # the seed decides, not the turn
    for key in ("kid_e", "fd_e"):
        assert photos.values[key].value < min(c.values[key].value for c in (made, exchanged, flat))
        assert photos.values[key].low < photos.values[key].value < photos.values[key].high
    assert photos.values["mean_iou"].value > 0.7 > made.values["mean_iou"].value
    assert photos.values["iou_ratio"].value == 1
    assert made.values["iou_ratio"].value == pytest.approx(
        made.values["mean_iou"].value / photos.values["mean_iou"].value
    )
    assert [math.isnan(entry.value) for entry in photos.iou] == [number not in (0, 2) for number in range(8)]


def test_the_command_writes_what_it_measured(judged: Judged) -> None:
    assert "KID-E" in judged.shown and "Tiny" in judged.shown
    assert "Not comparable to published FID" in judged.shown
    facts = judged.facts
    assert facts["scenes"] == 12 and facts["size"] == 32
    assert facts["columns"][1]["name"] == "Tiny" and facts["columns"][1]["measures"]["kid_e"]["low"] is not None
    assert facts["columns"][0]["iou"]["tree"]["value"] is None  # no such class in the data


def test_whatever_is_measured_is_described_once(judged: Judged) -> None:
    measured = {key for column in judged.facts["columns"] for key in column["measures"]}
    described = [measure.key for measure in measures()]
    assert measured <= set(described) and len(described) == len(set(described))


def test_without_a_reader_the_distances_are_left(
    data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(model, data / "pairs", "--all", "--classes", "three.json") == 2
    assert "three.json" in capsys.readouterr().err
    few = {"name": "two", "dont_care": None, "classes": OUTDOOR.to_json()["classes"][:3]}
    (tmp_path / "three.json").write_text(json.dumps(few))
    assert run(model, data / "pairs", "--all", "--classes", tmp_path / "three.json") == 0
    shown = capsys.readouterr().out
    assert "KID-E" in shown and "mean IoU" not in shown and "model reader MODEL DATA" in shown


def test_bad_input_is_one_sentence(
    data: Path, model: Path, reader: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: object) -> str:
        assert run(*arguments) == 2
        return capsys.readouterr().err

    assert "Say which models" in told(data / "pairs")
    assert "There is no folder" in told(model, tmp_path / "none")
    assert "no images/" in told(model, tmp_path)
    assert "There is no model" in told("nothing", data / "pairs")
    assert "judging needs 8" in told(model, data / "pairs", "--reader", reader)
    other = {"name": "other", "dont_care": None, "classes": [{"id": 0, "name": "lava", "color": "#ff0000"}]}
    (tmp_path / "lava.json").write_text(json.dumps(other))
    assert "does not know these classes" in told(model, data / "pairs", "--classes", tmp_path / "lava.json")
    (tmp_path / "r.json").write_text('{"sources": [{"folder": "pairs"}]}')
    assert "Cannot read the recipe" in told(model, data, "--recipe", tmp_path / "r.json")
    with pytest.raises(StudioError, match="other classes"):
        find_judges(default_library(), type(OUTDOOR)("few", OUTDOOR.classes[:2]), [str(reader)], CPU)


def test_classes_that_occur_are_exchanged() -> None:
    labels = torch.tensor([[[0, 0, 2], [5, 2, 0]]])
    assert exchanged_classes(labels, 8).tolist() == [[[2, 2, 5], [0, 5, 2]]]


def test_neighbours_of_sets_of_one_kind_and_of_another() -> None:
    draws = np.random.default_rng(0)
    real, same, far = (torch.from_numpy(draws.normal(shift, 1, (200, 3))) for shift in (0, 0, 9))

    def numbers(other: torch.Tensor) -> list[float]:
        within, own, between = torch.cdist(real, real), torch.cdist(other, other), torch.cdist(real, other)
        return [precision(within, between), recall(own, between), density(within, between), coverage(within, between)]

    assert numbers(same) == pytest.approx([0.87, 0.87, 1, 0.95], abs=0.1)
    assert numbers(far) == [0, 0, 0, 0]


def test_copies_of_photos_trained_on_are_seen() -> None:
    draws = np.random.default_rng(1)
    held, trained, fresh = (torch.from_numpy(draws.normal(0, 1, (count, 6))) for count in (60, 240, 60))
    copied = trained[:60] + 0.01 * fresh
    assert float(copying_ratios(copied[:, None], held[:, None], trained[:, None]).median()) < 0.9
    assert 0.9 < float(copying_ratios(fresh[:, None], held[:, None], trained[:, None]).median()) < 1.1


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    draws = np.random.default_rng(2)
    held = 0
    for _round in range(60):
        sample = torch.from_numpy(draws.normal(3, 2, 80))
        found = estimate(lambda rows, sample=sample: float(sample[rows].mean()), 80)
        held += found.low <= 3 <= found.high
    assert 52 <= held <= 60


def test_few_scenes_have_no_interval_and_halves_never_meet() -> None:
    assert math.isnan(estimate(lambda rows: float(len(rows)), 5).low)
    met: list[bool] = []
    estimate(crossed(lambda a, b: float(met.append(bool(set(a.tolist()) & set(b.tolist()))) or 0)), 12, 5)
    assert met and not any(met)
