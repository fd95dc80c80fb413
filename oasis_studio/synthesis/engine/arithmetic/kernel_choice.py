"""Machine code or torch for the inner loops: what is there, what is right, and what measures faster."""

from __future__ import annotations

import logging
import time
from functools import cache

import torch

from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients, Kernels, TorchKernels
from oasis_studio.synthesis.engine.arithmetic.native import library
from oasis_studio.synthesis.engine.arithmetic.native.kernels import NativeKernels

log = logging.getLogger(__name__)

_PIXELS, _CHANNELS, _ROWS = 64, 64, 500  # a third of a millisecond
_ROUNDS = 3
_CLOSE = 2e-2
"""Two roundings of a bfloat16 around 2."""


def choose_kernels(device: torch.device) -> Kernels:
    """The faster ones; measured once per process."""
    return _on_processor() if device.type == "cpu" else TorchKernels()


@cache
def _on_processor() -> Kernels:
    plain = TorchKernels()
    try:
        native = NativeKernels(library.load())
    except OSError as error:
        log.info("inner loops by torch, no compiled ones: %s", error)
        return plain
    rounds = [(_tried(plain), _tried(native)) for _round in range(_ROUNDS)]  # in turn: what else runs strikes both
    (_seconds, expected), (_seconds, found) = rounds[0]
    if not torch.allclose(found, expected, atol=_CLOSE, rtol=_CLOSE):
        log.warning("inner loops by torch: the compiled ones compute something else")
        return plain
    slow, fast = (min(tried[which][0] for tried in rounds) for which in (0, 1))
    log.info("inner loops: compiled %.2f ms, by torch %.2f ms", 1000 * fast, 1000 * slow)
    return native if fast < slow else plain


def _tried(kernels: Kernels) -> tuple[float, torch.Tensor]:
    """Seconds of processor time of a typical sweep, and what came out; a busy machine must not decide a session."""
    steps = torch.arange(_ROWS * 2 * _CHANNELS, dtype=torch.float32)
    table = torch.sin(steps).view(_ROWS, -1).bfloat16()
    index = (torch.arange(_PIXELS**2, dtype=torch.int32) % _ROWS).view(_PIXELS, _PIXELS)
    x = torch.cos(steps[: _PIXELS**2 // 4 * _CHANNELS // 2]).repeat(2).view(_PIXELS // 2, _PIXELS // 2, -1).bfloat16()
    out = x.new_empty((_PIXELS, _PIXELS, _CHANNELS))
    scratch = x.new_empty((_PIXELS**2, 2 * _CHANNELS))

    def take(_name: str, *shape: int) -> torch.Tensor:
        return scratch[: shape[0]].view(shape)

    with torch.inference_mode():
        start = time.process_time()
        kernels.modulate(x, Coefficients(table, index), out, 2, (0, 0), 0.2, take)
        return time.process_time() - start, out.float()
