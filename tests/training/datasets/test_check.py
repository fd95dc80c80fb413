"""Checking and converting a folder with everything wrong that can be."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from oasis_training.commands.datasets import main
from oasis_training.datasets.check import check
from oasis_training.datasets.convert import Choice, classes_of, convert
from oasis_training.datasets.duplicates import near_duplicates, perceptual_hash
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.mapping import read_map, renumbered
from oasis_training.datasets.model import DatasetClass
from oasis_training.pairs.dataset import PhotoSet, find_pairs
from oasis_training.recipe import Source
from PIL import Image

from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from tests.training.datasets.files import HEIGHT, WIDTH, grey, halves, photo

CLASSES = (DatasetClass(2, "sky", (1, 2, 3)), DatasetClass(5, "Lawn"), DatasetClass(9, "car"), DatasetClass(11, "pole"))


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Two sound pairs that look the same, and one pair of every kind of trouble."""
    root = tmp_path / "messy"
    photo(root / "images/a.jpg", size=(120, 160))
    Image.open(root / "images/a.jpg").resize((80, 60)).save(root / "images/a-small.jpg", quality=60)
    for index, name in enumerate(("other", "unknown", "blank", "size", "photo-broken", "labels-broken", "alone")):
        photo(root / f"images/{name}.jpg", index + 1)
    whole = (root / "images/photo-broken.jpg").read_bytes()
    (root / "images/photo-broken.jpg").write_bytes(whole[: len(whole) // 2])
    big = halves(2, 5)
    grey(root / "labels/a.png", cv2.resize(big, (160, 120), interpolation=cv2.INTER_NEAREST))
    grey(root / "labels/a-small.png", cv2.resize(big, (80, 60), interpolation=cv2.INTER_NEAREST))
    grey(root / "labels/other.png", halves(9, 255))
    grey(root / "labels/unknown.png", halves(2, 77))
    grey(root / "labels/blank.png", halves(255, 255))
    grey(root / "labels/size.png", halves(2, 5)[:, :20])
    grey(root / "labels/photo-broken.png", halves(2, 5))
    (root / "labels/labels-broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    grey(root / "labels/nobody.png", halves(2, 5))
    listed = [{"id": entry.id, "name": entry.name} for entry in CLASSES]
    (root / "classes.json").write_text(json.dumps({"classes": listed}))
    return root


def test_a_check_finds_everything(messy: Path) -> None:
    advanced: list[int] = []
    found = check(open_dataset(str(messy)), lambda: advanced.append(1))
    assert found.pairs == len(advanced) == 8 and not found.is_sound
    data = json.loads(json.dumps(found.to_json()))
    assert data["missing"] == [{"name": "alone", "part": "labels"}, {"name": "nobody", "part": "photo"}]
    assert data["size_mismatches"] == [{"name": "size", "photo": [HEIGHT, WIDTH], "labels": [HEIGHT, 20]}]
    assert data["unknown_ids"] == [{"id": 77, "pixels": HEIGHT * WIDTH // 2, "pairs": 1}]
    assert data["blank"] == ["blank"] and data["empty_classes"] == ["pole"]
    assert sorted(entry["name"] for entry in data["unreadable"]) == ["labels-broken", "photo-broken"]
    assert data["near_duplicates"] == [["a", "a-small"]]
    assert data["shortest_side"] == HEIGHT and data["unlabelled_pixels"] == HEIGHT * WIDTH * 3 // 2
    car = next(entry for entry in data["classes"] if entry["name"] == "car")
    assert car["pixels"] == HEIGHT * WIDTH // 2 and car["pairs"] == 1
    shares = sum(entry["share"] for entry in data["classes"]) + data["unlabelled_share"]
    total = sum(found.pixels.values()) + found.unlabelled_pixels + found.unknown[77]
    assert shares + found.unknown[77] / total == pytest.approx(1)


def test_ids_without_a_list_are_classes(messy: Path) -> None:
    (messy / "classes.json").unlink()
    dataset = open_dataset(str(messy))
    found = check(dataset)
    assert [entry.name for entry in found.classes] == ["class 2", "class 5", "class 9", "class 77"]
    assert not found.unknown and not found.has_class_list
    assert classes_of(dataset) == found.classes


def test_the_hash_knows_a_photo_again(tmp_path: Path) -> None:
    pictures = [photo(tmp_path / "x.png", seed, (90, 120)) for seed in range(30)]
    hashes = [perceptual_hash(picture) for picture in pictures]
    assert near_duplicates(hashes) == []
    darker = (pictures[4] * 0.8).astype(np.uint8)
    smaller = cv2.resize(pictures[9], (60, 45), interpolation=cv2.INTER_AREA)
    assert near_duplicates([*hashes, perceptual_hash(darker), perceptual_hash(smaller)]) == [[4, 30], [9, 31]]
    assert near_duplicates([]) == []


def test_the_search_misses_no_pair_of_close_hashes() -> None:
    draws = np.random.default_rng(1)
    base = [int.from_bytes(draws.bytes(8), "big") for _index in range(50)]
    close = [value ^ sum(1 << int(bit) for bit in draws.choice(64, 6, replace=False)) for value in base]
    assert near_duplicates(base + close) == [[index, index + 50] for index in range(50)]


def test_converting_gives_what_the_trainer_reads(messy: Path, tmp_path: Path) -> None:
    dataset = open_dataset(str(messy))
    written = convert(dataset, tmp_path / "out", renumbered(dataset.classes, "out"))
    assert written.pairs == 5
    assert sorted(name for name, _reason in written.left_out) == ["labels-broken", "photo-broken", "size"]
    palette = Palette.read(tmp_path / "out/classes.json")
    assert [entry.name for entry in palette.classes] == ["sky", "Lawn", "car", "pole"]
    assert len({entry.color for entry in palette.classes}) == 4
    assert (tmp_path / "out/images/a.jpg").read_bytes() == (messy / "images/a.jpg").read_bytes()
    with (tmp_path / "out/manifest.csv").open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert float(rows["a"]["sky"]) == 0.5 and float(rows["other"]["labelled_share"]) == 0.5
    pairs = find_pairs(tmp_path, (Source("out", weight_by="labelled_share"),))
    assert {pair.name.split("/")[1]: pair.weight for pair in pairs}["unknown"] == 0.5
    photos = PhotoSet(pairs, 16, len(palette), torch.device("cpu"))
    assert len(photos) == 5 and not photos.problems
    again = check(open_dataset(str(tmp_path / "out")))
    assert again.pairs == 5 and not again.unknown and not again.mismatches and again.blank == ["blank"]
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_scaling_and_a_limit(messy: Path, tmp_path: Path) -> None:
    dataset = open_dataset(str(messy))
    written = convert(dataset, tmp_path / "out", renumbered(dataset.classes, "out"), Choice(30, 2))
    assert written.pairs == 2
    for path in (tmp_path / "out/images").iterdir():
        assert Image.open(path).size == (40, 30) == Image.open(tmp_path / f"out/labels/{path.stem}.png").size


def test_pairs_can_be_passed_over_and_label_maps_scaled_to_their_photos(messy: Path, tmp_path: Path) -> None:
    (tmp_path / "not.json").write_text('["other", "blank"]')
    options = ["--leave-out", str(tmp_path / "not.json"), "--fit-labels"]
    assert main(["convert", str(messy), str(tmp_path / "out"), *options]) == 0
    written = {path.stem for path in (tmp_path / "out/images").iterdir()}
    assert {"a", "size"} <= written and not {"other", "blank"} & written
    photo_of = Image.open(next((tmp_path / "out/images").glob("size.*")))
    assert photo_of.size == Image.open(tmp_path / "out/labels/size.png").size


def test_a_list_of_names_that_is_none_is_refused(
    messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "not.json").write_text('{"a": 1}')
    assert main(["convert", str(messy), str(tmp_path / "out"), "--leave-out", str(tmp_path / "not.json")]) == 2
    assert "list of names" in capsys.readouterr().err


def test_a_program_that_watches_reads_how_far_it_is(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(messy), "--json", "--watched"]) == 0
    told = capsys.readouterr()
    steps = [json.loads(line) for line in told.err.splitlines()]
    pairs = json.loads(told.out)["pairs"]
    assert steps[0] == {"done": 0, "total": pairs} and steps[-1]["done"] == pairs > 0


def test_nothing_is_overwritten_and_nothing_half_written_stays(messy: Path, tmp_path: Path) -> None:
    dataset = open_dataset(str(messy))
    with pytest.raises(StudioError, match="is not empty"):
        convert(dataset, messy, renumbered(dataset.classes, "out"))

    def full() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StudioError, match="No space left"):
        convert(dataset, tmp_path / "out", renumbered(dataset.classes, "out"), advance=full)
    assert [path.name for path in tmp_path.iterdir()] == ["messy"]


def test_names_of_files_never_collide(tmp_path: Path) -> None:
    for seed, name in enumerate(("x/a", "x_a", "X_A")):
        photo(tmp_path / f"in/images/{name}.jpg", seed)
        grey(tmp_path / f"in/labels/{name}.png", halves(0, 1))
    dataset = open_dataset(str(tmp_path / "in"))
    convert(dataset, tmp_path / "out", renumbered(classes_of(dataset), "out"))
    assert len({path.stem.casefold() for path in (tmp_path / "out/images").iterdir()}) == 3


def mapped(tmp_path: Path, data: object) -> tuple[dict[int, str], list[str]]:
    (tmp_path / "map.json").write_text(json.dumps(data))
    found = read_map(tmp_path / "map.json", CLASSES, "new")
    names = {entry.id: entry.name for entry in found.palette.classes}
    return {old.id: names.get(int(found.table[old.id]), "-") for old in CLASSES}, list(found.left_out)


def test_maps(tmp_path: Path) -> None:
    assert mapped(tmp_path, {"SKY": "air", "5": "ground", "car": "ground"}) == (
        {2: "air", 5: "ground", 9: "ground", 11: "-"}, ["pole"],
    )  # fmt: skip
    assert mapped(tmp_path, {"sky": "air", "car": None, "*": "rest"})[0] == {2: "air", 5: "rest", 9: "-", 11: "rest"}
    to_list = {"classes": "outdoor8", "map": {"lawn": "grass", "*": "object"}}
    assert mapped(tmp_path, to_list)[0] == {2: "sky", 5: "grass", 9: "object", 11: "object"}
    assert mapped(tmp_path, {"classes": "outdoor8"}) == ({2: "sky", 5: "-", 9: "-", 11: "-"}, ["Lawn", "car", "pole"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "is empty"),
        ([], "is empty"),
        ({"sky": 3}, "name or null"),
        ({"skyy": "air"}, '"skyy" is none of'),
        ({"classes": "outdoor8", "map": {"lawn": "gras"}}, '"gras" is none of'),
        ({"classes": "outdoors"}, "no class list"),
        ({"sky": None}, "makes 0 classes"),
    ],
)
def test_bad_maps(tmp_path: Path, data: object, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        mapped(tmp_path, data)


def test_more_classes_than_a_model_can_have() -> None:
    with pytest.raises(StudioError, match="makes 300 classes"):
        renumbered(tuple(DatasetClass(i, str(i)) for i in range(300)), "many")
    with pytest.raises(StudioError, match="no classes"):
        renumbered((), "none")


def test_the_command_line(messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(messy)]) == 0
    shown = capsys.readouterr().out
    for text in (
        "folder-pair: 8 pairs",
        "Lawn",
        "labels of another size",
        "size (32×24, 20×24)",
        "a = a-small",
        "77: 384",
    ):
        assert text in shown
    assert main(["check", str(messy), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pairs"] == 8
    (tmp_path / "map.json").write_text('{"sky": "air", "Lawn": "ground"}')
    assert main(["convert", str(messy), str(tmp_path / "out"), "--map", str(tmp_path / "map.json")]) == 0
    captured = capsys.readouterr()
    assert "5 pairs written" in captured.out and "car, pole" in captured.out and "left out: size:" in captured.err
    assert main(["convert", str(messy), str(tmp_path / "out")]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "none")]) == 2


def test_a_sound_set_is_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo(tmp_path / "images/a.jpg")
    grey(tmp_path / "labels/a.png", halves(0, 1))
    assert main(["check", str(tmp_path)]) == 0
    assert "Ready for training." in capsys.readouterr().out
