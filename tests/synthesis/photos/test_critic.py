"""The critic reads photos, knows real ones, and finds what was damaged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from oasis_studio.core.models.calibration import Calibration
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.models.reading import Reading
from oasis_studio.core.work.jobs import Critique, CritiqueJob, EncodeJob, JobCancelled, Segmentation, SegmentJob
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.photos.critic import Critic, best_sides, calibrated, confusion, mean_iou
from oasis_studio.synthesis.photos.reading import PhotoReader, prepared
from oasis_studio.synthesis.photos.segmenting import segment
from oasis_studio.synthesis.service.workshop import NetworkWorkshop
from tests.synthesis import small_world
from tests.synthesis.corruptions import area_under_curve, patches


@pytest.fixture(scope="module")
def reader() -> PhotoReader:
    return PhotoReader(small_world.discriminator(), (small_world.SIDE,))


@pytest.fixture(scope="module")
def calibration(reader: PhotoReader) -> Calibration:
    return calibrated(reader, small_world.photos(12), [], small_world.SIDE)


def never() -> bool:
    return False


def test_reads_photos_of_any_size(reader: PhotoReader) -> None:
    for height, width in ((64, 64), (97, 150), (20, 33)):
        image, labels = small_world.photo(5, height, width)
        reading = reader.read(image)
        named, sure = reading.named()
        assert named.shape == sure.shape == (height, width) and reading.fake.shape == (height, width)
        assert np.allclose(reading.probabilities_CHW.sum(axis=0), 1, atol=1e-5)
        if height == 64:
            assert (named == labels).mean() > 0.85


def test_a_reading_answers_in_the_size_of_the_photo() -> None:
    small = np.zeros((4, 2, 2), np.float32)
    small[0], small[1, 0], small[3, 1] = 0.5, 0.5, 0.5
    reading = Reading(small, 4, 4)
    named, sure = reading.named()
    assert (named[0] == 0).all() and (named[3] == 2).all() and sure[0, 0] == pytest.approx(1)
    assert reading.of(np.full((4, 4), 2, np.uint8))[3, 0] == pytest.approx(1)
    named, _sure = reading.named(np.array([1, 1, 0], np.float32))
    assert 2 not in named


def test_a_very_long_photo_is_read_smaller() -> None:
    read = prepared(np.zeros((30, 30_000, 3), np.uint8), 64, 8, PhotoReader(small_world.discriminator(), (8,)).device)
    assert read.shape[2] * read.shape[3] <= 2**21 * 1.2


def test_real_photos_lie_where_real_photos_lie(reader: PhotoReader, calibration: Calibration) -> None:
    critic = Critic(reader, calibration)
    found = [(critic.judge(image, labels), labels) for image, labels in small_world.photos(8, seed=70)]
    assert np.mean([each.realism_HW.mean() for each, _labels in found]) == pytest.approx(0.5, abs=0.15)
    assert all(each.is_calibrated and (each.read_HW == labels).mean() > 0.85 for each, labels in found)


def test_damaged_patches_surprise(reader: PhotoReader, calibration: Calibration) -> None:
    tried = small_world.photos(10, seed=500)
    critic = Critic(reader, calibration)
    clean = [critic.judge(*photo).surprise_HW for photo in tried]
    wrong, right = [], []
    for number, _kind, place, image in patches(tried, np.random.default_rng(0), small_world.CLASSES):
        wrong.append(float(critic.judge(image, tried[number][1]).surprise_HW[place].mean()))
        right.append(float(clean[number][place].mean()))
    assert len(wrong) > 20 and area_under_curve(wrong, right) > 0.8


def test_without_a_calibration_pixels_are_compared_with_each_other(reader: PhotoReader) -> None:
    image, labels = small_world.photo(9)
    wrong = labels.copy()
    wrong[:20] = (wrong[:20] + 1) % 3
    critique = Critic(reader, None).judge(image, wrong)
    assert not critique.is_calibrated and 0.4 < critique.realism_HW.mean() < 0.6
    assert critique.realism_HW[:20].mean() < critique.realism_HW[24:].mean()


def test_trust_in_fake_is_measured(reader: PhotoReader) -> None:
    made = small_world.photos(6)
    grey = np.clip(np.random.default_rng(0).normal(128, 40, (64, 64, 3)), 0, 255).astype(np.uint8)
    found = calibrated(reader, made, [(grey, made[0][1])], small_world.SIDE)
    assert found.trust > 0.8 and found.renders
    assert calibrated(reader, made, made, small_world.SIDE).trust < 0.1


def test_the_sides_are_those_that_read_best(reader: PhotoReader) -> None:
    sides = best_sides(reader, small_world.photos(4), small_world.SIDE)
    assert 1 <= len(sides) <= 2 and max(sides) <= small_world.SIDE


def test_mean_iou_counts_labelled_pixels_and_classes_that_occur() -> None:
    labels = np.array([[0, 0, 255], [1, 1, 255]], np.uint8)
    read = np.array([[0, 1, 0], [1, 1, 2]], np.uint8)
    counts = confusion(labels, read, 3)
    assert counts.sum() == 4 and mean_iou(counts) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert mean_iou(np.zeros((3, 3), np.int64)) == 0


def test_a_photo_becomes_a_label_map_without_specks(reader: PhotoReader) -> None:
    image, labels = small_world.photo(31)
    found = segment(reader, image)
    assert (found.labels_HW == labels).mean() > 0.85
    assert found.sure_HW.min() >= 1 / 3 - 1e-3
    whole = segment(reader, image, smallest=64 * 64)
    assert len(np.unique(whole.labels_HW)) <= len(np.unique(found.labels_HW))
    assert 1 not in segment(reader, image, dont_care=1).labels_HW


def test_a_card_keeps_its_calibration(tmp_path: Path, calibration: Calibration) -> None:
    card = small_world.write_critic_model(tmp_path / "textures", calibration)
    assert ModelCard.read(tmp_path / "textures").critic == calibration == card.critic
    assert PhotoReader.open(tmp_path / "textures", card).sides == calibration.sides


def test_the_workshop_does_the_jobs(tmp_path: Path, calibration: Calibration) -> None:
    small_world.write_critic_model(tmp_path / "textures", calibration)
    workshop = NetworkWorkshop(ModelLibrary(tmp_path, tmp_path / "own"), "cpu")
    image, labels = small_world.photo(3)
    critique = workshop.work(CritiqueJob("textures", image, labels), print, never)
    assert isinstance(critique, Critique) and critique.realism_HW.shape == labels.shape
    found = workshop.work(SegmentJob("textures", image), print, never)
    assert isinstance(found, Segmentation) and (found.labels_HW == labels).mean() > 0.85
    with pytest.raises(JobCancelled):
        workshop.work(SegmentJob("textures", image), print, lambda: True)
    with pytest.raises(StudioError, match="cannot read the style"):
        workshop.work(EncodeJob("textures", image), print, never)


def test_a_model_without_critic_says_so(tmp_path: Path) -> None:
    card = small_world.write_critic_model(tmp_path / "textures")
    bare = replace(card, capabilities=replace(card.capabilities, has_critic=False))
    with pytest.raises(StudioError, match="without a discriminator"):
        PhotoReader.open(tmp_path / "textures", bare)
