"""The dataset doctor finds label errors that were put in, with a toy discriminator that it trained itself."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from oasis_training.commands.datasets import main
from oasis_training.datasets.formats import open_dataset
from oasis_training.doctor.doctor import diagnose, unlike_photos
from oasis_training.doctor.suspicion import labelled_regions, suspicions
from torch.nn import functional as F

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.reading import Reading
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.photos.reading import PhotoReader

COLOURS = np.array([[130, 180, 230], [50, 120, 70], [150, 110, 80], [200, 70, 60]], np.float64)
NAMES = ("sky", "tree", "ground", "roof")
PALETTE = Palette("toy", tuple(SemanticClass(i, n, (i, 9, 9)) for i, n in enumerate(NAMES)))
SIDE = 48


def scene(draws: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A photo of four noisy quarters in any order, and its label map."""
    labels = np.zeros((SIDE, SIDE), np.uint8)
    across, down = draws.integers(18, 30, 2)
    order = draws.permutation(4)
    labels[:down, :across], labels[:down, across:] = order[0], order[1]
    labels[down:, :across], labels[down:, across:] = order[2], order[3]
    image = COLOURS[labels] + draws.normal(0, 30, (SIDE, SIDE, 3)) + draws.normal(0, 15, 3)
    return image.clip(0, 255).astype(np.uint8), labels


@pytest.fixture(scope="module")
def critic() -> Discriminator:
    torch.manual_seed(0)
    draws = np.random.default_rng(1)
    network = Discriminator(DiscriminatorConfig(4, (8, 16), (16, 8)))
    adam = torch.optim.Adam(network.parameters(), 4e-3)
    for _step in range(60):
        images, labels = zip(*(scene(draws) for _pair in range(8)), strict=True)
        image = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float() / 127.5 - 1
        loss = F.cross_entropy(network(image), torch.from_numpy(np.stack(labels)).long() + 1)
        adam.zero_grad()
        loss.backward()
        adam.step()
    return network


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """80 pairs; in 16 of the 320 regions, the class is another: {pair: wrong class}."""
    root = tmp_path_factory.mktemp("doctor")
    draws = np.random.default_rng(2)
    wrong: dict[str, int] = {}
    for part in ("images", "labels"):
        (root / part).mkdir()
    (root / "classes.json").write_text(json.dumps(PALETTE.to_json()))
    for index in range(80):
        image, labels = scene(draws)
        if index % 5 == 0:
            # another quarter's class would join regions: the opposite one only touches at a corner
            labels[labels == labels[0, 0]] = wrong[f"p{index:02d}"] = int(labels[-1, -1])
        cv2.imwrite(str(root / "images" / f"p{index:02d}.png"), image[..., ::-1])
        cv2.imwrite(str(root / "labels" / f"p{index:02d}.png"), labels)
    return root, wrong


def test_label_errors_are_among_the_first_tenth(critic: Discriminator, folder: tuple[Path, dict[str, int]]) -> None:
    root, wrong = folder
    found = diagnose(open_dataset(str(root)), PhotoReader(deepcopy(critic), (SIDE,)), PALETTE, "toy")
    assert len(found.photos) == 80 and found.left_out == {}
    first = found.regions[: len(found.regions) // 10]
    caught = {entry.region.pair for entry in first if entry.region.label == wrong.get(entry.region.pair)}
    assert len(wrong) == 16 and len(caught) >= 0.9 * len(wrong)
    photos = {photo.name for photo in found.photos[:16]}
    assert len(photos & wrong.keys()) >= 0.9 * len(wrong)
    told = found.to_json()["regions"][0]
    left, top, width, height = told["box"]
    assert told["name"] in wrong and left <= told["point"][0] < left + width and top <= told["point"][1] < top + height


def reading(planes: list[list[float]]) -> Reading:
    return Reading(np.array(planes, np.float32)[:, :, None].repeat(4, 2), 4, len(planes[0]))


def test_a_class_that_is_hard_to_read_is_not_suspected_for_that() -> None:
    labels = np.array([[0] * 4, [0] * 4, [1] * 4, [1] * 4], np.uint8)
    # class 0 is read surely, class 1 never surer than 0.45
    seen = reading([[0] * 4, [0.9, 0.9, 0.55, 0.55], [0.1, 0.1, 0.45, 0.45]])
    regions = labelled_regions("a", labels, seen) + labelled_regions("b", labels, seen)
    assert all(entry.score < 0 for entry in suspicions(regions))
    assert suspicions([]) == []


def test_regions_are_pieces_with_places_of_the_whole_label_map() -> None:
    labels = np.full((20, 30), 255, np.uint8)
    labels[2:8, 3:13], labels[12:18, 3:13], labels[0, 29] = 1, 1, 0
    seen = Reading(np.full((3, 10, 15), 1 / 3, np.float32), 30, 20)
    found = labelled_regions("a", labels, seen, scale=2.0)
    assert [(entry.label, entry.box) for entry in found] == [(1, (6, 4, 20, 12)), (1, (6, 24, 20, 12))]
    assert found[0].share == 0.1 and found[0].read.tolist() == [0.5, 0.5]


def test_a_photo_unlike_the_others_is_named() -> None:
    draws = np.random.default_rng(4)
    photos = np.stack([scene(draws)[0] for _photo in range(30)])
    photos[7] = np.where(np.indices((SIDE, SIDE)).sum(axis=0)[..., None] % 2, 0, 255)
    assert next(iter(unlike_photos([str(i) for i in range(30)], photos)))[0] == "7"
    assert unlike_photos(["a"], photos[:1]) == []


def test_the_command_prints_and_tells_bad_input(
    critic: Discriminator, folder: tuple[Path, dict[str, int]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, _wrong = folder
    config = GeneratorConfig.from_json(
        {"classes": 4, "noise": 2, "widths": [4, 4], "hidden": 4, "native_width": SIDE, "native_height": SIDE}
    )
    card = ModelCard("toy", "Toy", "oasis", {}, {}, PALETTE, (SIDE, SIDE), 2)
    (tmp_path / "model").mkdir()
    write_model(tmp_path / "model", card, Generator(config), critic)
    options = ["--model", str(tmp_path / "model"), "--device", "cpu"]
    broken = tmp_path / "data"
    for part in ("images", "labels"):
        (broken / part).mkdir(parents=True)
        for name in ("p00", "p01", "p02"):
            (broken / part / f"{name}.png").write_bytes((root / part / f"{name}.png").read_bytes())
    (broken / "images" / "p01.png").write_bytes(b"no picture")
    (broken / "classes.json").write_text((root / "classes.json").read_text())
    assert main(["doctor", str(broken), *options, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pairs"] == 2 and [entry["name"] for entry in told["left_out"]] == ["p01"]
    assert main(["doctor", str(broken), *options]) == 0
    assert "2 pairs with" in capsys.readouterr().out
    (broken / "classes.json").write_text(json.dumps({"name": "x", "dont_care": None, "classes": [
        {"id": i, "name": f"thing {i}", "color": "#000000"} for i in range(4)]}))  # fmt: skip
    assert main(["doctor", str(broken), *options]) == 2
    assert "knows none of the classes" in capsys.readouterr().err
    assert main(["doctor", str(broken), "--model", "nothing"]) == 2
    assert "There is no model" in capsys.readouterr().err
