"""Small official checkpoints for tests: every tensor is filled from its own name and shape.

``tests/data/official_state_dict.json`` lists the keys and shapes of the published checkpoints and of a *small* one;
``tests/data/golden_small.npz`` holds what the reference implementation computes with these weights.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch

from oasis_studio.core.classes.palette import Palette, SemanticClass

DATA = Path(__file__).parent.parent / "data"
SMALL_CLASSES, SMALL_NOISE = 7, 8


def tables() -> dict[str, Any]:
    """Keys and shapes by configuration name: small, ade20k, cityscapes, coco_stuff."""
    return json.loads((DATA / "official_state_dict.json").read_text())


def golden() -> dict[str, np.ndarray]:
    """Inputs and outputs of the reference implementation for the small configuration."""
    with np.load(DATA / "golden_small.npz") as arrays:
        return {name: arrays[name] for name in arrays.files}


def tensor(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Fill one tensor from its state-dict key; ``weight_u`` and ``weight_v`` come from :func:`state_dict`."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    leaf = name.rsplit(".", 1)[-1]
    if leaf == "num_batches_tracked":
        return np.array(1, dtype=np.int64)
    if leaf == "running_var":
        return (0.5 + rng.random(shape)).astype(np.float32)
    if leaf == "running_mean":
        return (0.1 * rng.standard_normal(shape)).astype(np.float32)
    if leaf == "bias":
        return (0.05 * rng.standard_normal(shape)).astype(np.float32)
    fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else 1
    return (rng.standard_normal(shape) * np.sqrt(2.0 / fan_in)).astype(np.float32)


def singular_vectors(weight: np.ndarray, iterations: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Power iteration on ``weight`` (out, in, kh, kw) → (u, v), as spectral norm stores them."""
    matrix = weight.reshape(weight.shape[0], -1).astype(np.float64)
    u = np.ones(matrix.shape[0]) / np.sqrt(matrix.shape[0])
    v = np.zeros(matrix.shape[1])
    for _ in range(iterations):
        v = matrix.T @ u
        v /= np.linalg.norm(v) + 1e-12
        u = matrix @ v
        u /= np.linalg.norm(u) + 1e-12
    return u.astype(np.float32), v.astype(np.float32)


def state_dict(table: dict[str, list[int]]) -> dict[str, torch.Tensor]:
    """``{key: shape}`` → ``{key: tensor}``, in the layout of the published files."""
    arrays: dict[str, np.ndarray] = {}
    for name, shape in table.items():
        if name.endswith((".weight_u", ".weight_v")):
            continue
        arrays[name] = tensor(name, tuple(shape))
        if name.endswith(".weight_orig"):
            stem = name.removesuffix("weight_orig")
            arrays[stem + "weight_u"], arrays[stem + "weight_v"] = singular_vectors(arrays[name])
    return {name: torch.from_numpy(arrays[name]) for name in table}


def small_generator() -> dict[str, torch.Tensor]:
    """State dict of the small generator (1.8 million parameters)."""
    return state_dict(tables()["small"]["generator"])


def palette(count: int = SMALL_CLASSES, name: str = "small", dont_care: int | None = 0) -> Palette:
    """A class list of ``count`` classes whose colours differ."""
    classes = (SemanticClass(i, f"class {i}", (i * 30 % 256, i * 7 % 256, i)) for i in range(count))
    return Palette(name, tuple(classes), dont_care)
