"""What a call of the Python API costs beside the engine's own work: ``python -m tests.benchmarks.api [--rounds N]``.

Printed are the milliseconds of a render at 256×256 with every shape of noise, how many of them are the engine's, and
the difference; medians, by the clock and in processor time of the calling thread. Then how long
``import oasis_studio.api`` takes in a fresh Python, with and without what a model needs to be opened.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from typing import Any
from unittest.mock import patch

import numpy as np

from oasis_studio.api import lock, open_model
from oasis_studio.synthesis.engine.renderer import EngineRenderer

_IMPORTS = {
    "import oasis_studio.api": "import oasis_studio.api",
    "… where NumPy is loaded already": "import numpy; start(); import oasis_studio.api",
    "… with open_model, NumPy loaded": "import numpy; start(); from oasis_studio.api import open_model",
    "… with every name, NumPy loaded": "import numpy; start(); from oasis_studio.api import *",
}
_TIMED = """
import time
begun = time.perf_counter()
def start():
    global begun
    begun = time.perf_counter()
{code}
taken = time.perf_counter() - begun
import sys
assert "torch" not in sys.modules
print(taken)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="outdoor")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    print("render 256×256             whole ms   engine ms   beside it   processor ms beside it")
    for name, given in _cases(arguments.model):
        whole, engine, beside, busy = _measured(arguments.model, given, arguments.rounds)
        print(f"{name:24} {whole:10.1f} {engine:11.1f} {beside:11.2f} {busy:12.2f}", flush=True)
    for name, code in _IMPORTS.items():
        seconds = [_import_seconds(code) for _round in range(arguments.rounds)]
        print(f"{name:36} {1e3 * statistics.median(seconds):6.1f} ms, best {1e3 * min(seconds):.1f}")


def _cases(name: str) -> list[tuple[str, dict[str, Any]]]:
    model, shape = open_model(name), (256, 256)
    regions = np.arange(256)[None, :] // 32 + 8 * (np.arange(256)[:, None] // 32)
    smooth = np.linspace(0, 1, 32, dtype=np.float32).repeat(8)[None, :, None]
    by_pixel = np.broadcast_to(smooth * model.noise(1) + (1 - smooth) * model.noise(2), (*shape, model.noise_size))
    photo = np.zeros((*shape, 3), np.uint8)
    return [
        ("one vector", {"seed": 1}),
        ("one a class", {"noise": model.noise(range(len(model.classes)))}),
        ("64 regions", {"seed": list(range(64)), "regions": regions}),
        ("by pixel, 32 different", {"noise": by_pixel}),
        ("a lock on a quarter", {"locks": [lock(regions < 16, photo)]}),
    ]


def _measured(name: str, given: dict[str, Any], rounds: int) -> tuple[float, float, float, float]:
    """Milliseconds: the whole call, the engine's part, the difference of both, and that in processor time."""
    model = open_model(name)
    labels_HW = np.full((256, 256), model.classes.index("sky"), np.uint8)
    labels_HW[140:] = model.classes.index("grass")
    spent: list[tuple[float, float]] = []
    real = EngineRenderer.render

    def timed(*arguments: Any, **options: Any) -> Any:
        clock, busy = time.perf_counter(), time.thread_time()
        result = real(*arguments, **options)
        spent.append((time.perf_counter() - clock, time.thread_time() - busy))
        return result

    found = []
    with patch.object(EngineRenderer, "render", timed):
        model.render(labels_HW, **given)
        for _round in range(rounds):
            clock, busy = time.perf_counter(), time.thread_time()
            model.render(labels_HW, **given)
            whole, whole_busy = time.perf_counter() - clock, time.thread_time() - busy
            engine, engine_busy = spent[-1]
            found.append((whole, engine, whole - engine, whole_busy - engine_busy))
    return tuple(1e3 * statistics.median(column) for column in zip(*found, strict=True))  # type: ignore[return-value]


def _import_seconds(code: str) -> float:
    done = subprocess.run([sys.executable, "-c", _TIMED.format(code=code)], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
