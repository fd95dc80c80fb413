"""One training step: generator, then discriminator, on one batch (appendix A of the paper, with a reused fake)."""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.synthesis.tensors import condition
from oasis_training import augment, losses
from oasis_training.dataset import Batch
from oasis_training.draws import draw_noise, labelmix_mask
from oasis_training.networks import Networks
from oasis_training.recipe import Phase, Recipe


def train_step(
    networks: Networks, batch: Batch, recipe: Recipe, phase: Phase, draws: torch.Generator
) -> dict[str, Tensor]:
    """Change both networks once; the losses stay on the device until somebody reads them."""
    classes = networks.generator.config.classes
    geometry = augment.draw_geometry(len(batch.image), phase.size, phase.augment, draws)
    values: dict[str, Tensor] = {}
    generator_labels, fake = batch.labels, torch.empty(0)
    if not phase.discriminator_only:
        generator_labels = augment.warp_labels(batch.labels, recipe.label_warp, draws)
        # A bent map asks for another picture than the photo: it is judged by the map the generator saw.
        values["generator"], fake = _generator_step(networks, batch, generator_labels, geometry, recipe, phase, draws)
    target = geometry.apply(batch.labels)
    valid = geometry.apply(batch.valid) & geometry.valid
    weights = losses.class_weights(target, valid, classes, recipe.class_weight_clip)
    real = _seen(batch.image, geometry, phase, draws)
    networks.discriminator.requires_grad_(True).train()
    with networks.autocast():
        logits_real = networks.discriminator(real)
    loss = values["real"] = losses.real_loss(logits_real.float(), target, valid, weights)
    if not phase.discriminator_only:
        seen_fake = _seen(fake.detach(), geometry, phase, draws)
        with networks.autocast():
            logits_fake = networks.discriminator(seen_fake)
        values["fake"] = losses.fake_loss(logits_fake.float(), valid)
        loss = loss + values["fake"]
        if phase.labelmix > 0:
            mask = labelmix_mask(target, classes, draws)
            with networks.autocast():
                mixed = networks.discriminator(torch.where(mask, real, seen_fake))
            values["labelmix"] = losses.labelmix_loss(
                mixed.float(), logits_real.float(), logits_fake.float(), mask, valid
            )
            loss = loss + phase.labelmix * values["labelmix"]
    networks.optimiser_discriminator.zero_grad(set_to_none=True)
    loss.backward()
    networks.optimiser_discriminator.step()
    if not phase.discriminator_only:
        networks.average.update(networks.generator, len(batch.image))
    return {name: value.detach() for name, value in values.items()}


def _generator_step(
    networks: Networks,
    batch: Batch,
    labels: Tensor,
    geometry: augment.Geometry,
    recipe: Recipe,
    phase: Phase,
    draws: torch.Generator,
) -> tuple[Tensor, Tensor]:
    config = networks.generator.config
    noise = draw_noise(len(labels), config.classes, config.noise, recipe.region_noise, draws)
    networks.discriminator.requires_grad_(False)
    networks.generator.train()
    with networks.autocast():
        fake = networks.generator(condition(labels, labels, noise, config.classes)).float()
        logits = networks.discriminator(_seen(fake, geometry, phase, draws))
    target = geometry.apply(labels)
    valid = geometry.valid
    weights = losses.class_weights(target, valid, config.classes, recipe.class_weight_clip)
    loss = total = losses.real_loss(logits.float(), target, valid, weights)
    if recipe.diversity > 0:
        other_noise = draw_noise(len(labels), config.classes, config.noise, recipe.region_noise, draws)
        with networks.autocast():
            other = networks.generator(condition(labels, labels, other_noise, config.classes)).float()
        total = loss + recipe.diversity * losses.diversity_loss(fake, other, noise, other_noise)
    networks.optimiser_generator.zero_grad(set_to_none=True)
    total.backward()
    networks.optimiser_generator.step()
    return loss, fake


def _seen(image: Tensor, geometry: augment.Geometry, phase: Phase, draws: torch.Generator) -> Tensor:
    """The picture as the discriminator sees it; pixels that do not count are grey, so that they tell nothing."""
    moved = geometry.apply(augment.colour(image, phase.augment, draws)) * geometry.valid[:, None]
    return moved.contiguous(memory_format=torch.channels_last)
