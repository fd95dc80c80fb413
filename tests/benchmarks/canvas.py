"""How direct the window feels: ``python -m tests.benchmarks.canvas [--model NAME] [--training]``.

Prints milliseconds from a mouse-move event to repainted pixels (p50, p95; 40-pixel brush, 1024×1024 document, 5
layers, previews coming in meanwhile) and the time until the window is visible; with ``--model`` also the time from
pen up to the new photo at 256×256 and the resident memory, with the real engine; with ``--training`` the mouse moves
again while a model is trained on the processor. Without a display Qt's offscreen platform is used.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

MOVES = 1500
STROKES_WITH_MODEL = 8
STARTS = 5
MOUSE_PERIOD = 1 / 125
"""Seconds between two events of a common mouse."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Latency of painting, start and photo.")
    parser.add_argument("--model", help="name or folder of a model: measure its photos too")
    parser.add_argument("--training", action="store_true", help="measure the moves while a training goes on, too")
    parser.add_argument("--child", choices=["start"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not os.environ.get("DISPLAY") and sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if options.child:
        return show_window_once()
    with tempfile.TemporaryDirectory() as home:
        os.environ["OASIS_STUDIO_HOME"] = home
        print_times("mouse move to pixels", time_moves())
        print_times("start to visible window", time_starts())
        if options.training:
            with training(Path(home) / "training"):
                print_times("mouse move to pixels while a training runs", time_moves())
        if options.model:
            print_model_numbers(options.model)
    return 0


def print_times(what: str, seconds: list[float]) -> None:
    p50, p95 = (1000 * float(np.percentile(seconds, share)) for share in (50, 95))
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms ({len(seconds)} times)", flush=True)


def time_moves() -> list[float]:
    """Seconds of every move of a long scribble."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from oasis_studio.app.session.settings import Settings
    from oasis_studio.app.studio import Studio
    from oasis_studio.ui.widgets import theme
    from oasis_studio.ui.window.main_window import MainWindow
    from tests.app import scene
    from tests.ui.desk import Desk, wait_until

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    renderer = scene.InstantRenderer()
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(scene.library(Path(folder) / "models"), lambda: renderer, Settings())
        studio.session.open(large_document())
        window = MainWindow(studio)
        window.resize(1440, 900)
        window.show()
        studio.session.resize_brush(40)
        studio.session.choose_class(1)
        studio.start()
        desk = Desk(studio, window, renderer)
        wait_until(lambda: studio.feed.image_HW3 is not None)
        desk.mouse(QEvent.Type.MouseButtonPress, 512, 512)
        seconds = []
        for x, y in scribble(MOVES):
            renderer.requests.clear()
            start = time.perf_counter()
            desk.mouse(QEvent.Type.MouseMove, x, y)
            app.processEvents()
            seconds.append(time.perf_counter() - start)
        desk.mouse(QEvent.Type.MouseButtonRelease, 512, 512)
        studio.session.history.mark_saved()
        window.close()
    return seconds


@contextmanager
def training(folder: Path) -> Iterator[None]:
    """A run on painted photos, at the priority that the window gives it; it has taken steps when this begins."""
    from oasis_studio.core.work.run_folder import EventReader
    from tests.journeys.train_a_model import paint_pairs

    paint_pairs(folder / "data")
    build = [
        "oasis_training.commands.fine_tuning",
        "--title=Benchmark",
        "--device=cpu",
        f"--out={folder}",
        str(folder / "data"),
    ]
    subprocess.run([sys.executable, "-m", *build], check=True, stdout=subprocess.DEVNULL)
    places = [str(folder / "recipe.json"), f"--data={folder}", f"--out={folder / 'run'}"]
    run = [sys.executable, "-m", "oasis_training", *places, "--device=cpu", "--background"]
    with (folder / "said").open("wb") as said:
        trainer = subprocess.Popen(run, stdout=said, stderr=said)
    try:
        while not any(event["event"] == "step" for event in EventReader(folder / "run").read()):
            if trainer.poll() is not None:
                raise RuntimeError((folder / "said").read_text(encoding="utf-8"))
            time.sleep(0.2)
        yield
    finally:
        trainer.kill()
        trainer.wait()


def large_document():
    from oasis_studio.core.document.layer import LabelLayer
    from tests.app import scene

    document = scene.document(1024, 1024)
    rng = np.random.default_rng(0)
    for number in range(4):
        layer = LabelLayer.blank(f"layer {number}", 1024, 1024)
        for left, top in rng.integers(0, 900, (30, 2)):
            layer.labels[top : top + 120, left : left + 120] = rng.integers(0, 3)
        document.layers.append(layer)
    return document


def scribble(count: int) -> list[tuple[float, float]]:
    """Points of a fast, curly stroke over the whole canvas."""
    turn = np.linspace(0, 60, count)
    return list(zip(512 + 460 * np.sin(turn), 512 + 460 * np.sin(1.31 * turn + 1), strict=True))


def time_starts() -> list[float]:
    """Seconds from starting Python to a window that has been painted, disk warm."""
    seconds = []
    for attempt in range(STARTS + 1):
        start = time.time()
        command = [sys.executable, "-m", "tests.benchmarks.canvas", "--child", "start"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        if attempt:  # the first one warms the disk
            seconds.append(float(done.stdout.split()[-1]) - start)
    return seconds


def show_window_once() -> int:
    """Start the program, print the time of the first painted window, end."""
    from PySide6.QtWidgets import QApplication

    from oasis_studio.__main__ import main as start
    from tests.ui.desk import wait_until

    def look() -> int:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        window = next(widget for widget in app.topLevelWidgets() if widget.objectName() == "mainWindow")
        wait_until(lambda: window.windowHandle().isExposed())
        window.repaint()
        print(time.time())
        window.close()
        return 0

    QApplication.exec = staticmethod(look)
    return start([])


def print_model_numbers(model: str) -> None:
    """Pen up to photo at 256×256 and resident memory, with the real engine."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from oasis_studio.app.files.drawings import blank_document
    from oasis_studio.app.session.settings import Settings
    from oasis_studio.app.studio import Studio
    from oasis_studio.core.models.library import default_library
    from oasis_studio.synthesis.engine.renderer import EngineRenderer
    from oasis_studio.ui.window.main_window import MainWindow
    from tests.app import scene
    from tests.ui.desk import Desk, wait_until

    app = QApplication.instance() or QApplication(sys.argv[:1])
    library = default_library()
    folder, card = library.find(model)
    studio = Studio(library, lambda: EngineRenderer(library), Settings())
    studio.session.open(blank_document(256, 256, card.palette, model))
    window = MainWindow(studio)
    window.resize(1440, 900)
    window.show()
    studio.start()
    wait_until(lambda: studio.feed.image_HW3 is not None)
    desk = Desk(studio, window, scene.InstantRenderer())
    seconds, moves = [], []
    for number in range(STROKES_WITH_MODEL):
        studio.session.choose_class(1 + number % (len(card.palette) - 1))
        desk.mouse(QEvent.Type.MouseButtonPress, 30, 20 + 25 * number)
        for x in range(31, 220):
            start = time.perf_counter()
            desk.mouse(QEvent.Type.MouseMove, x, 20 + 25 * number + x / 10)
            app.processEvents()
            moves.append(time.perf_counter() - start)
            wait_until(lambda start=start: time.perf_counter() - start > MOUSE_PERIOD)
        start = time.perf_counter()
        desk.mouse(QEvent.Type.MouseButtonRelease, 220, 40 + 25 * number)
        wait_until(lambda: not studio.feed.is_rendering)
        app.processEvents()
        seconds.append(time.perf_counter() - start)
    print_times("mouse move to pixels while the engine renders", moves)
    print_times(f"pen up to photo, 256×256, {folder.name}", seconds)
    print(f"resident memory: {resident_mb():.0f} MB")
    studio.session.history.mark_saved()
    window.close()


def resident_mb() -> float:
    """Resident memory of this process now."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS line")


if __name__ == "__main__":
    raise SystemExit(main())
