"""The original implementation as an opponent: imported as it is from a checkout, never read by this project."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.networks.generator import Generator

Render = Callable[[Scene, int], np.ndarray]
"""Scene and the seed of its noise → image (H, W, 3)."""


def open_original(folder: Path, generator: Generator) -> Render:
    """The original generator in ``folder`` with the weights of ``generator``; SystemExit if it cannot be used."""
    sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module("models.generator")
        network = module.OASIS_Generator(_settings(generator))
        network.load_state_dict(generator.state_dict())
    except (ImportError, AttributeError, RuntimeError) as error:
        raise SystemExit(f"{folder} holds no original implementation that can be used: {error}") from error
    finally:
        sys.path.remove(str(folder))
    network.eval()
    classes = generator.config.classes

    def render(scene: Scene, seed: int) -> np.ndarray:
        onehot = torch.nn.functional.one_hot(torch.from_numpy(scene.labels_HW.astype(np.int64)), classes)
        torch.manual_seed(seed)  # it draws its noise itself
        return network(onehot.permute(2, 0, 1)[None].float())[0].permute(1, 2, 0).numpy()

    return render


def _settings(generator: Generator) -> SimpleNamespace:
    """The options of its command line that the generator reads, at their published values."""
    config = generator.config
    return SimpleNamespace(
        channels_G=config.widths[-1],
        num_res_blocks=len(config.widths) - 1,
        semantic_nc=config.classes,
        z_dim=config.noise,
        no_3dnoise=False,
        no_spectral_norm=False,
        param_free_norm="batch",
        spade_ks=3,
        crop_size=config.native_width,
        aspect_ratio=config.native_width / config.native_height,
        gpu_ids="-1",
    )
