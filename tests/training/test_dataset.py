from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from oasis_training.dataset import PhotoSet, fill_unlabelled, find_pairs, split
from oasis_training.recipe import Recipe, Source

from oasis_studio.errors import StudioError


def test_pairs_are_found_and_split_by_name(data: Path) -> None:
    pairs = find_pairs(data, (Source("pairs"),))
    kept, held = split(pairs, 3)
    assert len(pairs) == 12 and len(kept) + len(held) == 12 and kept and held
    assert split(pairs[1:], 3)[1] == [pair for pair in held if pair in pairs[1:]]


def test_an_empty_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="No pairs of photo and label map"):
        find_pairs(tmp_path, (Source("pairs"),))


def test_a_label_map_of_another_size_names_its_pair(tmp_path: Path) -> None:
    import cv2

    for part, shape in (("images", (40, 40, 3)), ("labels", (20, 40))):
        (tmp_path / "pairs" / part).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "pairs" / part / "odd.png"), np.zeros(shape, np.uint8))
    with pytest.raises(StudioError, match="pairs/odd"):
        PhotoSet(find_pairs(tmp_path, (Source("pairs"),)), 32, 8, torch.device("cpu"))


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
