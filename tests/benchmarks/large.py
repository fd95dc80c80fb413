"""How large drawings feel: ``python -m tests.benchmarks.large [--only PART …]``.

Parts: ``brush`` (milliseconds from a mouse-move event to repainted pixels, 200-pixel brush, 20 layers, at 1024² to
8192² pixels, zoomed to 1 : 1 and with the whole drawing in view, photos of full size coming in meanwhile), ``fill``,
``undo``, ``save`` (until the file is whole, and the longest time in which the window did not answer), ``keep`` (the
same of a photo that is kept with its drawing) and ``strokes`` (10,000 strokes in a row: memory and milliseconds a
stroke), all at 4096².
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from oasis_studio.app.session.settings import Settings
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.commands import ChangeLayer
from oasis_studio.core.work.request import SynthesisRequest, SynthesisResult
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.window.main_window import MainWindow
from tests.app import scene
from tests.benchmarks.canvas import print_times, resident_mb
from tests.ui.desk import Desk, wait_until

SIDES = (1024, 2048, 4096, 8192)
SIDE = 4096
LAYERS = 20
MOVES = 300
STROKES = 10_000
WARM = 300
"""After so many strokes there is what stays: a copy of the layers for autosave, and photos on their way."""
PIXELS_PER_SECOND = 40e6
"""Of the photos that come in: more than any engine gives."""
PARTS = ("brush", "fill", "undo", "save", "keep", "strokes")


class Photos(scene.InstantRenderer):
    """Gives ready photos of the asked size, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._ready: dict[tuple[int, ...], list[np.ndarray]] = {}

    def render(self, asked: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        shape = asked.labels_HW.shape
        seconds = shape[0] * shape[1] / PIXELS_PER_SECOND
        time.sleep(seconds)
        if shape not in self._ready:
            self._ready = {shape: [np.full((*shape, 3), grey, np.uint8) for grey in (90, 160)]}
        self._ready[shape].reverse()
        return SynthesisResult(asked.id, self._ready[shape][0], "cpu", {"render": seconds})


def main() -> int:
    parser = argparse.ArgumentParser(description="Latency, memory and files of large drawings.")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    options = parser.parse_args()
    if not os.environ.get("DISPLAY") and sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["OASIS_STUDIO_HOME"] = home
        if "brush" in options.only:
            for side in SIDES:
                print_brush(side)
        works = {
            "fill": print_fill,
            "undo": print_undo,
            "save": print_save,
            "keep": print_keep,
            "strokes": print_strokes,
        }
        for part, work in works.items():
            if part in options.only:
                with large_desk(SIDE) as desk:
                    work(desk)
    return 0


@contextmanager
def large_desk(side: int) -> Iterator[Desk]:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    renderer = Photos()
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(scene.library(Path(folder) / "models"), lambda: renderer, Settings())
        studio.session.open(large_document(side))
        window = MainWindow(studio)
        window.resize(1440, 900)
        window.show()
        studio.session.resize_brush(200)
        studio.session.choose_class(1)
        studio.start()
        wait_until(lambda: studio.feed.image_HW3 is not None)
        yield Desk(studio, window, renderer)
        studio.session.history.mark_saved()
        window.close()
        window.deleteLater()
        wait_until(lambda: not window.isVisible())


def large_document(side: int) -> Document:
    document = scene.document(side, side)
    rng = np.random.default_rng(0)
    for number in range(LAYERS - 1):
        layer = LabelLayer.blank(f"layer {number}", side, side)
        for left, top in rng.integers(0, side * 7 // 8, (30, 2)):
            layer.labels[top : top + side // 8, left : left + side // 8] = rng.integers(0, 3)
        document.layers.append(layer)
    return document


def print_brush(side: int) -> None:
    with large_desk(side) as desk:
        for zoom, name in ((1.0, "1 : 1"), (None, "whole drawing")):
            if zoom is None:
                desk.view.fit()
            else:
                desk.view.zoom_to(zoom)
            QApplication.processEvents()
            seconds, busy = time_stroke(desk)
            print_times(f"brush at {side}², {LAYERS} layers, 200 px, {name}", seconds)
            print_times("  processor time of the window's thread", busy)


def time_stroke(desk: Desk) -> tuple[list[float], list[float]]:
    """Seconds of every move of a curly stroke in the middle of what is seen, by the clock and of this thread's work."""
    centre = desk.view.centre
    reach = 0.4 * min(desk.labels.width(), desk.labels.height()) / desk.view.zoom
    turn = np.linspace(0, 12, MOVES)
    points = zip(centre.x() + reach * np.sin(turn), centre.y() + reach * np.sin(1.31 * turn + 1), strict=True)
    desk.mouse(QEvent.Type.MouseButtonPress, centre.x(), centre.y())
    seconds, busy = [], []
    for x, y in points:
        start, began = time.perf_counter(), time.thread_time()
        desk.mouse(QEvent.Type.MouseMove, x, y)
        QApplication.processEvents()
        seconds.append(time.perf_counter() - start)
        busy.append(time.thread_time() - began)
    desk.mouse(QEvent.Type.MouseButtonRelease, centre.x(), centre.y())
    return seconds, busy


def print_fill(desk: Desk) -> None:
    """A click that fills everything, on a drawing of one class."""
    session = desk.session
    session.open(scene.document(SIDE, SIDE))
    session.choose_tool(ToolKind.FILL)
    seconds, busy = [], []
    for number in range(6):
        session.choose_class(1 + number % 2)
        start, began = time.perf_counter(), time.process_time()
        desk.mouse(QEvent.Type.MouseButtonPress, SIDE // 2, SIDE // 2)
        desk.mouse(QEvent.Type.MouseButtonRelease, SIDE // 2, SIDE // 2)
        QApplication.processEvents()
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - began)
    print_times(f"fill of {SIDE}²", seconds)
    print_times("  processor time of all threads", busy)


def print_undo(desk: Desk) -> None:
    """Undo and redo of steps of every size, the largest of them."""
    session = desk.session
    steps: dict[str, Callable[[], object]] = {
        "stroke": lambda: time_stroke(desk),
        "whole layer filled": lambda: desk.trigger("select.fill"),
        "layer added": lambda: desk.trigger("layer.add"),
        "layer hidden": lambda: hide_layer(desk),
        "layers merged": lambda: desk.trigger("layer.merge"),
        "flattened": lambda: desk.trigger("layer.flatten"),
        "seed": session.roll_seed,
    }
    for name, do in steps.items():
        count = session.history.undo_count
        do()
        QApplication.processEvents()
        if session.history.undo_count == count:
            print(f"undo, {name}: nothing was done")
            continue
        seconds, busy = [], []
        for _round in range(5):
            for action in ("edit.undo", "edit.redo"):
                start, began = time.perf_counter(), time.process_time()
                desk.trigger(action)
                QApplication.processEvents()
                seconds.append(time.perf_counter() - start)
                busy.append(time.process_time() - began)
        print_times(f"undo and redo at {SIDE}², {name}", seconds)
        print_times("  processor time of all threads", busy)
        desk.trigger("edit.undo")


def hide_layer(desk: Desk) -> None:
    layer = desk.session.document.layers[-2]
    desk.session.do(ChangeLayer(layer.id, "hide", is_visible=not layer.is_visible))


def print_save(desk: Desk) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.oasis"
        desk.session.roll_seed()
        wait_until(lambda: not desk.feed.is_rendering)
        start, began = time.perf_counter(), time.process_time()
        desk.studio.drawings.save_later(path, lambda _error: None)
        longest = longest_freeze(lambda: not desk.session.is_modified)
        took, size = time.perf_counter() - start, path.stat().st_size / 2**20
        busy = time.process_time() - began
        print(
            f"save at {SIDE}², {LAYERS} layers: {took:.2f} s, {size:.1f} MB; processor time of all threads {busy:.2f} s"
        )
        print(f"longest freeze while saving: {1000 * longest:.0f} ms")


def print_keep(desk: Desk) -> None:
    """A photo of real grain, not of one colour, is kept with its drawing."""
    grain = np.random.default_rng(2).integers(100, 140, (SIDE, SIDE, 3)).astype(np.uint8)
    wait_until(lambda: not desk.feed.is_rendering)
    desk.feed.show(grain)
    start, began = time.perf_counter(), time.process_time()
    desk.window.actions_by_id["result.keep"].trigger()
    longest = longest_freeze(lambda: bool(desk.session.document.results))
    took, busy = time.perf_counter() - start, time.process_time() - began
    size = desk.session.document.results[0].nbytes / 2**20
    print(f"keep at {SIDE}², {LAYERS} layers: {took:.2f} s, {size:.1f} MB; processor time of all threads {busy:.2f} s")
    print(f"longest freeze while keeping: {1000 * longest:.0f} ms")


def longest_freeze(is_done: Callable[[], bool]) -> float:
    """Seconds that the window did not answer at most, until ``is_done``."""
    moments = [time.perf_counter()]

    def look() -> bool:
        """Asked every few milliseconds, for a window at rest leaves the processor to the file."""
        moments.append(time.perf_counter())
        return is_done()

    wait_until(look)
    return float(max(np.diff([*moments, time.perf_counter()])))


def print_strokes(desk: Desk) -> None:
    desk.view.zoom_to(1.0)
    rng = np.random.default_rng(1)
    desk.studio.session.resize_brush(60)
    before, seconds = resident_mb(), []
    for number in range(STROKES):
        x, y = rng.integers(100, SIDE - 100, 2)
        desk.session.choose_class(int(number % 3))
        start = time.perf_counter()
        desk.stroke((x, y), (x + 40, y + 20), (x + 60, y - 20))
        QApplication.processEvents()
        seconds.append(time.perf_counter() - start)
        if number == WARM or number % 2000 == 1999:
            print(
                f"{number + 1} strokes: {resident_mb():.0f} MB, {1000 * np.median(seconds[-500:]):.1f} ms each",
                flush=True,
            )
    print_times(f"one of {STROKES} strokes", seconds)
    print_times("one of the last 500 strokes", seconds[-500:])
    held = desk.session.history.size_bytes / 2**20
    print(f"memory: {before:.0f} MB before, {resident_mb():.0f} MB after; the undo steps hold {held:.0f} MB")


if __name__ == "__main__":
    raise SystemExit(main())
