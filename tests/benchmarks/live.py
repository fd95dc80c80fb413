"""How live painting is: ``python -m tests.benchmarks.live [--model FOLDER] [--size PIXELS] [--dabs COUNT]``.

Dabs of a brush in the real window, with the real engine in its thread; without a screen, under Xvfb. Prints the photos
shown a second, the longest time without a new one, and how far the last photo, when all is settled, is from a whole
render in float32 by the plain network. Without ``--model``, the model that ships, or else one of its size with random
weights.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from oasis_studio.synthesis.rendering.waiting import wait_without_spinning

wait_without_spinning()

import numpy as np  # noqa: E402 - threads are told how to wait before torch starts them

from oasis_studio.core.models.library import ModelLibrary, default_library  # noqa: E402
from oasis_studio.core.work.request import Quality, SynthesisRequest  # noqa: E402
from tests.benchmarks.display import screen  # noqa: E402

DABS = 60
DABS_IN_A_STROKE = 10
PERIOD = 1 / 30
"""Seconds from one dab to the next."""
BRUSH = 24


@dataclass
class Recording:
    """When photos were shown, and when the dabs began and ended; seconds."""

    shown: list[float] = field(default_factory=list)
    start: float = 0.0
    end: float = 0.0
    settled: float = 0.0

    @property
    def while_painting(self) -> list[float]:
        return [moment for moment in self.shown if self.start <= moment <= self.end]

    @property
    def worst_gap(self) -> float:
        return float(np.diff([self.start, *self.while_painting, self.end]).max())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", help="name or folder of a model")
    parser.add_argument("--size", type=int, default=256, help="side of the drawing in pixels")
    parser.add_argument("--dabs", type=int, default=DABS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, screen() as where:
        os.environ["OASIS_STUDIO_HOME"] = home
        library = default_library()
        model = options.model or shipped(library) or random_model(Path(home) / "models" / "random")
        paint(library, model, options.size, options.dabs, where)
    return 0


def shipped(library: ModelLibrary) -> str | None:
    """The id of the first model there is."""
    return next((card.id for card in library.cards()), None)


def random_model(folder: Path) -> str:
    """A model of the shape of the one that ships."""
    from oasis_studio.core.classes.palette import Palette
    from oasis_studio.core.models.card import ModelCard
    from oasis_studio.paths import resource
    from oasis_studio.synthesis.models.checkpoint import write_model
    from tests.benchmarks.networks import STARTER, calibrated

    palette = Palette.read(resource("classes", "outdoor8.json"))
    folder.mkdir(parents=True)
    card = ModelCard(folder.name, "random weights", "oasis", {}, None, palette, (256, 256), STARTER.noise)
    write_model(folder, card, calibrated(STARTER, (128, 128)))
    return folder.name


def paint(library: ModelLibrary, model: str, side: int, dabs: int, where: str) -> None:
    """Open the window, paint, print."""
    from PySide6.QtWidgets import QApplication

    from oasis_studio.app.files.drawings import blank_document
    from oasis_studio.app.session.settings import Settings
    from oasis_studio.app.studio import Studio
    from oasis_studio.synthesis.engine.renderer import EngineRenderer
    from oasis_studio.ui.widgets import theme
    from oasis_studio.ui.window.main_window import MainWindow
    from tests.ui.desk import wait_until

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    _folder, card = library.find(model)
    studio = Studio(library, lambda: EngineRenderer(library), Settings())
    studio.session.open(blank_document(side, side, card.palette, model))
    window = MainWindow(studio)
    window.resize(1280, 800)
    window.show()
    studio.session.resize_brush(BRUSH)
    studio.start()
    wait_until(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)
    recording = record(studio, window, side, dabs)
    report(recording, f"{card.name}, {side}×{side}, on {where}")
    error(library, studio, model)
    studio.session.history.mark_saved()
    window.close()


def record(studio, window, side: int, dabs: int) -> Recording:
    """``dabs`` moves of the pen, which is lifted after every few; then wait until the photo is settled."""
    from PySide6.QtCore import QEvent

    from tests.app.scene import InstantRenderer
    from tests.ui.desk import Desk, wait_until

    desk = Desk(studio, window, InstantRenderer())
    recording = Recording()
    studio.feed.photo_shown.connect(lambda: recording.shown.append(time.perf_counter()))
    classes = len(studio.session.document.palette)
    recording.start = time.perf_counter()
    for number in range(dabs):
        x, y = spiral(number / dabs, side)
        if number % DABS_IN_A_STROKE == 0:
            studio.session.choose_class((1 + number // DABS_IN_A_STROKE) % classes)
            desk.mouse(QEvent.Type.MouseButtonPress, x, y)
        else:
            desk.mouse(QEvent.Type.MouseMove, x, y)
        if number % DABS_IN_A_STROKE == DABS_IN_A_STROKE - 1 or number == dabs - 1:
            desk.mouse(QEvent.Type.MouseButtonRelease, x, y)
        due = recording.start + (number + 1) * PERIOD
        wait_until(lambda due=due: time.perf_counter() >= due)
    recording.end = time.perf_counter()
    wait_until(lambda: not studio.feed.is_rendering)
    recording.settled = time.perf_counter()
    return recording


def spiral(share: float, side: int) -> tuple[float, float]:
    """A point of the way of the pen, from the middle outwards."""
    turn, radius = 5 * np.pi * share, 0.4 * side * (0.2 + 0.8 * share)
    return side / 2 + radius * float(np.cos(turn)), side / 2 + radius * float(np.sin(turn))


def report(recording: Recording, what: str) -> None:
    seconds = recording.end - recording.start
    photos = len(recording.while_painting)
    print(what)
    print(f"photos while painting: {photos} in {seconds:.1f} s, {photos / seconds:.1f} a second")
    print(f"longest time without a new photo: {1000 * recording.worst_gap:.0f} ms")
    print(f"last dab to settled photo: {1000 * (recording.settled - recording.end + PERIOD):.0f} ms", flush=True)


def error(library: ModelLibrary, studio, model: str) -> None:
    """The photo on the screen beside a whole one."""
    from oasis_studio.core.document.noise import noise_vector
    from oasis_studio.synthesis.rendering.renderer import EagerRenderer

    session = studio.session
    labels = session.labels_HW.copy()
    noise = noise_vector(session.document.seed, session.card.noise_size)[None]
    request = SynthesisRequest(0, model, labels, np.zeros(labels.shape, np.uint16), noise, Quality.FINAL)
    whole = EagerRenderer(library).render(request).image_HW3.astype(float)
    difference = np.abs(studio.feed.image_HW3 - whole)
    square = float(np.mean(difference**2))
    psnr = f"{10 * np.log10(255**2 / square):.1f} dB" if square else "no difference"
    print(f"the last photo and a whole render: {psnr}, at most {difference.max():.0f} of 255")


if __name__ == "__main__":
    raise SystemExit(main())
