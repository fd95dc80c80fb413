"""Who renders follows the choice, and falls back to the program itself when an environment fails."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from oasis_studio.app.photo.engine_choice import EngineChoice
from oasis_studio.app.photo.external_engine import EngineLost
from oasis_studio.core.work.jobs import EncodeJob, Job, Progress
from oasis_studio.core.work.request import SynthesisRequest, SynthesisResult
from tests.app.scene import InstantRenderer, request
from tests.app.workshop import FakeWorkshop

ENV = "/env/bin/python"


class FakeEngine:
    """Stands in for the other process."""

    def __init__(self) -> None:
        self.is_lost = self.is_closed = False

    def render(self, asked: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        if self.is_lost:
            raise EngineLost("It ended.")
        return SynthesisResult(asked.id, np.zeros((16, 16, 3), np.uint8), "cuda")

    def work(self, job: Job, progress: Progress, is_stale: Callable[[], bool]) -> object:
        if self.is_lost:
            raise EngineLost("It ended.")
        return "from outside"

    def close(self) -> None:
        self.is_closed = True


class World:
    def __init__(self, python: str = "", starts: bool = True) -> None:
        self.engines: list[FakeEngine] = []
        self.own_opened = 0
        self.told: list[EngineLost] = []
        self._starts = starts
        self.choice = EngineChoice(self._open_own, FakeWorkshop, python, self._start)  # type: ignore[arg-type]
        self.choice.given_up.connect(self.told.append)

    def _open_own(self) -> InstantRenderer:
        self.own_opened += 1
        return InstantRenderer()

    def _start(self, python: str) -> FakeEngine:
        assert python == ENV
        if not self._starts:
            raise EngineLost("It did not start.")
        self.engines.append(FakeEngine())
        return self.engines[-1]


def never() -> bool:
    return False


def test_without_a_choice_nothing_is_started(qapp: object) -> None:
    world = World()
    renderer = world.choice.open_renderer()
    assert world.own_opened == 1, "opened with the thread, not with the first stroke"
    assert renderer.render(request(1), never).device == "cpu" and not world.engines


def test_the_choice_is_followed_from_one_photo_to_the_next(qapp: object) -> None:
    world = World()
    renderer = world.choice.open_renderer()
    heard: list[bool] = []
    world.choice.changed.connect(lambda: heard.append(True))
    world.choice.choose(ENV)
    world.choice.choose(ENV)
    assert heard == [True]
    assert [renderer.render(request(n), never).device for n in (1, 2)] == ["cuda", "cuda"]
    assert len(world.engines) == 1
    world.choice.choose("")
    assert renderer.render(request(3), never).device == "cpu" and world.engines[0].is_closed


def test_an_engine_that_dies_loses_no_photo(qapp: object) -> None:
    world = World(ENV)
    renderer = world.choice.open_renderer()
    assert world.own_opened == 0, "its PyTorch is not loaded for nothing"
    renderer.render(request(1), never)
    world.engines[0].is_lost = True
    assert renderer.render(request(2), never).id == 2
    assert world.own_opened == 1 and world.engines[0].is_closed and len(world.told) == 1
    assert world.choice.python == "", "until it is chosen again"
    world.choice.choose(ENV)
    assert renderer.render(request(3), never).device == "cuda" and len(world.engines) == 2


def test_one_that_does_not_start_is_told_once(qapp: object) -> None:
    world = World(ENV, starts=False)
    renderer, workshop = world.choice.open_renderer(), world.choice.open_workshop()
    assert renderer.render(request(1), never).device == "cpu"
    job = EncodeJob("small", np.zeros((2, 2, 3), np.uint8))
    assert workshop.work(job, print, never) is not None
    assert [error.message for error in world.told] == ["It did not start."]


def test_jobs_go_the_same_way(qapp: object) -> None:
    world = World(ENV)
    workshop = world.choice.open_workshop()
    job = EncodeJob("small", np.zeros((2, 2, 3), np.uint8))
    assert workshop.work(job, print, never) == "from outside"
    world.engines[0].is_lost = True
    assert workshop.work(job, print, never) != "from outside"


@pytest.mark.parametrize("is_used", [True, False])
def test_closing_ends_the_processes(qapp: object, is_used: bool) -> None:
    world = World(ENV)
    renderer = world.choice.open_renderer()
    if is_used:
        renderer.render(request(1), never)
    world.choice.close()
    assert all(engine.is_closed for engine in world.engines) and world.engines
