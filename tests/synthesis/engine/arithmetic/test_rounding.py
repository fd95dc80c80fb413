"""Weights in fewer bits: no tap is off by more than two roundings, and the sums of kernels hardly at all."""

from __future__ import annotations

import torch

from oasis_studio.synthesis.engine.arithmetic.rounding import rounded


def test_errors_of_a_kernels_taps_cancel() -> None:
    torch.manual_seed(0)
    weight = torch.randn(40, 30, 3, 3)
    found, plain = rounded(weight, torch.bfloat16), weight.bfloat16()
    assert found.dtype == torch.bfloat16
    sums, plain_sums = ((w.float() - weight).sum((2, 3)).square().mean().sqrt() for w in (found, plain))
    assert sums < plain_sums / 2
    step = 2.0**-7 * weight.abs().amax((2, 3), keepdim=True)
    assert ((found.float() - weight).abs() <= step).all()


def test_what_fits_stays_as_it_is() -> None:
    torch.manual_seed(0)
    weight = torch.randn(4, 3, 3, 3)
    assert torch.equal(rounded(weight, torch.float32), weight)
    short = weight.bfloat16().float()
    assert torch.equal(rounded(short, torch.bfloat16).float(), short)
    point = torch.randn(4, 3, 1, 1)
    assert torch.equal(rounded(point, torch.bfloat16), point.bfloat16())


def test_integers_are_the_nearest_but_for_what_is_owed() -> None:
    torch.manual_seed(0)
    weight = 20 * torch.randn(40, 30, 3, 3)
    found = rounded(weight, torch.int16)
    assert found.dtype == torch.int16
    assert ((found - weight).abs() <= 1).all()
    assert ((found - weight).sum((2, 3)).abs() <= 0.5 + 1e-4).all()
