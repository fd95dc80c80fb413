"""Following an edit is close to a whole render, and the next whole render is the true one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from oasis_studio.core.pixels.box import Box
from oasis_studio.core.work.request import SynthesisCancelled
from oasis_studio.synthesis.engine import compiled, editing
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.drift import Tolerance
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.rectangles import changed_box
from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from tests.synthesis.engine.scenes import ANYTHING, CLASSES, PUBLISHED, STARTER, network, plain, psnr, scene

pytestmark = pytest.mark.usefixtures("kernels", "follows_anything")
BOTH = pytest.mark.parametrize("config", [PUBLISHED, STARTER], ids=["published", "starter"])
CPU = torch.device("cpu")


def live_image(generator: Generator, tolerance: Tolerance | None = None) -> LiveImage:
    return LiveImage(CompiledGenerator(generator, torch.float32, CPU), tolerance)


def never() -> bool:
    return False


def follow(live: LiveImage, picture: Scene) -> tuple[np.ndarray, bool]:
    with torch.inference_mode():
        image, is_approximate = live.follow(picture, never)
        return image.numpy().copy(), is_approximate


def dabbed(picture: Scene, box: Box) -> Scene:
    """Another class in the box than whatever was there."""
    labels = picture.labels_HW.copy()
    labels[box.slices] = (labels[box.slices] + 1) % CLASSES
    return Scene(labels, picture.regions_HW, picture.noise_RZ)


def test_the_changed_box_is_the_smallest():
    old = np.zeros((9, 9), np.int32)
    new = old.copy()
    new[3, 2] = new[5, 7] = 1
    assert changed_box(old, new) == Box(2, 3, 8, 6)
    assert changed_box(old, old).is_empty


@BOTH
@pytest.mark.parametrize("box", [Box(40, 50, 60, 66), Box(0, 0, 9, 9), Box(118, 0, 128, 30), Box(61, 61, 62, 62)])
def test_a_followed_dab_is_close_to_a_whole_render(config: GeneratorConfig, box: Box):
    generator = network(config)
    live = live_image(generator)
    before = scene(128, 128, 12)
    after = dabbed(before, box)
    follow(live, before)
    image, is_approximate = follow(live, after)
    expected = plain(generator, after)
    assert is_approximate
    assert psnr(image[box.slices], expected[box.slices]) > 40  # under the brush nothing is missing
    assert psnr(image, expected) > psnr(plain(generator, before), expected) + 1


@BOTH
def test_an_edit_of_almost_everything_reaches_every_pixel(config: GeneratorConfig, monkeypatch: pytest.MonkeyPatch):
    """With a rectangle that fills the image, following is a whole render: borders and crops are right."""
    monkeypatch.setattr("oasis_studio.synthesis.engine.editing._LARGEST_SHARE", 1.0)
    generator = network(config)
    live = live_image(generator)
    before = scene(64, 96, 12)
    labels = before.labels_HW.copy()
    labels[0, 0] = (labels[0, 0] + 1) % CLASSES
    labels[-1, -1] = (labels[-1, -1] + 1) % CLASSES
    after = Scene(labels, before.regions_HW, before.noise_RZ)
    follow(live, before)
    image, is_approximate = follow(live, after)
    assert is_approximate
    assert np.abs(image - plain(generator, after)).max() < 1e-4


@BOTH
def test_the_whole_render_after_many_dabs_is_exact(config: GeneratorConfig):
    generator = network(config)
    live = live_image(generator)
    picture = scene(64, 64, 6)
    rng = np.random.default_rng(0)
    for _dab in range(6):
        x, y = (int(value) for value in rng.integers(0, 56, 2))
        picture = dabbed(picture, Box(x, y, x + 8, y + 8))
        follow(live, picture)
    with torch.inference_mode():
        settled = live.render(picture, never).numpy()
    assert np.abs(settled - plain(generator, picture)).max() < 1e-4


@BOTH
def test_nothing_changed_means_nothing_rendered(config: GeneratorConfig):
    live = live_image(network(config))
    picture = scene(64, 64, 6)
    first, _is_approximate = follow(live, picture)
    again, is_approximate = follow(live, picture)
    assert not is_approximate and np.array_equal(first, again)
    edited, _is_approximate = follow(live, dabbed(picture, Box(30, 30, 40, 40)))
    again, is_approximate = follow(live, dabbed(picture, Box(30, 30, 40, 40)))
    assert is_approximate and np.array_equal(edited, again)


@BOTH
def test_another_size_large_edits_and_restless_scenes_are_rendered_whole(
    config: GeneratorConfig, monkeypatch: pytest.MonkeyPatch
):
    generator = network(config)
    live = live_image(generator)
    follow(live, scene(64, 64, 6))
    for picture in (scene(64, 96, 6), scene(64, 96, 9, seed=1)):
        image, is_approximate = follow(live, picture)
        assert not is_approximate
        assert np.abs(image - plain(generator, picture)).max() < 1e-4
    monkeypatch.setattr(compiled, "_MOST_ENTRIES", 2)
    assert not follow(live, picture)[1]


@BOTH
def test_numbers_given_anew_are_not_mistaken_for_the_old_ones(config: GeneratorConfig, monkeypatch: pytest.MonkeyPatch):
    generator = network(config)
    live = live_image(generator)
    first = scene(64, 64, 1)
    follow(live, first)
    monkeypatch.setattr(compiled, "_MOST_KEPT_ENTRIES", 1)
    second = Scene(first.labels_HW, first.regions_HW, first.noise_RZ + 1)
    image, is_approximate = follow(live, second)
    assert not is_approximate
    assert np.abs(image - plain(generator, second)).max() < 1e-4


@BOTH
def test_an_abandoned_edit_leaves_no_trace_once_undone(config: GeneratorConfig):
    generator = network(config)
    live = live_image(generator)
    before = scene(128, 128, 6)
    original, _is_approximate = follow(live, before)
    with torch.inference_mode(), pytest.raises(SynthesisCancelled):
        live.follow(dabbed(before, Box(30, 30, 70, 70)), lambda: True)
    undone, _is_approximate = follow(live, before)
    assert psnr(undone, original) > 60


@BOTH
def test_an_abandoned_whole_render_is_not_followed(config: GeneratorConfig):
    generator = network(config)
    live = live_image(generator)
    follow(live, scene(64, 64, 6))
    with torch.inference_mode(), pytest.raises(SynthesisCancelled):
        live.render(scene(64, 64, 6, seed=1), lambda: True)
    image, is_approximate = follow(live, scene(64, 64, 6))
    assert not is_approximate
    assert np.abs(image - plain(generator, scene(64, 64, 6))).max() < 1e-4


@BOTH
def test_detail_comes_first_and_the_rest_makes_up_for_it(config: GeneratorConfig):
    generator = network(config)
    live = live_image(generator)
    before = scene(128, 128, 12)
    box = Box(40, 48, 64, 70)
    after = dabbed(before, box)
    follow(live, before)
    coarse = live.generator.blocks[0].level.windows
    with torch.inference_mode():
        image, is_approximate = live.follow(after, never, only_detail=True)
        detail = image.numpy().copy()
    assert is_approximate and live.generator.blocks[0].level.windows == coarse, "coarse blocks wait"
    expected = plain(generator, after)
    assert psnr(detail, expected) > psnr(plain(generator, before), expected)
    complete, _is_approximate = follow(live, after)
    assert psnr(complete, expected) > psnr(detail, expected)
    other = live_image(generator)
    follow(other, before)
    assert psnr(complete, follow(other, after)[0]) > 80, "as if it had been followed at once"


@BOTH
def test_dabs_in_detail_add_up(config: GeneratorConfig):
    """Several dabs whose coarse blocks wait, one of them abandoned, are all made up for."""
    generator = network(config)
    live = live_image(generator)
    picture = scene(128, 128, 6)
    follow(live, picture)
    boxes = [Box(16, 16, 34, 34), Box(48, 24, 64, 48), Box(20, 64, 40, 80)]
    for number, box in enumerate(boxes):
        picture = dabbed(picture, box)
        with torch.inference_mode():
            if number == 1:
                with pytest.raises(SynthesisCancelled):
                    live.follow(picture, lambda: True)
            else:
                live.follow(picture, never, only_detail=True)
    image, is_approximate = follow(live, picture)
    expected = plain(generator, picture)
    assert is_approximate
    for box in boxes:
        assert psnr(image[box.slices], expected[box.slices]) > 38


@BOTH
def test_a_dab_undone_in_detail_leaves_no_trace(config: GeneratorConfig):
    generator = network(config)
    live = live_image(generator)
    before = scene(128, 128, 6)
    original, _is_approximate = follow(live, before)
    after = dabbed(before, Box(30, 30, 60, 60))
    with torch.inference_mode():
        live.follow(after, never, only_detail=True)
        live.follow(before, never, only_detail=True)
    undone, _is_approximate = follow(live, before)
    assert psnr(undone, original) > 60


@BOTH
def test_an_edit_that_moves_the_whole_composition_is_rendered_whole(config: GeneratorConfig):
    generator = network(config)
    live = live_image(generator, Tolerance(edit=50))
    before = scene(128, 128, 6)
    after = dabbed(before, Box(20, 20, 70, 70))
    follow(live, before)
    image, is_approximate = follow(live, after)
    assert not is_approximate
    assert np.abs(image - plain(generator, after)).max() < 1e-4


@BOTH
def test_what_many_small_edits_leave_behind_stays_bounded(config: GeneratorConfig):
    """A stroke of small dabs: more of the picture is rendered on the way, and no photo is as far off as without."""
    generator = network(config)
    worst = []
    for tolerance in (replace(ANYTHING, stroke=32), ANYTHING):
        live = live_image(generator, tolerance)
        picture = scene(128, 128, 6)
        follow(live, picture)
        found = []
        for step in range(10):
            picture = dabbed(picture, Box(8 + 10 * step, 40, 20 + 10 * step, 52))
            image, _is_approximate = follow(live, picture)
            found.append(psnr(image, plain(generator, picture)))
        worst.append(min(found))
    assert worst[0] > worst[1] + 2


@BOTH
def test_how_much_is_followed_is_learnt_from_whole_photos(config: GeneratorConfig):
    """After some edits and rests, those that are followed keep what the tolerance asks for, or nearly."""
    generator = network(config)
    live = live_image(generator, Tolerance(edit=34, stroke=34))
    found: list[float] = []
    for seed in range(12):
        picture = scene(128, 128, 8, seed)
        with torch.inference_mode():
            live.render(picture, never)
        after = dabbed(picture, Box(60, 50, 72, 62))
        image, is_approximate = follow(live, after)
        if is_approximate and seed >= 2:
            found.append(psnr(image, plain(generator, after)))
        with torch.inference_mode():
            live.render(after, never)
    assert found and min(found) > 31


def test_a_picture_of_a_few_coarse_pixels_is_never_followed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(editing, "_LEAST_COMPOSITION", 65)
    live = live_image(network(PUBLISHED))
    before = scene(64, 64, 6)
    follow(live, before)
    after = dabbed(before, Box(20, 20, 24, 24))
    for only_detail in (True, False):
        with torch.inference_mode():
            assert not live.follow(after, never, only_detail)[1]
