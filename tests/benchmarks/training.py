"""``python -m tests.benchmarks.training``: images a second, beside a plain loop of the published recipe.

Both train networks of the same sizes on the same made-up photos. The plain loop does what the published description
says: the picture is made twice a step, the generator's step leaves gradients in the discriminator, too, everything is
float32, photos are read from their files and scaled anew for every batch, and the average goes over every weight.

``--what steps`` measures instead how long a step takes with either critic, the published U-Net and the one that looks
with the backbone, and with the label path computed at every pixel or once for every distinct window.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from oasis_training.learning import losses
from oasis_training.learning.networks import Networks, build
from oasis_training.learning.objectives import objective_of
from oasis_training.learning.step import train_step
from oasis_training.pairs.dataset import Pair, PhotoSet, fill_unlabelled, find_pairs, read_pair, scale_pair
from oasis_training.pairs.draws import draw_bits, labelmix_mask
from oasis_training.recipe import Phase, Recipe
from oasis_training.run.freed_memory import keep_freed_memory

from oasis_studio.core.models.backbone import NAME
from oasis_studio.synthesis.networks.tensors import condition
from oasis_studio.synthesis.rendering.device import PRECISIONS, has_fast_bf16

RECIPE = Path(__file__).resolve().parents[2] / "training" / "recipes" / "outdoor.json"
CLASSES = 8
CRITICS = {
    "U-Net critic": {"down": [32, 64, 128, 128, 128, 128], "up": [128, 128, 128, 64, 64, 32]},
    "backbone critic": {"backbone": NAME},
}


def write_photos(root: Path, count: int, short: int = 256) -> list[Pair]:
    """Photos of noise with blocks of classes: what is in them does not matter here."""
    draws = np.random.default_rng(0)
    for part in ("images", "labels"):
        (root / "pairs" / part).mkdir(parents=True)
    for index in range(count):
        labels = np.repeat(np.repeat(draws.integers(0, CLASSES, (8, 11), np.uint8), short // 8, 0), short // 8, 1)
        photo = cv2.GaussianBlur(draws.integers(0, 255, (*labels.shape, 3), np.uint8), (0, 0), 3)
        cv2.imwrite(str(root / "pairs" / "images" / f"{index}.jpg"), photo)
        cv2.imwrite(str(root / "pairs" / "labels" / f"{index}.png"), labels)
    return find_pairs(root, Recipe.from_json({**tiny(), "sources": [{"folder": "pairs"}]}).sources)


def tiny() -> dict:
    data = Recipe.read(RECIPE).to_json()
    return data | {"diversity": 0.0}


def plain_step(networks: Networks, pairs: list[Pair], phase: Phase, draws: torch.Generator, seed: np.random.Generator):
    """One step as the publication describes it."""
    generator, discriminator, device = networks.generator, networks.discriminator, networks.device
    images, labels, valid = [], [], []
    for index in seed.integers(0, len(pairs), phase.batch):
        photo, ids = scale_pair(*read_pair(pairs[index]), round(phase.size * 1.12))
        top, left = (int(seed.integers(0, side - phase.size + 1)) for side in ids.shape)
        window = np.s_[top : top + phase.size, left : left + phase.size]
        filled, counts = fill_unlabelled(ids[window], CLASSES)
        images.append(torch.from_numpy(photo[window].copy()))
        labels.append(torch.from_numpy(filled.copy()))
        valid.append(torch.from_numpy(counts.copy()))
    image = (torch.stack(images).to(device).permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous()
    target, valid_NHW = torch.stack(labels).to(device).long(), torch.stack(valid).to(device)
    weights = losses.class_weights(losses.class_counts(target, valid_NHW, CLASSES), target.numel())

    def made() -> torch.Tensor:
        noise = torch.randn((phase.batch, 1, generator.config.noise), device=device)
        return generator(condition(target, torch.zeros_like(target), noise, CLASSES))

    networks.optimiser_generator.zero_grad()
    losses.real_loss(discriminator(made()), target, valid_NHW, weights).backward()
    networks.optimiser_generator.step()
    networks.optimiser_discriminator.zero_grad()
    with torch.no_grad():
        fake = made()
    logits_fake, logits_real = discriminator(fake), discriminator(image)
    loss = losses.fake_loss(logits_fake, valid_NHW) + losses.real_loss(logits_real, target, valid_NHW, weights)
    if phase.labelmix:
        mask = labelmix_mask(target, draw_bits(phase.batch, CLASSES, draws))
        mixed = discriminator(torch.where(mask, image, fake))
        loss = loss + phase.labelmix * losses.labelmix_loss(mixed, logits_real, logits_fake, mask, valid_NHW)
    loss.backward()
    networks.optimiser_discriminator.step()
    with torch.no_grad():
        for key, value in networks.average.network.state_dict().items():
            if value.is_floating_point():
                value.mul_(0.999).add_(generator.state_dict()[key], alpha=0.001)


def rates(step: Callable[[], object], batch: int, steps: int, device: torch.device) -> tuple[float, float]:
    """Images a second and a processor second of all threads, after a step that does not count."""
    step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    start, work = time.perf_counter(), time.process_time()
    for _index in range(steps):
        step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return steps * batch / (time.perf_counter() - start), steps * batch / (time.process_time() - work)


def step_seconds(
    networks: dict[str, Networks], recipe: Recipe, phase: Phase, photos: PhotoSet, rounds: int
) -> dict[str, dict[bool, float]]:
    """Processor seconds of a step, medians: by the name of the critic, and by whether windows are used.

    All are trained in turns, so that whatever else the machine does hits them alike.
    """
    draws = torch.Generator(device=photos.weight.device).manual_seed(0)
    objectives = {name: objective_of(recipe, those) for name, those in networks.items()}
    seconds: dict[str, dict[bool, list[float]]] = {name: {True: [], False: []} for name in networks}
    for index in range(rounds + 1):
        batch = photos.draw(phase.batch, draws)
        for name, those in networks.items():
            for uses_windows, found in seconds[name].items():
                those.generator.uses_windows = uses_windows
                start = time.process_time()
                train_step(those, objectives[name], batch, recipe, phase, draws)
                if index:  # the first round does not count
                    found.append(time.process_time() - start)
    return {name: {uses: float(np.median(found)) for uses, found in pair.items()} for name, pair in seconds.items()}


def compare_steps(
    recipe: Recipe, phase: Phase, photos: PhotoSet, device: torch.device, bf16: bool, rounds: int
) -> None:
    """Print the seconds of a step with either critic and either label path, and their ratios."""
    critics = {
        name: build(Recipe.from_json({**recipe.to_json(), "discriminator": config}), CLASSES, device, bf16)
        for name, config in CRITICS.items()
    }
    seconds = step_seconds(critics, recipe, phase, photos, rounds)
    for name, pair in seconds.items():
        ratio = pair[False] / pair[True]
        print(f"{name:16s} {pair[True]:6.2f} s by windows, {pair[False]:6.2f} s by pixels ({ratio:.2f} times)")
    with_backbone, without = (seconds[name][True] for name in ("backbone critic", "U-Net critic"))
    print(f"the backbone critic takes {with_backbone / without:.2f} times as long")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--precision", choices=PRECISIONS, default="auto")
    parser.add_argument("--labelmix", type=float, default=0.0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--what", choices=("recipes", "steps"), default="recipes")
    arguments = parser.parse_args()
    keep_freed_memory()
    device = torch.device(arguments.device)
    recipe = Recipe.from_json(tiny())
    phase = Phase(arguments.size, 10**9, arguments.batch, labelmix=arguments.labelmix)
    bf16 = arguments.precision == "bf16" or (arguments.precision == "auto" and has_fast_bf16(device))
    with tempfile.TemporaryDirectory() as folder:
        pairs = write_photos(Path(folder), 64)
        photos = PhotoSet(pairs, phase.size, CLASSES, device)
        if arguments.what == "steps":
            compare_steps(recipe, phase, photos, device, bf16, arguments.steps)
            return
        networks = build(recipe, CLASSES, device, bf16)
        objective = objective_of(recipe, networks)
        draws = torch.Generator(device=device).manual_seed(0)
        plain = copy.deepcopy(networks)
        for network in plain.modules().values():
            network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload] # the stub lacks it
            network.train().requires_grad_(True)
        plain.generator.uses_windows = False
        plain.optimiser_generator = torch.optim.Adam(plain.generator.parameters(), betas=(0.0, 0.999))
        plain.optimiser_discriminator = torch.optim.Adam(plain.discriminator.parameters(), betas=(0.0, 0.999))
        plain.average.network.requires_grad_(False)
        seed = np.random.default_rng(0)

        def ours() -> object:
            return train_step(networks, objective, photos.draw(phase.batch, draws), recipe, phase, draws)

        def theirs() -> object:
            return plain_step(plain, pairs, phase, draws, seed)

        # In turns, so that whatever else the machine does hits both; the best of each counts.
        rounds = [[rates(step, phase.batch, arguments.steps, device) for step in (ours, theirs)] for _round in range(3)]
        best = np.max(rounds, axis=0)
    print(
        f"{arguments.size} pixels, batches of {phase.batch}, {device}, {torch.get_num_threads()} threads, bf16 {bf16}"
    )
    for name, (by_clock, by_work) in zip(("this trainer", "a plain loop"), best, strict=True):
        print(f"{name}   {by_clock:7.2f} images/s   {by_work:7.2f} images a processor second")
    by_clock, by_work = best[0] / best[1]
    print(f"               {by_clock:7.2f} times as many {by_work:4.2f} times as many")


if __name__ == "__main__":
    main()
