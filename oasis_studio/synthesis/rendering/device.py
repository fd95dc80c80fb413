"""Which processor renders, and in which precision: what is there, and what measures faster."""

from __future__ import annotations

import time
from functools import cache

import torch
from torch.nn import functional as F

from oasis_studio.core.work.request import Quality
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "fp32", "bf16")
RENDER_PRECISIONS = (*PRECISIONS, "int8")
"""int8: the engine's main convolutions; everything else in the type that "auto" takes."""

_CHANNELS, _SIDE = 128, 32  # 0.15 GMAC: milliseconds, also where bf16 is emulated
_ROUNDS = 3
_CLEARLY_FASTER = 0.8  # a close race must not be decided by chance


def choose_device(name: str = "auto") -> torch.device:
    """The processor called ``name``; "auto" takes the fastest there is. StudioError if it is not there."""
    available = _available()
    if name == "auto":
        return torch.device(next(kind for kind in ("cuda", "mps", "cpu") if kind in available))
    if name not in DEVICES:
        raise StudioError(
            _('There is no device "{name}".').format(name=name),
            _("Choose one of: {names}.").format(names=", ".join(DEVICES)),
        )
    if name not in available:
        raise StudioError(
            _("This computer, or its PyTorch, has no {name} device.").format(name=name),
            _("Available: {names}.").format(names=", ".join(available)),
        )
    return torch.device(name)


def choose_precision(precision: str, device: torch.device, quality: Quality) -> torch.dtype:
    """float32 for a final photo, whatever is asked; for a preview what ``precision`` says.

    "auto" and "int8" are bfloat16 only where it measures clearly faster. Raises StudioError for an unknown name.
    """
    if precision not in RENDER_PRECISIONS:
        raise StudioError(
            _('There is no precision "{name}".').format(name=precision),
            _("Choose one of: {names}.").format(names=", ".join(RENDER_PRECISIONS)),
        )
    if quality is Quality.FINAL or precision == "fp32":
        return torch.float32
    if precision == "bf16" or has_fast_bf16(device):
        return torch.bfloat16
    return torch.float32


def has_fast_bf16(device: torch.device) -> bool:
    """Is a bfloat16 convolution clearly faster than a float32 one? Measured once per process and kind of device."""
    return _has_fast_bf16(device.type)


@cache
def _has_fast_bf16(kind: str) -> bool:
    if kind == "mps":
        return False  # float32 is as fast there, and bfloat16 is incomplete
    try:
        # A first call of each pays for set-up; the slow one is tried once only, for it may be very slow.
        seconds = {dtype: _convolution_seconds(kind, dtype) for dtype in (torch.float32, torch.bfloat16)}
    except RuntimeError:
        return False
    return seconds[torch.bfloat16] < _CLEARLY_FASTER * seconds[torch.float32]


def _convolution_seconds(kind: str, dtype: torch.dtype) -> float:
    """The best of a few runs of one representative 3×3 convolution.

    On the processor it is processor time: a machine that is busy for a moment must not decide a whole session.
    """
    clock = time.process_time if kind == "cpu" else time.perf_counter
    x_NCHW = torch.ones(1, _CHANNELS, _SIDE, _SIDE, dtype=dtype, device=kind)
    weight = torch.ones(_CHANNELS, _CHANNELS, 3, 3, dtype=dtype, device=kind)
    x_NCHW = x_NCHW.contiguous(memory_format=torch.channels_last)
    weight = weight.contiguous(memory_format=torch.channels_last)
    best = float("inf")
    with torch.inference_mode():
        F.conv2d(x_NCHW, weight, padding=1)
        for _round in range(_ROUNDS):
            _wait(kind)
            start = clock()
            F.conv2d(x_NCHW, weight, padding=1)
            _wait(kind)
            best = min(best, clock() - start)
    return best


def _wait(kind: str) -> None:
    if kind == "cuda":
        torch.cuda.synchronize()


def _available() -> list[str]:
    kinds = ["cpu"]
    if torch.cuda.is_available():
        kinds.append("cuda")
    if torch.backends.mps.is_available():
        kinds.append("mps")
    return kinds
