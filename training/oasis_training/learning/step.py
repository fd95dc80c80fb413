"""One training step: generator, then discriminator, on one batch (appendix A of the paper, with a reused fake)."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from oasis_training.learning.networks import Networks
from oasis_training.learning.objective import Objective, Terms
from oasis_training.learning.plan import Plan, Sizes, draw_plan
from oasis_training.learning.ranks import ALONE, Ranks
from oasis_training.pairs.dataset import Batch
from oasis_training.recipe import Phase, Recipe

GRADIENT = "gradient"
"""Names of the values that are gradients' norms begin so."""


def train_step(
    networks: Networks,
    objective: Objective,
    batch: Batch,
    recipe: Recipe,
    phase: Phase,
    draws: torch.Generator,
    ranks: Ranks = ALONE,
    parts: int = 1,
) -> dict[str, Tensor]:
    """Change both networks once; the losses stay on the device until somebody reads them.

    Both gradients are there before either network changes: a step that runs out of memory on the way has changed no
    weight, so that it can be taken again in smaller parts. ``batch`` are the images of this rank. It is worked on in
    ``parts``, whose gradients add up to those of the whole.
    """
    sizes = Sizes(networks.generator.config.classes, networks.generator.config.noise, networks.style)
    plan = draw_plan(batch, sizes, recipe, phase, draws, ranks, networks.appearance)
    networks.batch = phase.batch
    objective.prepare(plan)
    values: dict[str, Tensor] = {}
    fakes: list[Tensor] | None = None
    if phase.trains_generator:
        fakes = _generator_gradient(networks, objective, plan, ranks, parts, values)
    elif not phase.discriminator_only:
        fakes = _pictures(networks, objective, plan, parts)
    _discriminator_gradient(networks, objective, plan, fakes, phase, ranks, parts, values)
    networks.optimiser_discriminator.step()
    if phase.trains_generator:
        networks.optimiser_generator.step()
        networks.average.update(networks.generator, phase.batch)
    return values


def _generator_gradient(
    networks: Networks, objective: Objective, plan: Plan, ranks: Ranks, parts: int, values: dict[str, Tensor]
) -> list[Tensor]:
    networks.discriminator.requires_grad_(False)
    networks.generator.train()
    networks.optimiser_generator.zero_grad(set_to_none=True)
    fakes = []
    for part in plan.parts(parts):
        terms, fake = objective.generator_terms(part)
        _backward(terms, len(part) / len(plan), values)
        fakes.append(fake.detach())
    parameters = networks.generator_parameters()
    ranks.average_gradients(parameters)
    values[f"{GRADIENT}_generator"] = _norm(parameters)
    return fakes


@torch.no_grad()
def _pictures(networks: Networks, objective: Objective, plan: Plan, parts: int) -> list[Tensor]:
    """Pictures of a generator that is not to change."""
    networks.generator.train()
    return [objective.pictures(part) for part in plan.parts(parts)]


def _discriminator_gradient(
    networks: Networks,
    objective: Objective,
    plan: Plan,
    fakes: list[Tensor] | None,
    phase: Phase,
    ranks: Ranks,
    parts: int,
    values: dict[str, Tensor],
) -> None:
    networks.discriminator.requires_grad_(True).train()
    networks.optimiser_discriminator.zero_grad(set_to_none=True)
    for index, part in enumerate(plan.parts(parts)):
        terms = objective.discriminator_terms(part, fakes[index] if fakes is not None else None, phase)
        _backward(terms, len(part) / len(plan), values)
    parameters = list(networks.discriminator.parameters())
    ranks.average_gradients(parameters)
    values[f"{GRADIENT}_discriminator"] = _norm(parameters)


def _backward(terms: Terms, share: float, values: dict[str, Tensor]) -> None:
    torch.stack([weight * value for weight, value in terms.values()]).sum().mul(share).backward()
    for name, (_weight, value) in terms.items():
        values[name] = values.get(name, 0) + value.detach() * share


def _norm(parameters: Iterable[nn.Parameter]) -> Tensor:
    """Length of the whole gradient."""
    norms = [torch.linalg.vector_norm(p.grad) for p in parameters if p.grad is not None]
    return torch.linalg.vector_norm(torch.stack(norms))
