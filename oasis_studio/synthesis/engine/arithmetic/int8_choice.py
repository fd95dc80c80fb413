"""Convolutions of bytes: whether this machine has them, whether they are right, and what measures faster."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from enum import Enum, auto
from functools import cache, partial

import torch
from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic.convolution import PackedConv, as_map
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv
from oasis_studio.synthesis.engine.arithmetic.kernels import Levels
from oasis_studio.synthesis.engine.arithmetic.quantised import CAREFUL_WEIGHT, MOST_WEIGHT, QuantisedConv

log = logging.getLogger(__name__)

_CHANNELS, _SIDE = 128, 64  # milliseconds
_ROUNDS = 3
_CLEARLY_FASTER = 0.7
"""Main convolutions are two thirds of a render: with less to win, a photo comes hardly earlier."""


class Int8Use(Enum):
    """When main convolutions compute in bytes, if the model bears it. A final photo's never do."""

    NEVER = auto()
    WHILE_PAINTING = auto()
    ALWAYS = auto()


def choose_int8(precision: str, device: torch.device, dtype: torch.dtype) -> Int8Use:
    """What ``precision`` asks for, where this machine can; "auto" where that is clearly faster than ``dtype``."""
    if precision == "int8" and most_weight(device) is not None:
        return Int8Use.ALWAYS
    if precision == "auto" and has_fast_int8(device, dtype):
        return Int8Use.WHILE_PAINTING
    return Int8Use.NEVER


def most_weight(device: torch.device) -> int | None:
    """The largest weight with which sums come out right; None if there are no such convolutions. Tried once."""
    return _most_weight() if device.type == "cpu" else None


def has_fast_int8(device: torch.device, dtype: torch.dtype) -> bool:
    """Is such a convolution clearly faster than one of ``dtype``? Measured once per process."""
    return most_weight(device) is not None and _is_faster(dtype)


@cache
def _most_weight() -> int | None:
    try:
        found = next((most for most in (MOST_WEIGHT, CAREFUL_WEIGHT) if _is_right(most)), None)
    except (RuntimeError, AttributeError, TypeError) as error:
        log.info("no convolutions in int8: %s", error)
        return None
    if found is None:
        log.info("no convolutions in int8: they compute something else here")
    return found


def _is_right(most: int) -> bool:
    """Are the largest sums there are exact?"""
    levels = Levels(1.0, 0)
    conv = FoldedConv(torch.full((16, 32, 3, 3), float(most)), None)
    total, seen = torch.zeros((4, 4, 16)), torch.full((6, 6, 32), 255, dtype=torch.uint8)
    QuantisedConv(conv, levels, torch.float32, most).add_to(as_map(total), as_map(seen))
    expected = torch.full_like(total, 32.0 * 9 * 255 * most)
    return torch.allclose(total, expected, rtol=1e-5)


@cache
def _is_faster(dtype: torch.dtype) -> bool:
    conv = FoldedConv(torch.ones((_CHANNELS, _CHANNELS, 3, 3)), None)
    most = _most_weight()
    if most is None:
        return False
    total = torch.zeros((_SIDE, _SIDE, _CHANNELS), dtype=dtype)
    framed = (_SIDE + 2, _SIDE + 2, _CHANNELS)
    quantised = QuantisedConv(conv, Levels(1.0, 0), dtype, most)
    wide = PackedConv(conv, dtype, torch.device("cpu"))
    runs: tuple[Callable[[], Tensor], ...] = (
        partial(quantised.add_to, as_map(total), as_map(torch.ones(framed, dtype=torch.uint8))),
        partial(wide.add_to, as_map(total), as_map(torch.ones(framed, dtype=dtype)), 0),
    )
    with torch.inference_mode():
        rounds = [[_seconds(run) for run in runs] for _round in range(_ROUNDS + 1)][1:]  # the first pays for set-up
    fast, slow = (min(seconds) for seconds in zip(*rounds, strict=True))
    log.info("a convolution in int8: %.2f ms, in %s %.2f ms", 1000 * fast, dtype, 1000 * slow)
    return fast < _CLEARLY_FASTER * slow


def _seconds(run: Callable[[], Tensor]) -> float:
    """Of processor time: a machine that is busy for a moment must not decide a session."""
    start = time.process_time()
    run()
    return time.process_time() - start
