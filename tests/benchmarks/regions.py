"""Regions and styles in numbers: ``python -m tests.benchmarks.regions [--model NAME] [--scenes COUNT]``.

Prints the time from choosing a region to its outline on both canvases (2048×2048), the times of 16 variations at
256×256 in the real window (first and last), and, over scenes cut from the samples, how much more the photo changes
inside a resampled region than outside its feather, whether locked pixels change, and how far photos of ten seeds are
apart. Without a screen, under Xvfb.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time

from oasis_studio.synthesis.rendering.waiting import wait_without_spinning

wait_without_spinning()

import numpy as np  # noqa: E402 - threads are told how to wait before torch starts them

from oasis_studio.core.models.library import ModelLibrary, default_library  # noqa: E402
from tests.benchmarks.display import screen  # noqa: E402

SIDE = 2048
CHOICES = 20
VARIATIONS = 16
FEATHER = 8
SEEDS = 10
SMALLEST = 0.02
"""Of the image: smaller regions are not resampled."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="outdoor")
    parser.add_argument("--scenes", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, screen() as where:
        os.environ["OASIS_STUDIO_HOME"] = home
        library = default_library()
        print(f"{options.model}, on {where}", flush=True)
        in_the_window(library, options.model)
        if options.scenes:
            in_the_photo(library, options.model, options.scenes)
    return 0


def in_the_window(library: ModelLibrary, model: str) -> None:
    """Choosing and variations, as a person meets them."""
    from PySide6.QtWidgets import QApplication

    from oasis_studio.app.files.drawings import samples
    from oasis_studio.app.session.settings import Settings
    from oasis_studio.app.studio import Studio
    from oasis_studio.core.files.projects.project import read_project
    from oasis_studio.core.history.commands import SetModel
    from oasis_studio.synthesis.engine.renderer import EngineRenderer
    from oasis_studio.ui.widgets import theme
    from oasis_studio.ui.window.main_window import MainWindow
    from tests.ui.desk import wait_until

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    studio = Studio(library, lambda: EngineRenderer(library), Settings(reduce_motion=True))
    _folder, card = library.find(model)
    document = _cut(read_project(samples()[0].path).document, np.random.default_rng(0))
    SetModel(card.id, card.palette, 0).apply(document)
    studio.session.open(document)
    window = MainWindow(studio)
    window.resize(1280, 800)
    window.show()
    studio.start()

    def rest() -> None:
        wait_until(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)

    rest()
    for _round in range(3):
        start, first = time.perf_counter(), 0.0
        studio.variations.start(VARIATIONS)
        while studio.variations.is_running:
            app.processEvents()
            if not first and studio.variations.all[0].image_HW3 is not None:
                first = time.perf_counter() - start
        last = time.perf_counter() - start
        print(f"{VARIATIONS} variations at 256×256: first {first:.2f} s, all {last:.2f} s", flush=True)
        rest()
    studio.session.open(_large(document))
    window.canvases.view.fit()
    studio.aside.cancel()
    app.processEvents()
    times, busy = [], []
    keys = [region.key for region in studio.session.regions.all]
    for number in range(CHOICES):
        start, worked = time.perf_counter(), time.process_time()
        studio.session.regions.choose([keys[number % len(keys)]])
        window.canvases.labels.repaint()
        window.canvases.photo.repaint()
        times.append(1000 * (time.perf_counter() - start))
        busy.append(1000 * (time.process_time() - worked))
    print(
        f"choose a region at {SIDE}×{SIDE}: median {np.median(times):.1f} ms, worst {max(times):.1f} ms; "
        f"of processor time, whatever else runs, {np.median(busy):.1f} and {max(busy):.1f} ms",
        flush=True,
    )
    studio.session.history.mark_saved()
    window.close()


def in_the_photo(library: ModelLibrary, model: str, count: int) -> None:
    """Locality, locks, diversity, over scenes cut from the samples."""
    import cv2

    from oasis_studio.app.files.drawings import samples
    from oasis_studio.core.document.lock import Lock, with_locks
    from oasis_studio.core.document.regions import RegionMap
    from oasis_studio.core.document.style import OwnSeed, RegionStyle
    from oasis_studio.core.files.projects.project import read_project
    from oasis_studio.core.models.style_noise import Styling, model_identity, noise_table
    from oasis_studio.core.work.request import Quality, SynthesisRequest
    from oasis_studio.synthesis.engine.renderer import EngineRenderer

    renderer, (_folder, card) = EngineRenderer(library), library.find(model)
    documents = [read_project(sample.path).document for sample in samples()]
    random = np.random.default_rng(1)
    ratios, absolute, changed, apart = [], [], 0, []
    for number in range(count):
        document = _cut(documents[number % len(documents)], random)
        regions = RegionMap(document)
        plain = Styling(int(random.integers(10**6)), model_identity(card))

        def render(styling: Styling, document=document, regions=regions) -> np.ndarray:
            table = noise_table(regions, styling, card.noise_size)
            request = SynthesisRequest(
                *(1, model, document.flatten(), table.regions_HW, table.noise_RZ), quality=Quality.PREVIEW
            )
            return renderer.render(request).image_HW3

        before = render(plain)
        large = [region for region in regions.regions if region.area > SMALLEST * before.shape[0] * before.shape[1]]
        chosen = large[random.integers(len(large))].key
        after = render(plain.replaced({chosen: RegionStyle(OwnSeed(int(random.integers(10**6))))}))
        mask = regions.mask(chosen)
        outside = cv2.distanceTransform((~mask).view(np.uint8), cv2.DIST_L2, 5) > FEATHER
        difference = np.abs(after.astype(float) - before).mean(axis=2)
        if outside.any():
            inside, beyond = difference[mask].mean(), difference[outside].mean()
            ratios.append(inside / max(beyond, 1e-9))
            absolute.append((inside, beyond))
        others = [region.key for region in large if region.key != chosen]
        if others:
            kept = regions.mask(others[0])
            lock = Lock.of(kept, before, FEATHER)
            assert lock is not None
            changed += int((with_locks(after, [lock])[kept] != before[kept]).sum())
        if number % 5 == 0:
            photos = [render(Styling(seed, plain.model)).astype(float) for seed in range(SEEDS)]
            pairs = [(one, two) for one in range(SEEDS) for two in range(one)]
            apart.append(np.mean([np.abs(photos[one] - photos[two]).mean() for one, two in pairs]))
    inside, beyond = np.mean(absolute, axis=0)
    share = np.mean(np.array(ratios) >= 5)
    print(
        f"{len(ratios)} scenes, one region resampled: mean change of 255 {inside:.1f} inside, {beyond:.2f} beyond "
        f"{FEATHER} px: {inside / beyond:.1f} times; median of the scenes {np.median(ratios):.1f} times, "
        f"{100 * share:.0f} % of them at least 5 times",
        flush=True,
    )
    print(f"locked pixels changed: {changed}", flush=True)
    print(f"{SEEDS} seeds of a label map are {np.mean(apart):.1f} of 255 apart ({len(apart)} maps)", flush=True)


def _cut(document, random):
    """256×256 somewhere in a sample, mirrored half of the time."""
    from oasis_studio.core.history.document_commands import CropDocument
    from oasis_studio.core.pixels.box import Box

    left = int(random.integers(0, document.width - 256 + 1))
    top = int(random.integers(0, document.height - 256 + 1))
    cut = document.copy()
    CropDocument(Box(left, top, left + 256, top + 256)).apply(cut)
    if random.random() < 0.5:
        for layer in cut.layers:
            layer.labels = layer.labels[:, ::-1].copy()
    return cut


def _large(document):
    from oasis_studio.core.history.document_commands import ScaleDocument

    large = document.copy()
    ScaleDocument(SIDE, SIDE).apply(large)
    return large


if __name__ == "__main__":
    raise SystemExit(main())
