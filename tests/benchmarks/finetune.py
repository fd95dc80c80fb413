"""What fine-tuning the starter on a few photos of one kind does to KID-E and FD-E to other photos of that kind.

``python -m tests.benchmarks.finetune FOLDER --where COLUMN=VALUE [--photos 40] [--minutes 20] [--labels labels]``:
FOLDER has images/, label maps in the starter's classes and a manifest.csv. Of its rows with that value, as many as
asked for are trained on, by the wizard's own steps, and all others are held out. Minutes are processor time over all
threads; the starter itself may have been trained on any of these photos, which favours it.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

from oasis_training.evaluation.pooled_features import fd_e, features, kid_e
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.resampling import Estimate, crossed, estimate
from oasis_training.evaluation.scenes import Choice, Scenes, read_scenes
from oasis_training.recipe import Source
from torch import Tensor

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.library import default_library
from oasis_studio.core.work.run_folder import EventReader

_MOST_SCENES = 150
_RESAMPLES = 60


def write_data(folder: Path, labels: str, where: str, photos: int, palette: Palette, out: Path) -> tuple[int, int]:
    """Pairs to train on in ``out``/tune, all others in ``out``/rest; returns how many of each."""
    column, value = where.split("=", 1)
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        names = [row["id"] for row in csv.DictReader(file) if row[column] == value]
    names.sort(key=lambda name: zlib.crc32(name.encode()))
    parts = {"tune": names[:photos], "rest": names[photos:]}
    for part, chosen in parts.items():
        for kind, source in (("images", "images"), ("labels", labels)):
            (out / part / kind).mkdir(parents=True, exist_ok=True)
            for name in chosen:
                for path in (folder / source).glob(f"{name}.*"):
                    shutil.copyfile(path, out / part / kind / path.name)
        (out / part / "classes.json").write_text(json.dumps(palette.to_json()))
    return len(parts["tune"]), len(parts["rest"])


def run(module: str, *arguments: str) -> dict:
    """The last event that a command of the trainer prints."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def published(folder: Path) -> dict | None:
    """The last word of a run that came to its end."""
    events = EventReader(folder).read()
    return events[-1] if events and events[-1]["event"] == "published" else None


def tune(out: Path, base: str, preset: str, minutes: float) -> dict:
    """The last event of a run in ``out``/run that took so many minutes of processor time."""
    common = (str(out / "tune"), "--base", base, "--title", "Tuned", "--preset", preset, "--out", str(out / "recipe"))
    run("oasis_training.commands.fine_tuning", *common)
    recipe = (str(out / "recipe" / "recipe.json"), "--data", str(out), "--device", "cpu")
    measured = run("oasis_training", *recipe, "--measure")
    print(f"{measured['images_per_second']} images a second, {measured['images_per_cpu_second']} a processor second")
    rate = ("--rate", str(measured["images_per_cpu_second"]), "--minutes", str(minutes))
    run("oasis_training.commands.fine_tuning", *common, *rate)
    return run("oasis_training", *recipe, "--out", str(out / "run"), "--cpu-budget", f"{minutes}m", "--no-install")


class Distances:
    """KID-E and FD-E of pictures of ``scenes`` to their photos, with intervals from random halves of the scenes."""

    def __init__(self, scenes: Scenes, base: str) -> None:
        self.scenes = scenes
        self.real = features(scenes.photos)
        self.before = self._pictures(base)

    def _pictures(self, model: str) -> Tensor:
        return Painter(default_library(), model, self.scenes.palette, "cpu").pictures(self.scenes.labels)

    def report(self, after: str | None) -> dict[str, Estimate]:
        """Of the photos themselves, before, and after with the difference of the two on the same halves."""
        rows = {"photos": self.real, "before": features(self.before)}
        if after is not None:
            rows["after"] = features(self._pictures(after))
        found = {}
        for title, distance in (("KID-E", kid_e), ("FD-E", fd_e)):
            statistics = {name: _crossed(distance, self.real, found_rows) for name, found_rows in rows.items()}
            if after is not None:
                earlier, later = statistics["before"], statistics["after"]
                statistics["difference"] = lambda rows, a=earlier, b=later: b(rows) - a(rows)
            for name, statistic in statistics.items():
                found[f"{title} {name}"] = estimate(statistic, len(self.scenes), _RESAMPLES)
        return found


def _crossed(distance: Callable[[Tensor, Tensor], float], real: Tensor, other: Tensor) -> Callable[[Tensor], float]:
    return crossed(lambda a, b: distance(real[a], other[b]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--labels", default="labels")
    parser.add_argument("--where", required=True, metavar="COLUMN=VALUE")
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=20.0, help="0: measure the base alone")
    parser.add_argument("--preset", default="try")
    parser.add_argument("--base", default="outdoor")
    parser.add_argument("--keep", type=Path, default=None, help="folder for data and run; a finished one is measured")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        out = (arguments.keep or Path(temporary)).resolve()
        card = default_library().find(arguments.base)[1]
        counts = write_data(arguments.folder, arguments.labels, arguments.where, arguments.photos, card.palette, out)
        print(f"{arguments.where}: {counts[0]} photos to train on, {counts[1]} held out", flush=True)
        after = None
        if arguments.minutes:
            last = published(out / "run") or tune(out, arguments.base, arguments.preset, arguments.minutes)
            after = last["folder"]
            print(f"{last['which']} model after {last['images']} images", flush=True)
        scenes = read_scenes(out, Choice((Source("rest"),), 1, _MOST_SCENES), card.palette, min(card.native_size))
        for name, found in Distances(scenes, arguments.base).report(after).items():
            print(f"{name:<17} {found.value:7.3f}   {found.low:7.3f} … {found.high:7.3f}", flush=True)


if __name__ == "__main__":
    main()
