"""How far a photo is off while somebody paints: ``python -m tests.benchmarks.drift [--model NAME] [--dabs COUNT]``.

On some painted scenes, edits of 5 and 15 % of the picture, and a stroke of dabs without a rest: decibels between what
is shown, in bfloat16, and a whole render of the same labels; the stroke also as if nothing bounded the drift.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import torch

from oasis_studio.core.models.library import default_library
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.drift import Tolerance
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.models.checkpoint import open_generator
from oasis_studio.synthesis.networks.network import AnyNetwork
from tests.benchmarks.live import BRUSH, DABS, DABS_IN_A_STROKE, spiral
from tests.benchmarks.networks import dabbed, painted

SIDE = 256
SEEDS = (28, 1, 2, 3)
CENTRE = (0.45, 0.55)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="outdoor")
    parser.add_argument("--dabs", type=int, default=DABS)
    options = parser.parse_args()
    generator = open_generator(*default_library().find(options.model)).eval()
    shown, freely, whole = (
        LiveImage(CompiledGenerator(generator, torch.bfloat16, torch.device("cpu")), tolerance)
        for tolerance in (Tolerance(), Tolerance(-np.inf, -np.inf), None)
    )
    for seed in SEEDS:
        scene = painted(generator.config, (SIDE, SIDE), 28, seed)
        with torch.inference_mode():
            for share in (0.05, 0.15):
                shown.render(scene, never)
                close, is_approximate = step(shown, whole, dabbed(scene, share, CENTRE))
                print(f"scene {seed}, edit of {share:.0%}: {close:.1f} dB, {'followed' if is_approximate else 'whole'}")
            for name, live in (("as it is", shown), ("drifting freely", freely)):
                found = stroke(live, whole, generator, scene, options.dabs)
                print(f"scene {seed}, {options.dabs} dabs, {name}: {found}")


def stroke(shown: LiveImage, whole: LiveImage, generator: AnyNetwork, scene: Scene, count: int) -> str:
    """The worst and the last photo of a stroke, and how many came whole."""
    shown.render(scene, never)
    steps = [step(shown, whole, painting) for painting in dabs(scene, count, generator.config.classes)]
    found = [closeness for closeness, _is_approximate in steps]
    complete = sum(not is_approximate for _closeness, is_approximate in steps)
    return f"at worst {min(found):.1f} dB, at last {found[-1]:.1f} dB, {complete} whole photos"


def step(shown: LiveImage, whole: LiveImage, scene: Scene) -> tuple[float, bool]:
    """Decibels of the photo that follows to this scene, and whether it is approximate."""
    image, is_approximate = shown.follow(scene, never)
    square = float(np.mean((image.numpy() - whole.render(scene, never).numpy()) ** 2))
    return 10 * float(np.log10(4 / square)) if square else float("inf"), is_approximate


def dabs(scene: Scene, count: int, classes: int) -> Iterator[Scene]:
    """The scene after every dab of a spiral."""
    labels = scene.labels_HW.copy()
    y, x = np.mgrid[:SIDE, :SIDE]
    for number in range(count):
        column, row = spiral(number / count, SIDE)
        labels[(x - column) ** 2 + (y - row) ** 2 <= (BRUSH / 2) ** 2] = (1 + number // DABS_IN_A_STROKE) % classes
        yield Scene(labels.copy(), scene.regions_HW, scene.noise_RZ)


def never() -> bool:
    return False


if __name__ == "__main__":
    main()
