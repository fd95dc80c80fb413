"""How near styles from a photo come: ``python -m tests.benchmarks.inversion --data FOLDER --model NAME``.

FOLDER holds images/ and labels/ in the model's classes. Of the photos that a training leaves out, the label map is
the drawing and the photo itself the reference, every class with 2 % of the pixels a region. Printed is the distance of
the regions' colours (mean and spread in Lab) to the photo's, before, rendered with seed 0, and after.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from oasis_studio.synthesis.rendering.waiting import wait_without_spinning

wait_without_spinning()

import numpy as np  # noqa: E402 - threads are told how to wait before torch starts them
from oasis_training.pairs.dataset import fill_unlabelled, find_pairs, split  # noqa: E402
from oasis_training.pairs.labelled_photos import read_labelled  # noqa: E402
from oasis_training.recipe import Source  # noqa: E402

from oasis_studio.core.document.noise import noise_vector  # noqa: E402
from oasis_studio.core.models.library import default_library  # noqa: E402
from oasis_studio.core.work.jobs import Inversion, InversionJob  # noqa: E402
from oasis_studio.synthesis.photos.inversion import Effort  # noqa: E402
from oasis_studio.synthesis.service.workshop import NetworkWorkshop  # noqa: E402

_SHARE = 0.02


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="outdoor")
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument("--draws", type=int, default=Effort().draws)
    parser.add_argument("--skip", type=int, default=0, help="so many of them, for a measurement in parts")
    parser.add_argument("--most", type=int, default=10**6, help="stop after so many")
    parser.add_argument(
        "--pieces", type=int, default=0, help="squares of photos, cut into so many regions: for the time"
    )
    arguments = parser.parse_args()
    library = default_library()
    _folder, card = library.find(arguments.model)
    data = arguments.data.resolve()
    _kept, held_out = split(find_pairs(data.parent, (Source(data.name),)), 10)
    step = max(1, len(held_out) // arguments.photos)  # the same photos, whatever is skipped
    photos = list(read_labelled(held_out[::step], min(card.native_size), len(card.palette)))[: arguments.photos]
    photos = photos[arguments.skip : arguments.skip + arguments.most]
    workshop = NetworkWorkshop(library, "cpu", replace(Effort(), draws=arguments.draws))
    befores, nows, times = [], [], []
    for image, found in photos:
        if arguments.pieces:
            image, found = _square(image), _square(found)
        labels, _valid = fill_unlabelled(found, len(card.palette))
        job = _job(card.id, image, labels, card.noise_size, arguments.pieces)
        start = time.monotonic()
        answer = workshop.work(job, lambda _value: None, lambda: False)
        assert isinstance(answer, Inversion)
        times.append(time.monotonic() - start)
        befores.append(float(np.mean([each.before for each in answer.distances])))
        nows.append(float(np.mean([each.now for each in answer.distances])))
        text = f"{len(job.targets)} regions  {befores[-1]:5.1f} → {nows[-1]:5.1f}  {times[-1]:5.1f} s"
        print(text, flush=True)
    ratios = np.array(nows) / np.array(befores)
    whole = np.mean(nows) / np.mean(befores)
    print(f"mean {np.mean(befores):.1f} → {np.mean(nows):.1f} Lab units, ratio of the means {whole:.2f}")
    halved = int((ratios <= 0.5).sum())
    print(f"ratio median {np.median(ratios):.2f}, by half or more on {halved} of {len(ratios)} photos")
    print(f"seconds median {np.median(times):.0f}, most {max(times):.0f}")


def _square(picture: np.ndarray) -> np.ndarray:
    """The middle of it."""
    side = min(picture.shape[:2])
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    return picture[top : top + side, left : left + side]


def _job(model: str, image: np.ndarray, labels: np.ndarray, size: int, pieces: int) -> InversionJob:
    regions = labels.astype(np.uint16)
    classes = [int(label) for label in np.unique(labels) if (labels == label).mean() >= _SHARE]
    targets = tuple((label, label) for label in classes)
    if pieces:
        regions = (
            (np.arange(labels.shape[1]) * pieces // labels.shape[1]).astype(np.uint16)[None].repeat(len(labels), 0)
        )
        targets = tuple((piece, classes[piece % len(classes)]) for piece in range(pieces))
    noise = np.repeat(noise_vector(0, size)[None], int(regions.max()) + 1, axis=0)
    return InversionJob(model, labels, regions, noise, targets, image, labels)


if __name__ == "__main__":
    main()
