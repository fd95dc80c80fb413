"""Does the heat map find what is wrong? ``python -m tests.benchmarks.critic --data FOLDER --model NAME``.

FOLDER holds images/ and labels/ in the model's classes. Of the photos that a training leaves out, every other one
measures the critic; in each of the rest a patch a quarter of the short side wide is blurred (σ 4), made noisy (σ 30)
or replaced by another class. Printed is how often such a patch surprises more than the same patches untouched (area
under the ROC curve).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from oasis_training.pairs.dataset import find_pairs, split
from oasis_training.pairs.labelled_photos import read_labelled
from oasis_training.reading.calibration import render_labelled
from oasis_training.recipe import Source

from oasis_studio.core.models.library import default_library
from oasis_studio.synthesis.photos.critic import Critic, calibrated
from oasis_studio.synthesis.photos.reading import PhotoReader
from oasis_studio.synthesis.rendering.opening import ModelSlot
from tests.synthesis.corruptions import area_under_curve, patches


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="outdoor")
    parser.add_argument("--photos", type=int, default=32, help="that measure, and again that are damaged")
    parser.add_argument("--renders", type=int, default=12)
    arguments = parser.parse_args()
    library, device = default_library(), torch.device("cpu")
    folder, card = library.find(arguments.model)
    reader = PhotoReader.open_critic(folder, card, device)
    data = arguments.data.resolve()
    _kept, held_out = split(find_pairs(data.parent, (Source(data.name),)), 10)
    side, classes = min(card.native_size), len(card.palette)
    measured = list(read_labelled(held_out[::2], side, classes))[: arguments.photos]
    tried = list(read_labelled(held_out[1::2], side, classes))[: arguments.photos]
    generator = ModelSlot(library, device).open(str(folder)).generators[torch.float32]
    calibration = calibrated(
        reader, measured, render_labelled(card, generator, measured[: arguments.renders], device), side
    )
    reader.sides = calibration.sides
    print(f"read at {calibration.sides}, trust in fake {calibration.trust}, {len(measured)} + {len(tried)} photos")
    critic = Critic(reader, calibration)
    clean = [critic.judge(image, labels).surprise_HW for image, labels in tried]
    wrong: dict[str, list[float]] = {}
    right: list[float] = []
    for number, kind, place, image in patches(tried, np.random.default_rng(1), classes):
        wrong.setdefault(kind, []).append(float(critic.judge(image, tried[number][1]).surprise_HW[place].mean()))
        if kind == "blur":
            right.append(float(clean[number][place].mean()))
    for kind, scores in wrong.items():
        print(f"{kind:12} AUC {area_under_curve(scores, right):.3f}  ({len(scores)} patches)")
    everything = [score for scores in wrong.values() for score in scores]
    print(f"all kinds    AUC {area_under_curve(everything, right):.3f}")


if __name__ == "__main__":
    main()
