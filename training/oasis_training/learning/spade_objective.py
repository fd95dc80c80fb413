"""What SPADE optimises: hinge losses at several scales, feature matching, KL divergence of the style code (§3.2)."""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.synthesis.networks.image_encoder import reparameterise
from oasis_studio.synthesis.networks.patch_discriminator import PatchDiscriminator
from oasis_studio.synthesis.networks.spade_generator import SpadeGenerator
from oasis_training.learning import spade_losses
from oasis_training.learning.networks import Networks
from oasis_training.learning.objective import Terms
from oasis_training.learning.perception import PerceptualTerm
from oasis_training.learning.plan import Plan
from oasis_training.recipe import Phase, Recipe


class SpadeObjective:
    """Losses of one step. The discriminator sees photo and picture together, as instance norm wants nothing else."""

    def __init__(self, networks: Networks, recipe: Recipe, perception: PerceptualTerm | None) -> None:
        assert isinstance(networks.generator, SpadeGenerator)
        assert isinstance(networks.discriminator, PatchDiscriminator)
        self._networks = networks
        self._generator, self._discriminator = networks.generator, networks.discriminator
        self._recipe = recipe
        self._perception = perception

    def prepare(self, plan: Plan) -> None:
        """Nothing is shared between the images of a batch."""

    def pictures(self, plan: Plan) -> Tensor:
        with self._networks.autocast():
            return self._generator(self._condition(plan.asked), self._style(plan, {})).float()

    def generator_terms(self, plan: Plan) -> tuple[Terms, Tensor]:
        """Terms of the generator's and the encoder's loss, and the pictures made."""
        networks, recipe, terms = self._networks, self._recipe, {}
        condition = self._condition(plan.asked)
        with networks.autocast():
            style = self._style(plan, terms)
            fake = self._generator(condition, style).float()
            judged = self._judged(condition, plan.seen(fake, 0), plan)
            with torch.no_grad():
                known = self._judged(condition, plan.seen(plan.image, 1), plan) if recipe.feature_matching else None
        terms["generator"] = (1.0, spade_losses.hinge_generator_loss(judged))
        if known is not None:
            value = spade_losses.feature_matching_loss(judged, known)
            terms["features"] = (recipe.feature_matching, value)
        if self._perception is not None:
            terms |= self._perception.of(fake, plan.image)
        return terms, fake

    def discriminator_terms(self, plan: Plan, fake: Tensor | None, phase: Phase) -> Terms:
        """Terms of the discriminator's loss. It judges photos and pictures with their label maps."""
        with self._networks.autocast():
            real = self._judged(self._condition(plan.labels), plan.seen(plan.image, 1), plan)
            terms = {"real": (1.0, spade_losses.hinge_real_loss(real))}
            if fake is not None:
                made = self._judged(self._condition(plan.asked), plan.seen(fake, 2), plan)
                terms["fake"] = (1.0, spade_losses.hinge_fake_loss(made))
        return terms

    def _style(self, plan: Plan, terms: Terms) -> Tensor | None:
        """The style code: of the photo where there is an encoder, else a drawn one."""
        encoder = self._networks.encoder
        if not self._generator.config.style:
            return None
        if encoder is None or not self._recipe.uses_noise:
            return plan.code
        mean, log_variance = encoder(plan.image)
        mean, log_variance = mean.float(), log_variance.float()
        # A sum over the batch in the published recipe; a part of a batch counts as if it were all of it.
        value = spade_losses.code_loss(mean, log_variance) / len(plan) * self._networks.batch
        terms["code"] = (self._recipe.code_weight, value)
        return reparameterise(mean, log_variance, plan.code)

    def _condition(self, labels: Tensor) -> Tensor:
        nothing = torch.zeros((len(labels), 1, 1), device=labels.device)
        return self._generator.condition(labels, labels, nothing)

    def _judged(self, condition: Tensor, image: Tensor, plan: Plan) -> list[list[Tensor]]:
        moved = plan.geometry.apply(condition) * plan.geometry.valid[:, None]
        return [[x.float() for x in scale] for scale in self._discriminator(moved, image)]
