"""Damped Gauss-Newton steps (Levenberg 1944, Marquardt 1963) for many small problems that disturb each other a little.

A few numbers of every region (T of them) depend on its own vector above all, and a little on those of its neighbours.
The curvature is taken of each region alone; the gradient is the whole one, so that a short enough step always leads
down. That takes one pass back for every kind of number, however many regions there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

Residuals = Callable[[Tensor], Tensor]
"""(N, T, Z) vectors → (N, T, K) numbers whose squares are to become small; differentiable."""

_FACTORS = (0.1, 1.0, 10.0)
"""Of the damping: steps that are tried, from bold to careful."""
_REFUSED = 100.0
_DAMPING = (1e-2, 1.0, 1e6)
"""Least, first, most."""
_LONGEST = 2.5
"""A step's length at most: beyond it the network is no longer what it was measured to be."""


@dataclass(frozen=True)
class Found:
    """Vectors (T, Z), and the sum of the squares of everything with them."""

    vectors_TZ: Tensor
    loss: float


def descend(residuals: Residuals, start_TZ: Tensor, check: Callable[[], None]) -> Iterator[Found]:
    """Yield what is found after every attempt, never worse than before; ends when no step helps any more.

    ``check`` is called between two passes through the network, and may raise.
    """
    least, first, most = _DAMPING
    vectors, damping_T = start_TZ, start_TZ.new_full((len(start_TZ),), first)
    factors = start_TZ.new_tensor((*_FACTORS, _REFUSED))
    jacobian_TKZ, gradient_TZ, loss_T = _measured(residuals, vectors, check)
    while float(damping_T.min()) < most:
        tried = vectors + torch.stack([_step(jacobian_TKZ, gradient_TZ, factor * damping_T) for factor in _FACTORS])
        losses_FT = _losses(residuals, tried, check)
        # Each region has a step that suits it best; whether they suit each other is seen by trying them together.
        best_T = torch.cat([losses_FT, loss_T[None]]).argmin(dim=0)
        mixed = torch.cat([tried, vectors[None]])[best_T, torch.arange(len(best_T), device=best_T.device)]
        together = torch.cat([losses_FT, _losses(residuals, mixed[None], check)]).sum(dim=1)
        winner, is_mixed = int(together.argmin()), int(together.argmin()) == len(_FACTORS)
        if float(together[winner]) >= float(loss_T.sum()):
            damping_T = (_REFUSED * damping_T).clamp(least, most)
        else:
            damping_T = (damping_T * (factors[best_T] if is_mixed else factors[winner])).clamp(least, most)
            vectors = mixed if is_mixed else tried[winner]
            jacobian_TKZ, gradient_TZ, loss_T = _measured(residuals, vectors, check)
        yield Found(vectors, float(loss_T.sum()))


def _measured(residuals: Residuals, vectors_TZ: Tensor, check: Callable[[], None]) -> tuple[Tensor, Tensor, Tensor]:
    """Jacobian of every region (T, K, Z), gradient of the half sum of squares (T, Z), squares of every region (T,)."""
    vectors = vectors_TZ.detach().clone().requires_grad_(True)
    check()
    found_TK = residuals(vectors[None])[0]
    rows: list[Tensor] = []
    for number_T in found_TK.unbind(dim=1):
        check()
        rows.append(torch.autograd.grad(number_T.sum(), vectors, retain_graph=True)[0])
    check()
    (gradient,) = torch.autograd.grad(0.5 * found_TK.square().sum(), vectors)
    return torch.stack(rows, dim=1), gradient, found_TK.detach().square().sum(dim=1)


def _losses(residuals: Residuals, vectors_NTZ: Tensor, check: Callable[[], None]) -> Tensor:
    """(N, T): the sums of squares."""
    check()
    with torch.no_grad():
        return residuals(vectors_NTZ).square().sum(dim=2)


def _step(jacobian_TKZ: Tensor, gradient_TZ: Tensor, damping_T: Tensor) -> Tensor:
    """(T, Z): where the squares would be least if all were straight, not too far away."""
    curvature = jacobian_TKZ.transpose(1, 2) @ jacobian_TKZ
    damped = curvature + torch.diag_embed(damping_T[:, None].expand(gradient_TZ.shape))
    step = -torch.linalg.solve(damped, gradient_TZ[..., None])[..., 0]
    return step * (_LONGEST / step.norm(dim=1, keepdim=True).clamp(min=1e-12)).clamp(max=1)
