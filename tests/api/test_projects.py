"""Drawings as arrays: made, saved, read again, and rendered as the window would."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from oasis_studio.api import Model, new_project, open_model, open_project
from oasis_studio.core.document.style import ImageSeed, Linear, OwnSeed, Paint, RegionStyle, StyleTrail
from tests.api.conftest import GRASS, SKY


def test_all_of_a_drawing_comes_back(model: Model, labels: np.ndarray, tmp_path: Path) -> None:
    ground = np.where(labels == GRASS, labels, 255)
    drawing = new_project(model, {"sky": np.zeros_like(labels), "ground": ground}, seed=4)
    drawing.layers[0].opacity, drawing.document.notes = 0.5, "a note"
    drawing.photo_HW3 = model.render(**drawing.scene(model))
    drawing.set_noise("ground", "grass", 7, model)
    drawing.keep("sky", "sky", feather=3)
    photo = model.render(**drawing.scene(model))
    drawing.save(tmp_path / "a.oasis")

    again = open_project(tmp_path / "a.oasis")
    assert (again.seed, again.model, again.document.notes, again.skipped) == (4, "outdoor", "a note", "")
    assert [(each.name, each.opacity) for each in again.layers] == [("sky", 0.5), ("ground", 1.0)]
    assert np.array_equal(again.layers[1].labels, ground) and np.array_equal(again.labels, labels)
    assert again.photo_HW3 is not None and np.array_equal(again.photo_HW3, drawing.photo_HW3)
    assert [(each.layer, each.class_name, each.area) for each in again.regions] == [
        (each.layer, each.class_name, each.area) for each in drawing.regions
    ]
    assert list(again.locks) == [("sky", "sky")] and again.locks["sky", "sky"].is_intact
    assert np.array_equal(model.render(**again.scene(model)), photo)
    again.save(tmp_path / "b.oasis")
    assert (tmp_path / "b.oasis").read_bytes() == (tmp_path / "a.oasis").read_bytes()


def test_regions_noise_and_locks_are_plain_arrays(model: Model, labels: np.ndarray) -> None:
    drawing = new_project(model, labels, seed=4)
    scene = drawing.scene(model)
    assert np.array_equal(model.render(**scene), model.render(labels, seed=4))
    vector = np.arange(model.noise_size, dtype=np.float32) / 8
    drawing.set_noise("Layer 1", "grass", vector, model)
    scene = drawing.scene(model)
    rows = {each.class_name: each.number for each in drawing.regions}
    assert np.array_equal(scene["noise"][rows["grass"]], vector)
    assert np.array_equal(scene["noise"][rows["sky"]], model.noise(4))
    assert np.array_equal(scene["regions"] == rows["grass"], labels == GRASS)
    drawing.photo_HW3 = model.render(**scene)
    drawing.keep("Layer 1", "sky")
    lock = drawing.locks["Layer 1", "sky"]
    assert np.array_equal(lock.pixels_hw3[lock.mask_hw], drawing.photo_HW3[labels == SKY])
    drawing.release("Layer 1", "sky")
    assert drawing.locks == {} and drawing.scene(model)["locks"] == []


def test_painted_styles_become_rows(model: Model, labels: np.ndarray) -> None:
    drawing = new_project(model, labels)
    layer = drawing.layers[0]
    style = RegionStyle(ImageSeed(), paints=(Paint(OwnSeed(3), Linear((0, 0), (96, 0))),))
    drawing.document.styles = {(layer.id, GRASS): StyleTrail((style,))}  # type: ignore[dict-item]
    scene = drawing.scene(model)
    assert len(np.unique(scene["regions"][labels == GRASS])) > 10
    assert model.render(**scene).shape == (64, 96, 3)


def test_the_background_is_a_region_of_its_own(model: Model, labels: np.ndarray) -> None:
    drawing = new_project(model, np.where(labels == SKY, 255, labels), background="water")
    assert [(each.layer, each.class_name) for each in drawing.regions] == [("", "water"), ("Layer 1", "grass")]
    drawing.set_noise("", "water", 5, model)
    assert np.array_equal(drawing.scene(model)["noise"][drawing.region_map[0, 0]], model.noise(5))


def test_a_style_code_belongs_to_the_scene(labels: np.ndarray) -> None:
    coded = open_model("coded", device="cpu")
    drawing = new_project(coded, labels, seed=3)
    assert np.array_equal(coded.render(**drawing.scene(coded)), coded.render(labels, seed=3))
