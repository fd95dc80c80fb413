"""What the gallery shows: photos to label, a training that was cut off, regions that look mislabelled."""

from __future__ import annotations

import json
import math
from pathlib import Path

import cv2
import numpy as np

from oasis_studio.app.files.drawings import samples
from oasis_studio.app.training.preparation import Estimate, TrainingPreparation
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.files.projects.project import read_project

SUSPECTS = {
    "regions": [
        {"name": f"scene{n}", "class": "water", "reads": "sky", "score": 0.9, "share": 0.2 / (n + 1), "point": [30, 40]}
        for n in range(4)
    ]
}


class Estimated(TrainingPreparation):
    """Measures nothing."""

    @property
    def fits(self) -> bool:
        return self.estimate is not None

    def prepare(self) -> None:
        self.estimate = Estimate("cpu", 4.5, 1300, {"try": 300, "evening": 9000, "long": 32400})
        self.estimated.emit(self.estimate)


def write_pairs(folder: Path, palette: Palette) -> None:
    """The sample scenes, as photos with label maps; the last photo has none."""
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    (folder / "classes.json").write_text(json.dumps(palette.to_json()))
    for number, sample in enumerate(samples()):
        project = read_project(sample.path)
        labels = project.document.flatten()
        photo = project.image_HW3 if project.image_HW3 is not None else palette.colors[labels]
        write_photo(folder / "images" / f"scene{number}.png", photo, {})
        if number + 1 < len(samples()):
            write_labels(folder / "labels" / f"scene{number}.png", labels, palette)


def write_run(folder: Path, image_HW3: np.ndarray) -> None:
    """A training of which nobody is at work any more."""
    (folder / "previews").mkdir(parents=True)
    started = {"event": "started", "title": "My garden", "device": "cpu", "photos": 90, "held_out": 10, "images": 0}
    events = [{**started, "total_images": 8000}]
    for images in range(100, 5000, 100):
        losses = {"generator": 1 + math.exp(-images / 900), "fake": 0.4 + 0.3 * math.exp(-images / 2000)}
        events.append(
            {"event": "step", "images": images, "images_per_second": 4.2, "seconds_left": 714, "losses": losses}
        )
        if images % 1000 == 0:
            file = f"previews/{images}.png"
            cv2.imwrite(str(folder / file), image_HW3[..., ::-1])
            events.append({"event": "preview", "images": images, "file": file, "model": ""})
            distance = 4 * math.exp(-images / 3000)
            events.append({"event": "metric", "images": images, "kernel_distance": distance, "best": True})
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    (folder / "state.json").write_text("{}", encoding="utf-8")
