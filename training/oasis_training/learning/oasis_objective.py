"""What OASIS optimises: the (N + 1)-class losses, LabelMix, and what a recipe adds to them (§3 of the paper)."""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.synthesis.networks.discriminator import SegmentationDiscriminator
from oasis_studio.synthesis.networks.generator import Generator
from oasis_studio.synthesis.networks.tensors import condition
from oasis_training.learning import losses
from oasis_training.learning.appearance import NUMBERS, appearance_loss, measured, region_weights
from oasis_training.learning.networks import Networks
from oasis_training.learning.objective import Terms
from oasis_training.learning.perception import PerceptualTerm
from oasis_training.learning.plan import Plan
from oasis_training.learning.ranks import Ranks
from oasis_training.pairs.draws import labelmix_mask
from oasis_training.recipe import Phase, Recipe


class OasisObjective:
    """Losses of one step; :meth:`prepare` comes first, for the whole batch."""

    def __init__(self, networks: Networks, recipe: Recipe, ranks: Ranks, perception: PerceptualTerm | None) -> None:
        assert isinstance(networks.generator, Generator)
        assert isinstance(networks.discriminator, SegmentationDiscriminator)
        self._networks = networks
        self._generator, self._discriminator = networks.generator, networks.discriminator
        self._recipe = recipe
        self._ranks = ranks
        self._perception = perception

    def prepare(self, plan: Plan) -> None:
        """Agree on class weights and on how many pixels count, over all images of all processes."""
        self._asked_weights, _share = self._agreed(plan.geometry.apply(plan.asked), plan.geometry.valid)
        valid = plan.geometry.apply(plan.valid) & plan.geometry.valid
        self._weights, self._share = self._agreed(plan.geometry.apply(plan.labels), valid)

    def _agreed(self, labels: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        counts = losses.class_counts(labels, valid, self._generator.config.classes)
        figures = torch.cat([counts, counts.new_tensor([valid.sum(), labels.numel()])])
        figures = self._ranks.add_up(figures)
        share = figures[-2].clamp(min=1) / figures[-1]
        if not self._recipe.balances_classes:
            return torch.ones_like(counts), share
        pixels = labels.numel() * self._ranks.size
        return losses.class_weights(figures[:-2], pixels, self._recipe.class_weight_clip), share

    def pictures(self, plan: Plan) -> Tensor:
        return self._made(plan, plan.noise)

    def _made(self, plan: Plan, noise: Tensor) -> Tensor:
        with self._networks.autocast():
            return self._generator(condition(plan.asked, plan.asked, noise, self._generator.config.classes)).float()

    def generator_terms(self, plan: Plan) -> tuple[Terms, Tensor]:
        """Terms of the generator's loss, and the pictures it made."""
        networks, recipe = self._networks, self._recipe
        classes = self._generator.config.classes
        fake = self.pictures(plan)
        with networks.autocast():
            seen = plan.seen(fake, 0)
            logits = self._discriminator(seen).float()
        # A bent map asks for another picture than the photo: it is judged by the map the generator saw.
        target = plan.geometry.apply(plan.asked)
        terms = {"generator": (1.0, losses.real_loss(logits, target, plan.geometry.valid, self._asked_weights))}
        if networks.appearance is not None:
            share, weights = region_weights(plan.asked, torch.ones_like(plan.valid), classes)
            found = networks.appearance.numbers(measured(fake, weights))
            terms["appearance"] = (recipe.appearance, appearance_loss(found, plan.noise[..., :NUMBERS], share))
        if recipe.diversity > 0:
            other = self._made(plan, plan.other_noise)
            value = losses.diversity_loss(fake, other, plan.noise, plan.other_noise)
            terms["diversity"] = (recipe.diversity, value)
        if self._perception is not None:
            terms |= self._perception.of(fake, plan.image)
        return terms, fake

    def discriminator_terms(self, plan: Plan, fake: Tensor | None, phase: Phase) -> Terms:
        """Terms of the discriminator's loss; without pictures it learns to name the pixels of photos."""
        networks = self._networks
        target = plan.geometry.apply(plan.labels)
        valid = plan.geometry.apply(plan.valid) & plan.geometry.valid
        real = plan.seen(plan.image, 1)
        with networks.autocast():
            logits_real = self._discriminator(real).float()
        terms = {"real": (1.0, losses.real_loss(logits_real, target, valid, self._weights))}
        if fake is None:
            return terms
        seen_fake = plan.seen(fake, 2)
        with networks.autocast():
            logits_fake = self._discriminator(seen_fake).float()
        terms["fake"] = (1.0, losses.fake_loss(logits_fake, valid, self._share))
        if phase.labelmix > 0 and self._recipe.uses_labelmix:
            mask = labelmix_mask(target, plan.bits)
            with networks.autocast():
                mixed = self._discriminator(torch.where(mask, real, seen_fake)).float()
            value = losses.labelmix_loss(mixed, logits_real, logits_fake, mask, valid, self._share)
            terms["labelmix"] = (phase.labelmix, value)
        return terms
