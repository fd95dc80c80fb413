from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from oasis_training.datasets.check import check
from oasis_training.datasets.formats import open_dataset
from oasis_training.pairs.dataset import PhotoSet, fill_unlabelled, find_pairs, read_held_out, read_pair, split
from oasis_training.pairs.problems import Problems
from oasis_training.recipe import Recipe, Source
from PIL import Image

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import read_photo
from oasis_studio.errors import StudioError
from oasis_studio.paths import resource
from tests.core.files import encoded_pictures as pictures


def test_pairs_are_found_and_split_by_name(data: Path) -> None:
    pairs = find_pairs(data, (Source("pairs"),))
    kept, held = split(pairs, 3)
    assert len(pairs) == 12 and len(kept) + len(held) == 12 and kept and held
    assert split(pairs[1:], 3)[1] == [pair for pair in held if pair in pairs[1:]]


def test_an_empty_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="No pairs of photo and label map"):
        find_pairs(tmp_path, (Source("pairs"),))


def write_pair(root: Path, name: str, labels: np.ndarray, photo_shape: tuple[int, int] = (40, 40)) -> None:
    for part in ("images", "labels"):
        (root / "pairs" / part).mkdir(parents=True, exist_ok=True)
    grey = np.random.default_rng(len(name)).integers(0, 255, (*photo_shape, 3), np.uint8)
    cv2.imwrite(str(root / "pairs" / "images" / f"{name}.png"), grey)
    cv2.imwrite(str(root / "pairs" / "labels" / f"{name}.png"), labels)


def photo_set(root: Path, classes: int = 8) -> PhotoSet:
    return PhotoSet(find_pairs(root, (Source("pairs"),)), 32, classes, torch.device("cpu"))


def test_when_no_pair_can_be_used_the_hint_names_one(tmp_path: Path) -> None:
    write_pair(tmp_path, "odd", np.zeros((20, 40), np.uint8))
    with pytest.raises(StudioError, match="No pair can be used") as caught:
        photo_set(tmp_path)
    assert "pairs/odd has 40×20 pixels, its photo 40×40" in caught.value.hint


def test_bad_pairs_are_left_out_by_name_and_unknown_ids_are_counted(tmp_path: Path) -> None:
    good = np.ones((40, 40), np.uint8)
    beyond = good.copy()
    beyond[:3, :5], beyond[10:, :] = 9, 255
    write_pair(tmp_path, "beyond", beyond)
    write_pair(tmp_path, "broken", good)
    write_pair(tmp_path, "colours", np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8))
    write_pair(tmp_path, "good", good)
    write_pair(tmp_path, "size", good[:, :30])
    path = tmp_path / "pairs" / "images" / "broken.png"
    path.write_bytes(path.read_bytes()[:2000])
    photos = photo_set(tmp_path)
    assert [pair.name for pair in photos.pairs] == ["pairs/beyond", "pairs/good"] and len(photos) == 2
    assert sorted(photos.problems.left_out) == ["pairs/broken", "pairs/colours", "pairs/size"]
    assert photos.problems.unknown_pixels == {9: 15}
    batch = photos.draw(16, torch.Generator().manual_seed(0))
    assert batch.labels.unique().tolist() == [1] and not batch.valid.all()
    again = Problems()
    again.update(photos.problems)
    again.update(photo_set(tmp_path).problems)
    assert again.to_json()["unknown_pixels"] == {"9": 15} and again.to_json()["count"] == 3
    held, problems = read_held_out(find_pairs(tmp_path, (Source("pairs"),)), 8)
    assert held == photos.pairs and problems == photos.problems


def test_indexed_and_wide_label_maps(tmp_path: Path) -> None:
    ids = np.full((40, 40), 3, np.uint8)
    ids[:, :20] = 255
    write_pair(tmp_path, "indexed", ids)
    write_labels(tmp_path / "pairs/labels/indexed.png", ids, Palette.read(resource("classes", "outdoor8.json")))
    wide = np.full((40, 40), 3, np.uint16)
    wide[:, :20], wide[0, 0] = 65535, 4097
    write_pair(tmp_path, "wide", wide)
    photos = photo_set(tmp_path)
    assert len(photos) == 2 and photos.problems.unknown_pixels == {4097: 1}
    assert (photos.labels[:, :32, :32] == 3).all() and photos.valid[0, :32, :32].sum() == photos.valid[
        1, :32, :32
    ].sum()


def test_a_training_reads_what_a_check_and_a_drawing_read(tmp_path: Path) -> None:
    """One reader: the same pairs, pixels and ids, whatever the files are like."""
    root, stored = tmp_path / "pairs", pictures.image()
    upright = np.rot90(stored, -1)
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = 6
    bad = pictures.tags((274, 3, 1, 6), (282, 10, 1, pictures.place_of_extra(2)), extra=b"\xff" * 4 + bytes(4))
    grey, rgba = stored[..., 0], np.dstack([stored, stored[..., 0]])
    photos = {
        "a.JPG": pictures.encoded(stored, "JPEG", exif=exif),
        "b.jfif": pictures.jpeg_with(stored, (0xE1, b"Exif\0\0" + bad)),
        "c.tif": pictures.everything("TIFF"),
        "d.png": pictures.encoded(grey.astype(np.uint16) * 257, "PNG", exif=exif),
        "e.tif": pictures.encoded((grey / 255).astype(np.float32), "TIFF"),
        "f.webp": pictures.encoded(rgba, "WEBP", lossless=True, exif=exif),
        "g.avif": pictures.everything("AVIF"),
        "sub/h.jpeg": pictures.jpeg_with(stored, (0xE1, b"Exif\0\0Exif\0\0" + bad)),
    }
    ids = np.zeros(upright.shape[:2], np.uint8)
    ids[:, :20], ids[:, 20:30] = 3, 5
    flat = np.zeros(stored.shape[:2], np.uint8)
    greys = Image.frombytes("P", ids.shape[::-1], (ids == 5).astype(np.uint8).tobytes())
    greys.putpalette([3, 3, 3, 5, 5, 5])
    maps = dict.fromkeys(photos, ids) | {"e.tif": flat}
    for name, data in photos.items():
        (root / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "images" / name).write_bytes(data)
        path = (root / "labels" / name).with_suffix(".PNG" if name[0] in "ab" else ".tif" if name[0] == "c" else ".png")
        path.parent.mkdir(parents=True, exist_ok=True)
        (greys if name == "f.webp" else Image.fromarray(maps[name])).save(path, "TIFF" if name[0] == "c" else "PNG")
    (root / "images/._a.JPG").write_bytes(b"junk")
    (root / "classes.json").write_bytes(b"\xef\xbb\xbf" + json.dumps([f"class {i}" for i in range(8)]).encode())
    dataset = open_dataset(str(root))
    assert check(dataset).is_sound
    seen = {pair.name: pair for pair in dataset.pairs}
    pairs = {pair.name.removeprefix("pairs/"): pair for pair in find_pairs(tmp_path, (Source("pairs"),))}
    assert pairs.keys() == seen.keys() == {name.rpartition(".")[0] for name in photos}
    for name, pair in pairs.items():
        image, labels = read_pair(pair)
        assert np.array_equal(image, seen[name].photo.read()) and np.array_equal(image, read_photo(pair.image)), name
        assert np.array_equal(labels, seen[name].labels.read()), name
    assert np.array_equal(read_pair(pairs["f"])[1], np.where(ids == 5, 5, 3)), "a palette of greys"


def test_a_training_knows_the_colours_of_a_class_list(tmp_path: Path) -> None:
    colors = np.array([(10, 20, 30), (200, 10, 10)], np.uint8)
    ids = np.zeros((40, 40), np.uint8)
    ids[:, 20:] = 1
    write_pair(tmp_path, "a", ids)
    Image.fromarray(colors[ids]).save(tmp_path / "pairs/labels/a.png")
    entries = [{"id": i, "name": f"class {i}", "color": f"#{bytes(color).hex()}"} for i, color in enumerate(colors)]
    (tmp_path / "pairs/classes.json").write_text(json.dumps({"classes": entries}))
    (pair,) = find_pairs(tmp_path, (Source("pairs"),))
    assert np.array_equal(read_pair(pair)[1], ids)


def test_folders_are_found_in_any_case(tmp_path: Path) -> None:
    write_pair(tmp_path, "a", np.zeros((40, 40), np.uint8))
    for name in ("images", "labels"):
        (tmp_path / "pairs" / name).rename(tmp_path / "pairs" / name.title())
    assert len(find_pairs(tmp_path, (Source("pairs"),))) == 1


def test_weights_from_a_spreadsheet(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_pair(tmp_path, name, np.zeros((40, 40), np.uint8))
    (tmp_path / "pairs/manifest.csv").write_bytes("\ufeffid;share\r\na;0.5\r\nb;2\r\n".encode())
    pairs = find_pairs(tmp_path, (Source("pairs", weight_by="share"),))
    assert [pair.weight for pair in pairs] == [0.5, 2.0]


def test_a_single_pair_is_trained_on_and_not_held_out(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        write_pair(tmp_path / name, name, np.zeros((40, 40), np.uint8))
        pairs = find_pairs(tmp_path / name, (Source("pairs"),))
        assert split(pairs, 1) == (pairs, [])
        kept, held = split(pairs, 2)
        assert kept == pairs and held == []


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "much", ""])
def test_a_weight_that_is_none_is_told(tmp_path: Path, value: str) -> None:
    write_pair(tmp_path, "a", np.zeros((40, 40), np.uint8))
    (tmp_path / "pairs/manifest.csv").write_text(f"id,share\na,{value}\n")
    with pytest.raises(StudioError, match="no usable column share"):
        find_pairs(tmp_path, (Source("pairs", weight_by="share"),))


def test_unlabelled_pixels_take_the_nearest_class_and_do_not_count() -> None:
    labels = np.full((5, 9), 255, np.uint8)
    labels[:, 0], labels[:, 8] = 3, 1
    filled, valid = fill_unlabelled(labels, 8)
    assert (filled[:, :4] == 3).all() and (filled[:, 5:] == 1).all()
    assert valid.sum() == 10
    nothing, none_valid = fill_unlabelled(np.full((4, 4), 255, np.uint8), 8)
    assert not nothing.any() and not none_valid.any()


def test_batches_pair_photo_and_labels(data: Path) -> None:
    photos = PhotoSet(find_pairs(data, (Source("pairs"),)), 32, 8, torch.device("cpu"))
    batch = photos.draw(64, torch.Generator().manual_seed(0))
    assert batch.image.shape == (64, 3, 32, 32) and batch.labels.shape == (64, 32, 32)
    assert batch.image.min() >= -1 and batch.image.max() <= 1
    assert set(batch.labels.unique().tolist()) == {0, 2}
    assert 0 < (~batch.valid).float().mean() < 0.2
    blue_minus_green = batch.image[:, 2] - batch.image[:, 1]
    sky, grass = ((batch.labels == c) & batch.valid for c in (0, 2))
    assert blue_minus_green[sky].mean() > 0.1 > -0.1 > blue_minus_green[grass].mean()


def test_the_same_seed_draws_the_same_batch(data: Path) -> None:
    photos = PhotoSet(find_pairs(data, (Source("pairs"),)), 32, 8, torch.device("cpu"))
    one, two = (photos.draw(4, torch.Generator().manual_seed(9)) for _time in range(2))
    assert torch.equal(one.image, two.image) and torch.equal(one.labels, two.labels)


def test_unknown_recipe_keys_name_the_nearest(recipe: Recipe) -> None:
    broken = recipe.to_json() | {"native_sise": 3}
    with pytest.raises(StudioError, match='unknown key "native_sise"') as caught:
        Recipe.from_json(broken)
    assert "native_size" in caught.value.hint
    assert Recipe.from_json(recipe.to_json()) == recipe


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"images": "many"}, "phases[0].images"),
        ({"decay": 1}, "phases[0].decay"),
        ({"labelmix": None}, "phases[0].labelmix"),
        ({"batch": True}, "phases[0].batch"),
        ({"size": 2.5}, "phases[0].size"),
    ],
)
def test_a_wrong_value_in_a_recipe_is_told_with_its_place(recipe: Recipe, change: dict, place: str) -> None:
    facts = recipe.to_json()
    facts["phases"] = [facts["phases"][0] | change]
    with pytest.raises(StudioError, match=re.escape(place)):
        Recipe.from_json(facts)


@pytest.mark.parametrize(
    "change",
    [
        {"phases": {}},
        {"phases": ["quick"]},
        {"credits": "me"},
        {"generator": []},
        {"sources": [{"folder": 3}]},
        {"seed": ""},
    ],
)
def test_a_recipe_of_another_shape_is_told(recipe: Recipe, change: dict) -> None:
    with pytest.raises(StudioError, match="is not what it should be"):
        Recipe.from_json(recipe.to_json() | change)


def test_large_sets_lie_in_files_that_are_used_again(data: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("oasis_training.pairs.photo_arrays.IN_MEMORY", 0)
    pairs = find_pairs(data, (Source("pairs"),))
    pairs.append(replace(pairs[0], name="broken", image=data / "nothing.png"))
    plain = PhotoSet(pairs, 32, 2, torch.device("cpu"))
    first = PhotoSet(pairs, 32, 2, torch.device("cpu"), cache=tmp_path)
    monkeypatch.setattr("oasis_training.pairs.dataset.read_pair", lambda _pair: pytest.fail("read again"))
    second = PhotoSet(pairs, 32, 2, torch.device("cpu"), cache=tmp_path)
    for photos in (first, second):
        one, other = (each.draw(8, torch.Generator().manual_seed(1)) for each in (plain, photos))
        assert torch.equal(one.image, other.image) and torch.equal(one.labels, other.labels)
        assert photos.problems.left_out.keys() == {"broken"} and photos.problems.unknown_pixels == {
            2: plain.problems.unknown_pixels[2]
        }
    assert len(list(tmp_path.iterdir())) == 1
