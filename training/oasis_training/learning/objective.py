"""What a step optimises: every architecture says it in the same form, so that one trainer serves all."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from torch import Tensor

from oasis_training.learning.plan import Plan
from oasis_training.recipe import Phase

Terms: TypeAlias = dict[str, tuple[float, Tensor]]
"""Parts of a loss by name: weight and value, each a mean over the images of the plan."""


class Objective(Protocol):
    """Losses of one step. A plan that is part of a batch gives its share of the batch's losses."""

    def prepare(self, plan: Plan) -> None:
        """Look at the whole batch, before its parts come."""
        ...

    def pictures(self, plan: Plan) -> Tensor:
        """What the generator makes of the plan, (N, 3, S, S) float32 in [−1, 1]."""
        ...

    def generator_terms(self, plan: Plan) -> tuple[Terms, Tensor]:
        """Terms of the generator's loss, and the pictures it made (N, 3, S, S)."""
        ...

    def discriminator_terms(self, plan: Plan, fake: Tensor | None, phase: Phase) -> Terms:
        """Terms of the discriminator's loss, with detached pictures or, before there are any, with photos alone."""
        ...
