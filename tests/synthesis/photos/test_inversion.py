"""Noise found from a photo brings a region's colours nearer to it, and touches nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.jobs import Inversion, InversionJob, JobCancelled
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.photos.inversion import Effort
from oasis_studio.synthesis.photos.likeness import lab
from oasis_studio.synthesis.rendering.renderer import EagerRenderer
from oasis_studio.synthesis.service.workshop import NetworkWorkshop
from tests.synthesis import small_world

EFFORT = Effort(draws=24, small=12, full=4, seconds=(600, 600, 600))
LITTLE = Effort(draws=6, small=3, full=2, seconds=(600, 600, 600))
NOISE = small_world.GENERATOR.noise


def never() -> bool:
    return False


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    small_world.write_critic_model(tmp_path / "textures")
    return ModelLibrary(tmp_path, tmp_path / "own")


def make_job(library: ModelLibrary, **changes) -> InversionJob:
    """The reference is a picture of the model's own, with noise that is to be found again."""
    _image, labels = small_world.photo(1)
    regions = labels.astype(np.uint16)
    wanted = np.stack([noise_vector(seed, NOISE) for seed in (11, 12, 13)])
    asked = SynthesisRequest(0, "textures", labels, regions, wanted, Quality.FINAL)
    photo = EagerRenderer(library, "cpu").render(asked).image_HW3
    noise = np.stack([noise_vector(seed, NOISE) for seed in (1, 2, 3)])
    targets = ((0, 0), (2, 2))
    return replace(InversionJob("textures", labels, regions, noise, targets, photo, labels), **changes)


def invert(
    library: ModelLibrary, job: InversionJob, progress=lambda _value: None, effort: Effort = LITTLE
) -> Inversion:
    found = NetworkWorkshop(library, "cpu", effort).work(job, progress, never)
    assert isinstance(found, Inversion)
    return found


def test_the_colours_come_nearer_by_half(library: ModelLibrary) -> None:
    told: list[object] = []
    found = invert(library, make_job(library), told.append, EFFORT)
    assert found.noise_TZ.shape == (2, NOISE) and np.isfinite(found.noise_TZ).all()
    assert sum(each.now for each in found.distances) < 0.5 * sum(each.before for each in found.distances)
    assert [each.row for each in found.distances] == [0, 2]
    shares = [value.share if isinstance(value, Inversion) else value for value in told]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert found.image_HW3.shape == (small_world.SIDE, small_world.SIDE, 3)


def test_the_same_job_gives_the_same_noise(library: ModelLibrary) -> None:
    first, second = (invert(library, make_job(library)).noise_TZ for _time in range(2))
    assert np.array_equal(first, second)


def test_it_works_without_a_critic(library: ModelLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "textures"
    card = library.find("textures")[1]
    replace(card, capabilities=replace(card.capabilities, has_critic=False)).write(folder)
    found = invert(library, make_job(library))
    assert all(each.now <= each.before for each in found.distances)


def test_a_region_of_one_pixel_is_no_trouble(library: ModelLibrary) -> None:
    job = make_job(library)
    labels, regions = job.labels_HW.copy(), np.zeros_like(job.regions_HW)
    regions[5, 7] = 1
    found = invert(library, replace(job, labels_HW=labels, regions_HW=regions, targets=((1, int(labels[5, 7])),)))
    assert np.isfinite(found.noise_TZ).all() and found.distances[0].now <= found.distances[0].before


def test_what_cannot_be_found_is_said(library: ModelLibrary) -> None:
    job = make_job(library)
    with pytest.raises(StudioError, match="shows nothing"):
        invert(library, replace(job, photo_labels_HW=np.full_like(job.photo_labels_HW, 1)))
    with pytest.raises(StudioError, match="No region"):
        invert(library, replace(job, targets=()))
    with pytest.raises(StudioError, match="no pixels any more"):
        invert(library, replace(job, regions_HW=np.zeros_like(job.regions_HW)))


def test_it_can_be_cancelled_on_the_way(library: ModelLibrary) -> None:
    told: list[object] = []
    with pytest.raises(JobCancelled):
        NetworkWorkshop(library, "cpu", EFFORT).work(make_job(library), told.append, lambda: len(told) > 3)
    assert len(told) < 8


def test_lab_of_known_colours() -> None:
    rgb = torch.tensor([[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 128, 0]], dtype=torch.float32)
    found = lab(rgb.T[None, :, :, None] / 127.5 - 1)[0, :, :, 0].T
    wanted = torch.tensor([[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20], [46.23, -51.70, 49.90]])
    assert torch.allclose(found, wanted, atol=0.15)
