"""Noise vectors and style codes from seeds, the same on every machine."""

from __future__ import annotations

import numpy as np

MAX_SEED = 2**31 - 1


def noise_vector(seed: int, size: int) -> np.ndarray:
    """(size,) float32 drawn from N(0, 1) by ``seed`` alone (PCG64)."""
    return np.random.default_rng(seed).standard_normal(size).astype(np.float32)


def style_vector(seed: int, size: int) -> np.ndarray | None:
    """The style code of the whole image by ``seed``, as :func:`noise_vector`; None for a model that takes none."""
    return noise_vector(seed, size) if size else None
