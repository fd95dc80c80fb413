"""Whatever is wrong with what a script gives ends with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oasis_studio.api import (
    Model,
    StudioError,
    lock,
    new_project,
    open_model,
    open_project,
    read_labels,
    read_photo,
    write_labels,
    write_photo,
)
from tests.api.conftest import GRASS

Call = Callable[[Model, np.ndarray], Any]


def zeros(*shape: int, kind: Any = np.uint8) -> np.ndarray:
    return np.zeros(shape, kind)


PHOTO = zeros(64, 96, 3)
NOT_A_NUMBER = np.full(8, np.nan, np.float32)

LABELS: list[tuple[Any, str]] = [
    (zeros(64, 96, 3), "height×width; this one is 64×96×3"),
    (zeros(0, 96), "height×width; this one is 0×96"),
    (7, "height×width; this one is one number"),
    (zeros(64, 96, kind=np.float32), "whole numbers; this one is of type float32"),
    (zeros(64, 96, kind=bool), "whole numbers; this one is of type bool"),
    (np.full((64, 96), 300), "6144 pixels of classes that the model .* does not know: 300"),
    (np.full((64, 96), -1), "does not know: -1"),
    ([["sky"]], "whole numbers"),
    ([[0, 1], [2]], "The label map is no array of numbers"),
]


@pytest.mark.parametrize(("given", "sentence"), LABELS)
def test_label_maps(model: Model, given: Any, sentence: str) -> None:
    for call in (model.render, model.render_float, lambda labels: next(model.variations(labels))):
        refused(lambda call=call: call(given), sentence)
    refused(lambda: model.judge(PHOTO, given), sentence)
    refused(lambda: new_project(model, given), sentence)


RENDERS: list[tuple[dict[str, Any], str]] = [
    ({"noise": NOT_A_NUMBER}, "The noise holds values that are not numbers"),
    ({"noise": np.array(["a"] * 8)}, "must hold numbers"),
    ({"noise": zeros(7)}, "The noise is 7; the last dimension .* is 8"),
    ({"noise": 0.5}, "The noise is one number"),
    ({"noise": zeros(3, 8)}, "noise for 3, but the model .* has 8 classes"),
    ({"noise": zeros(96, 64, 8)}, "The noise has 96×64 pixels, but 64×96 are needed"),
    ({"noise": zeros(1, 64, 96, 8)}, "The noise is 1×64×96×8"),
    ({"noise": zeros(64, 96, 8), "regions": zeros(64, 96)}, "exclude each other"),
    ({"seed": [1, 2]}, "noise for 2"),
    ({"seed": [1, 2], "regions": np.full((64, 96), 2)}, "has region 2, but there is noise for 2 only"),
    ({"regions": zeros(64, 95)}, "The region map has 64×95 pixels"),
    ({"regions": np.full((64, 96), -1)}, "numbers from 0 on; it has -1"),
    ({"regions": zeros(64, 96, kind=float)}, "The region map must hold whole numbers"),
    ({"seed": -1}, "A seed is a whole number from 0 to 2147483647, not -1"),
    ({"seed": 2**31}, "A seed is"),
    ({"seed": 1.5}, "A seed is a whole number .* not 1.5"),
    ({"seed": "three"}, "A seed is"),
    ({"seed": None}, "A seed is"),
    ({"seed": []}, "At least one seed"),
    ({"style": zeros(16)}, "takes no style code"),
    ({"precision": "fp64"}, 'no precision "fp64"'),
    ({"locks": [lock(np.ones((80, 80), bool), zeros(80, 80, 3))]}, "A lock reaches beyond the photo"),
]


@pytest.mark.parametrize(("given", "sentence"), RENDERS)
def test_what_a_photo_is_made_of(model: Model, labels: np.ndarray, given: dict[str, Any], sentence: str) -> None:
    refused(lambda: model.render(labels, **given), sentence)


CALLS: list[tuple[Call, str]] = [
    (lambda model, labels: model.segment(zeros(64, 96)), "height×width×3 of type uint8; this one is 64×96"),
    (lambda model, labels: model.segment(zeros(64, 96, 3, kind=np.float32)), "of type float32"),
    (lambda model, labels: model.segment(zeros(64, 96, 4)), "64×96×4"),
    (lambda model, labels: model.judge(zeros(64, 64, 3), labels), "The photo has 64×64 pixels"),
    (lambda model, labels: model.style_code(PHOTO), "encoder|style"),
    (lambda model, labels: list(model.variations(labels, [])), "At least one seed"),
    (lambda model, labels: list(model.variations(labels, only=[3])), "no pixels of region 3"),
    (lambda model, labels: list(model.variations(labels, only=["sky"])), "no pixels of region sky"),
    (lambda model, labels: list(model.variations(labels, only=[])), "No region is chosen"),
    (lambda model, labels: model.noise_from_photo(PHOTO, labels, only=[3]), "no pixels of region 3"),
    (
        lambda model, labels: model.noise_from_photo(PHOTO, labels, photo_labels_HW=zeros(9, 9)),
        "The label map of the photo has 9×9 pixels",
    ),
    (
        lambda model, labels: model.noise_from_photo(PHOTO, labels, photo_labels_HW=np.full((64, 96), 5)),
        "shows none of the classes",
    ),
    (
        lambda model, labels: model.noise_from_photo(PHOTO, labels, noise=zeros(64, 96, 8)),
        "no regions that could be told apart",
    ),
    (lambda model, labels: lock(labels, PHOTO), "of type bool; this one is 64×96 of type uint8"),
    (lambda model, labels: lock(labels == 9, PHOTO), "true nowhere"),
    (lambda model, labels: lock(labels == GRASS, PHOTO[:-1]), "The photo has 63×96 pixels"),
    (lambda model, labels: lock(labels == GRASS, PHOTO, feather=99), "0 to 32 pixels, not 99"),
    (lambda model, labels: open_model("outdor"), 'no model "outdor"'),
    (lambda model, labels: open_model("nowhere/at/all"), "no model"),
    (lambda model, labels: open_model("outdoor", device="abacus").render(labels), 'no device "abacus"'),
    (lambda model, labels: open_model("blind").segment(PHOTO), "discriminator"),
    (lambda model, labels: open_model("blind").judge(PHOTO, labels), "cannot judge"),
    (lambda model, labels: open_model("coded").render(labels, noise=zeros(8)), "takes no noise"),
    (lambda model, labels: open_model("coded").render(labels, style=NOT_A_NUMBER), "not numbers"),
    (lambda model, labels: open_model("coded").render(labels, style=zeros(3)), "has 3 numbers"),
    (lambda model, labels: list(open_model("coded").variations(labels, only=[0])), "takes no noise"),
    (lambda model, labels: new_project(model, {}), "needs a layer"),
    (lambda model, labels: new_project(model, {"a": labels, "b": labels[1:]}), "The layer has 63×96 pixels"),
    (lambda model, labels: new_project(model, labels[:4]), "96×4 pixels cannot be opened"),
    (lambda model, labels: new_project(model, labels, background="lava"), 'no class "lava"'),
    (lambda model, labels: new_project(model, labels, background=8), 'no class "8"'),
    (lambda model, labels: new_project(model, labels, seed=-3), "A seed is"),
    (lambda model, labels: new_project(model, labels).set_noise("Layer 1", "sky", zeros(3), model), "The noise is 3"),
    (lambda model, labels: new_project(model, labels).set_noise("no", "sky", 3, model), 'on the layer "no"'),
    (lambda model, labels: new_project(model, labels).keep("Layer 1", "sky"), "no photo yet"),
    (lambda model, labels: new_project(model, labels).release("Layer 1", "lava"), 'no class "lava"'),
]


@pytest.mark.parametrize(("call", "sentence"), CALLS)
def test_calls(model: Model, labels: np.ndarray, call: Call, sentence: str) -> None:
    refused(lambda: call(model, labels), sentence)


def test_files(model: Model, labels: np.ndarray, tmp_path: Path) -> None:
    text = tmp_path / "text.oasis"
    text.write_text("no zip")
    refused(lambda: open_project(text), "text.oasis is damaged")
    refused(lambda: open_project(tmp_path / "none.oasis"), "cannot be read")
    refused(lambda: read_photo(text), "text.oasis")
    refused(lambda: read_labels(text, model), "text.oasis")
    refused(lambda: write_photo(tmp_path / "photo.txt", PHOTO), "no ending of an image")
    refused(lambda: write_photo(tmp_path / "photo.png", labels), "A photo must be")
    refused(lambda: write_labels(tmp_path / "labels.png", labels + 9, model), "does not know")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["text.oasis"]


def test_a_drawing_that_was_painted_with_what_is_no_class_is_not_written(
    model: Model, labels: np.ndarray, tmp_path: Path
) -> None:
    drawing = new_project(model, labels)
    drawing.save(tmp_path / "a.oasis")
    before = (tmp_path / "a.oasis").read_bytes()
    drawing.layers[0].labels[0, :5] = 99
    refused(lambda: drawing.save(tmp_path / "a.oasis"), '"Layer 1" has 5 pixels .* does not know: 99')
    refused(lambda: drawing.labels, "does not know: 99")
    drawing.layers[0].labels = labels.astype(float)
    refused(lambda: drawing.save(tmp_path / "a.oasis"), "The layer must hold whole numbers")
    drawing.layers[0].labels, drawing.photo_HW3 = labels, zeros(3, 3, 3)
    refused(lambda: drawing.save(tmp_path / "a.oasis"), "The photo has 3×3 pixels")
    assert (tmp_path / "a.oasis").read_bytes() == before


def test_what_is_given_is_never_written_to(model: Model, labels: np.ndarray) -> None:
    noise, before = model.noise(range(8)), labels.copy()
    labels.flags.writeable = noise.flags.writeable = False
    photo = model.render(labels, noise=noise)
    photo.flags.writeable = False
    model.judge(photo, labels)
    drawing = new_project(model, labels)
    drawing.layers[0].labels[:] = GRASS
    assert np.array_equal(labels, before)


def refused(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(StudioError, match=sentence) as told:
        call()
    assert str(told.value).endswith((".", "?")) and "\n" not in str(told.value)
