"""Scenes and small networks for the engine's tests."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import torch

from oasis_studio.synthesis.engine.drift import Tolerance
from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.network import AnyNetwork, SynthesisNetwork
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms

Network = TypeVar("Network", bound=SynthesisNetwork[Any])

CLASSES, NOISE = 5, 6
PUBLISHED = GeneratorConfig(classes=CLASSES, noise=NOISE, widths=(24, 24, 16, 16, 8), hidden=12)
"""Like the published networks: a hidden map of its own for every norm, kernels of 3."""
STARTER = GeneratorConfig(
    classes=CLASSES,
    noise=NOISE,
    widths=(24, 24, 16, 16, 8),
    hidden=12,
    shares_hidden=True,
    modulation_kernel=1,
    grain=True,
)
"""Like the model that ships: one hidden map a block, γ and β with a kernel of 1, grain."""

ANYTHING = Tolerance(edit=-np.inf, stroke=-np.inf)
"""Follow, however far the photo drifts."""


def network(config: GeneratorConfig, seed: int = 0) -> Generator:
    """A generator with lively random weights and statistics, in evaluation mode."""
    torch.manual_seed(seed)
    return lively(Generator(config))


def lively(generator: Network) -> Network:
    """Random weights and statistics for it; changes and returns it."""
    with torch.no_grad():
        for name, tensor in generator.state_dict().items():
            if name.endswith(("weight", "weight_orig")):
                tensor.normal_(std=(2 / tensor[0].numel()) ** 0.5)
            elif name.endswith("running_var"):
                tensor.uniform_(0.5, 1.5)
            elif name.endswith(("bias", "running_mean", "strength")):
                tensor.normal_(std=0.1)
    settle_spectral_norms(generator)
    return generator.eval()


def scene(height: int, width: int, regions: int, seed: int = 0, classes: int = CLASSES) -> Scene:
    """A Voronoi picture of ``regions`` cells, each with a class and a noise vector of its own, and stray pixels."""
    rng = np.random.default_rng(seed)
    centres = rng.random((regions, 2)) * (height, width)
    y, x = np.mgrid[:height, :width]
    distance = (y[..., None] - centres[:, 0]) ** 2 + (x[..., None] - centres[:, 1]) ** 2
    cells = distance.argmin(axis=2).astype(np.uint16)
    stray = rng.random((height, width)) < 0.002
    cells[stray] = rng.integers(0, regions, int(stray.sum()))
    labels = rng.integers(0, classes, regions).astype(np.uint8)[cells]
    noise = rng.standard_normal((regions, NOISE)).astype(np.float32)
    return Scene(labels, cells, noise)


def plain(generator: AnyNetwork, picture: Scene, dtype: torch.dtype = torch.float32) -> np.ndarray:
    """(H, W, 3) float32 by the network as it is, which reads its condition in ``dtype``."""
    labels, regions = (torch.from_numpy(ids.astype(np.int64))[None] for ids in (picture.labels_HW, picture.regions_HW))
    style = None if picture.style_S is None else torch.from_numpy(picture.style_S)[None]
    with torch.inference_mode():
        seen = generator.condition(labels, regions, torch.from_numpy(picture.noise_RZ)[None].to(dtype))
        return generator(seen, style)[0].permute(1, 2, 0).float().numpy()


def psnr(image: np.ndarray, reference: np.ndarray) -> float:
    """dB, for values in [−1, 1]."""
    error = float(np.mean((image - reference) ** 2))
    return 10 * float(np.log10(4 / error)) if error else float("inf")
