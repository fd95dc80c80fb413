"""Damped steps go down only, reach what can be reached, and survive regions that disturb each other."""

import pytest
import torch
from torch import Tensor

from oasis_studio.core.work.jobs import JobCancelled
from oasis_studio.synthesis.photos.least_squares import Found, descend

TARGETS, KINDS, NOISE = 3, 4, 6


def _problem(coupling: float, seed: int = 0):
    """Bent in every direction; a vector moves its own numbers, and ``coupling`` times as much its neighbours'."""
    draw = torch.Generator().manual_seed(seed)
    own = torch.randn(TARGETS, KINDS, NOISE, generator=draw)
    across = torch.randn(TARGETS, KINDS, TARGETS * NOISE, generator=draw)
    hidden = torch.randn(TARGETS, NOISE, generator=draw)

    def values(vectors_NTZ: Tensor) -> Tensor:
        straight = torch.einsum("tkz,ntz->ntk", own, vectors_NTZ)
        straight = straight + coupling * torch.einsum("tkz,nz->ntk", across, vectors_NTZ.flatten(1))
        return straight + 0.3 * straight.tanh()

    wanted = values(hidden[None])
    return lambda vectors_NTZ: values(vectors_NTZ) - wanted


def _walk(residuals, steps: int = 40) -> list[Found]:
    found = []
    for each in descend(residuals, torch.zeros(TARGETS, NOISE), lambda: None):
        found.append(each)
        if len(found) == steps:
            break
    return found


@pytest.mark.parametrize("coupling", [0.0, 0.2, 0.5])
def test_it_goes_down_to_the_bottom(coupling: float) -> None:
    residuals = _problem(coupling)
    start = float(residuals(torch.zeros(1, TARGETS, NOISE)).square().sum())
    losses = [each.loss for each in _walk(residuals)]
    assert all(after <= before for before, after in zip([start, *losses], losses, strict=False))
    assert losses[-1] < 1e-3 * start


def test_what_it_says_is_what_it_found() -> None:
    residuals = _problem(0.2)
    last = _walk(residuals, 5)[-1]
    assert float(residuals(last.vectors_TZ[None]).square().sum()) == pytest.approx(last.loss, rel=1e-4)


def test_it_ends_where_nothing_helps() -> None:
    found = list(descend(lambda vectors: vectors.abs() + 1, torch.zeros(TARGETS, NOISE), lambda: None))
    assert len(found) < 10 and not found[-1].vectors_TZ.any()


def test_it_can_be_stopped_between_two_passes() -> None:
    asked = []

    def check() -> None:
        asked.append(1)
        if len(asked) > 4:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        _ = list(descend(_problem(0), torch.zeros(TARGETS, NOISE), check))
    assert len(asked) == 5
