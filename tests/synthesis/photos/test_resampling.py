"""Another seed for a region is taken only if the critic likes it better."""

from pathlib import Path

import numpy as np
import pytest

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.jobs import JobCancelled, ResampleJob, Resampling
from oasis_studio.core.work.request import SynthesisRequest
from oasis_studio.synthesis.service.workshop import NetworkWorkshop
from tests.synthesis import small_world


@pytest.fixture
def workshop(tmp_path: Path) -> NetworkWorkshop:
    small_world.write_critic_model(tmp_path / "textures")
    return NetworkWorkshop(ModelLibrary(tmp_path, tmp_path / "own"), "cpu")


def make_job(seeds: tuple[int, ...]) -> ResampleJob:
    _image, labels = small_world.photo(2)
    noise = np.stack([noise_vector(seed, small_world.GENERATOR.noise) for seed in (1, 2, 3)])
    request = SynthesisRequest(0, "textures", labels, labels.astype(np.uint16), noise)
    return ResampleJob(request, 1, labels == 1, seeds)


def never() -> bool:
    return False


def test_the_best_of_the_seeds_beats_now(workshop: NetworkWorkshop) -> None:
    told: list[object] = []
    found = workshop.work(make_job(tuple(range(10, 22))), told.append, never)
    assert isinstance(found, Resampling) and found.seed in range(10, 22) and found.now < found.before
    again = workshop.work(make_job((found.seed,)), print, never)
    assert isinstance(again, Resampling) and again.now == pytest.approx(found.now, abs=0.05)
    assert told[-1] == 1.0


def test_the_seed_it_has_is_not_better_than_itself(workshop: NetworkWorkshop) -> None:
    found = workshop.work(make_job((2,)), print, never)
    assert isinstance(found, Resampling) and found.seed is None and found.now == found.before


def test_it_can_be_cancelled(workshop: NetworkWorkshop) -> None:
    told: list[object] = []
    with pytest.raises(JobCancelled):
        workshop.work(make_job(tuple(range(50))), told.append, lambda: len(told) >= 2)
