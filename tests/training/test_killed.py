"""A trainer that is killed at any moment goes on as if it had never been."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from oasis_training.recipe import Recipe
from safetensors.torch import load_file

from tests.training.run.test_trainer import StopAfter, make

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children that need no start-up are made by fork")


def train(recipe: Recipe, data: Path, folder: Path) -> None:
    """In a child: begin, or go on, to the end; every step is saved."""
    trainer = make(recipe, data, folder)
    if (folder / "state.json").is_file():
        trainer.resume()
    trainer.run(StopAfter(10**9))


def run_child(recipe: Recipe, data: Path, folder: Path, moment: Moment | None = None) -> bool:
    """Let a child train, and kill it at the ``moment``; did it come to its end?"""
    told = told_by(folder)
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        try:
            train(recipe, data, folder)
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = None if moment is None else wait_for(pid, folder, told + moment.events)
    if status is None:
        if moment is not None:
            time.sleep(moment.seconds)
            os.kill(pid, signal.SIGKILL)
        _pid, status = os.waitpid(pid, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFEXITED(status)


@dataclass(frozen=True)
class Moment:
    """So many ``seconds`` after a child told of so many ``events``: on a slow machine it is as far then as on any."""

    events: int
    seconds: float


def told_by(folder: Path) -> int:
    path = folder / "events.jsonl"
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def wait_for(pid: int, folder: Path, events: int) -> int | None:
    """Until the folder tells of so many events; the child's status if it ended before."""
    while told_by(folder) < events:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.002)
    return None


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_at_random_moments_it_ends_as_if_it_never_was(recipe, data, tmp_path, kills: int) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        saved = recipe.to_json() | {"save_minutes": 0.0, "preview_every": 16}
        saved["phases"] = [phase | {"images": 8 * (2 + kills)} for phase in saved["phases"]]
        made = Recipe.from_json(saved)
        assert run_child(made, data, tmp_path / "whole")
        draws = random.Random(kills)
        moments = [Moment(draws.randint(0, 8), draws.uniform(0, 0.1)) for _kill in range(kills)]
        killed = sum(not run_child(made, data, tmp_path / "parts", moment) for moment in moments)
        assert run_child(made, data, tmp_path / "parts") and killed > kills / 2
    finally:
        torch.set_num_threads(before)
    whole, parts = (load_file(next((tmp_path / name).glob("state-*.safetensors"))) for name in ("whole", "parts"))
    assert [key for key in whole if not torch.equal(whole[key], parts[key])] == []
    for line in (tmp_path / "parts" / "events.jsonl").read_text().splitlines():
        assert isinstance(json.loads(line), dict) or line == ""


@pytest.mark.slow
def test_memory_does_not_grow_over_two_thousand_steps(recipe, data, tmp_path) -> None:
    from oasis_studio.synthesis.rendering.memory import resident_bytes

    longer = recipe.to_json() | {"preview_every": 10**9}
    longer["phases"] = [longer["phases"][1] | {"images": 4 * 2400}]
    trainer = make(Recipe.from_json(longer), data, tmp_path / "run")
    seen = []

    class Watched(StopAfter):
        def poll(self) -> None:
            super().poll()
            if trainer.progress.steps in (400, 2400 - 1):
                seen.append(resident_bytes())

    trainer.run(Watched(10**9))
    assert len(seen) == 2 and seen[1] - seen[0] < 30 * 2**20
