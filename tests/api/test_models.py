"""Models from scripts: what a photo is made of, and what a model says of photos."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
import threading
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from oasis_studio import api
from oasis_studio.api import Cancelled, Model, lock, models, open_model
from tests.api.conftest import GRASS, SKY


def test_models_are_opened_by_id_name_and_folder(library: Path) -> None:
    assert {"outdoor", "blind", "coded"} <= set(models())
    for name in ("outdoor", "Tiny outdoor", library / "outdoor"):
        assert open_model(name).card.id == "outdoor"
    found = open_model("outdoor")
    assert found.classes[GRASS] == "grass" and found.native_size == (64, 64) and found.noise_size == 8
    assert found.palette.shape == (len(found.classes), 3) and found.palette.dtype == np.uint8


def test_a_model_outside_the_library_is_not_mistaken_for_its_namesake(library: Path, tmp_path: Path) -> None:
    (library / "blind").rename(tmp_path / "outdoor")
    found = open_model(tmp_path / "outdoor")
    assert found.folder == tmp_path / "outdoor" and not found.card.capabilities.has_critic
    assert found.render(np.zeros((32, 32), np.uint8)).shape == (32, 32, 3)


def test_the_same_arguments_give_the_same_photo(model: Model, labels: np.ndarray) -> None:
    first = model.render(labels, seed=1)
    assert first.shape == (64, 96, 3) and first.dtype == np.uint8
    assert np.array_equal(model.render(labels.tolist(), seed=1), first)
    assert np.array_equal(model.render(labels.astype(np.int64), seed=np.int32(1)), first)
    assert not np.array_equal(model.render(labels, seed=2), first)
    raw = model.render_float(labels, seed=1)
    assert raw.dtype == np.float32 and np.abs((raw + 1) * 127.5 - first).max() <= 0.51


def test_noise_comes_in_four_shapes_that_agree(model: Model, labels: np.ndarray) -> None:
    vector, count = model.noise(5), len(model.classes)
    expected = model.render(labels, seed=5).astype(int)
    by_class = np.repeat(vector[None], count, axis=0)
    by_pixel = np.broadcast_to(vector, (*labels.shape, len(vector)))
    for given in ({"noise": vector}, {"noise": by_class}, {"noise": by_pixel}, {"seed": [5] * count}):
        assert np.abs(model.render(labels, **given) - expected).max() <= 1
    regions = np.zeros(labels.shape, int)
    regions[:, 48:] = 1
    parted = model.render(labels, noise=model.noise([5, 6]), regions=regions)
    assert np.array_equal(parted, model.render(labels, seed=[5, 6], regions=regions))
    spread = model.noise([5, 6])[regions]
    assert np.abs(model.render(labels, noise=spread).astype(int) - parted).max() <= 1
    assert np.abs(parted[:, :20].astype(int) - expected[:, :20]).max() <= 1
    assert np.abs(parted[:, 70:].astype(int) - expected[:, 70:]).max() > 1


def test_more_different_noise_than_the_engine_tells_apart_is_rendered(model: Model) -> None:
    labels_HW = np.zeros((272, 256), np.uint8)
    noise = np.random.default_rng(0).standard_normal((272, 256, model.noise_size)).astype(np.float32)
    photo = model.render(labels_HW, noise=noise)
    assert photo.shape == (272, 256, 3)
    cut = model.render(labels_HW[:256], noise=noise[:256])  # these the engine does
    assert np.abs(photo[:200].astype(int) - cut[:200]).mean() < 3


def test_unpainted_pixels_need_a_class_for_them(model: Model, labels: np.ndarray) -> None:
    labels[0, :3] = 255
    with pytest.raises(api.StudioError, match="The label map has 3 unpainted pixels"):
        model.render(labels)


def test_locked_pixels_stay_bit_for_bit(model: Model, labels: np.ndarray) -> None:
    first = model.render(labels, seed=1)
    kept = lock(labels == SKY, first, feather=4)
    second = model.render(labels, seed=2, locks=[kept])
    assert np.array_equal(second[:40], first[:40])
    assert np.array_equal(second[45:], model.render(labels, seed=2)[45:])


def test_precision_may_change_from_call_to_call(model: Model, labels: np.ndarray) -> None:
    exact = model.render(labels)
    rough = model.render(labels, precision="bf16").astype(int)
    assert 0 < np.abs(rough - exact).max() < 60
    assert np.array_equal(model.render(labels, precision="fp32"), exact)


def test_progress_is_told_and_work_can_be_taken_back(model: Model, labels: np.ndarray) -> None:
    told: list[tuple[int, int]] = []
    model.render(labels, progress=lambda done, total: told.append((done, total)))
    assert told and told[-1][0] == told[-1][1]
    with pytest.raises(Cancelled, match="cancelled"):
        model.render(labels, is_cancelled=lambda: True)
    assert model.render(labels).any()


def test_threads_take_turns(model: Model, labels: np.ndarray) -> None:
    expected = [model.render(labels, seed=seed) for seed in range(4)]
    found: dict[int, np.ndarray] = {}

    def work(seed: int) -> None:
        found[seed] = model.render(labels, seed=seed)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(np.array_equal(found[seed], expected[seed]) for seed in range(4))


def test_variations_differ_where_they_may(model: Model, labels: np.ndarray) -> None:
    whole = list(model.variations(labels, [3, 4]))
    assert [each.seed for each in whole] == [3, 4]
    assert np.array_equal(whole[0].photo_HW3, model.render(labels, seed=3))
    parts = list(model.variations(labels, [3, 4], only=[GRASS], seed=9, judged=True))
    assert all(np.array_equal(each.noise_RZ[SKY], model.noise(9)) for each in parts)
    assert np.array_equal(parts[1].noise_RZ[GRASS], model.noise(4))
    assert np.array_equal(model.render(labels, noise=parts[1].noise_RZ), parts[1].photo_HW3)
    assert all(each.realism is not None and 0 <= each.realism <= 1 for each in parts)


def test_a_photo_is_read_and_judged(model: Model, labels: np.ndarray) -> None:
    photo = model.render(labels)
    read = model.segment(photo)
    assert read.labels_HW.shape == labels.shape and int(read.labels_HW.max()) < len(model.classes)
    doubt = model.judge(photo, labels)
    for each in fields(doubt):
        value = getattr(doubt, each.name)
        assert isinstance(value, bool) or value.shape == labels.shape
    assert 0 <= float(doubt.realism_HW.min()) <= float(doubt.realism_HW.max()) <= 1


def test_noise_is_found_in_a_photo(model: Model, labels: np.ndarray) -> None:
    photo, shares = model.render(labels, seed=1), []
    found = model.noise_from_photo(
        photo, labels, photo_labels_HW=labels, only=[GRASS], seed=7, on_progress=shares.append
    )
    assert found.found == (GRASS,) and found.now[0] <= found.before[0]
    assert np.array_equal(found.noise_RZ[SKY], model.noise(7))
    assert found.noise_RZ.shape == (len(model.classes), model.noise_size)
    assert shares[-1] == 1.0 and all(0 <= share <= 1 for share in shares)
    assert model.render(labels, noise=found.noise_RZ).shape == photo.shape


def test_a_model_with_a_style_code_takes_one_from_a_photo(labels: np.ndarray) -> None:
    coded = open_model("coded", device="cpu")
    photo = coded.render(labels, seed=1)
    code = coded.style_code(photo)
    assert code.shape == (16,) and np.isfinite(code).all()
    assert not np.array_equal(coded.render(labels, style=code), photo)
    assert len(list(coded.variations(labels, range(2)))) == 2


def test_every_name_is_there_and_neither_torch_nor_qt_is_loaded_before_it_is_needed() -> None:
    assert all(getattr(api, name) is not None for name in api.__all__)
    assert set(api.__all__) <= set(dir(api))
    assert not set(api.__all__) & {each.name for each in pkgutil.iter_modules(api.__path__)}, "one would hide the other"
    code = (
        "import sys, oasis_studio.api as api\n"
        "for name in api.__all__: getattr(api, name)\n"
        "api.open_model('outdoor').classes\n"
        "print([name for name in ('torch', 'PySide6', 'oasis_studio.app', 'oasis_training') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
