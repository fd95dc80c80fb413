"""Contact sheets: label map, result, real photo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.document.noise import noise_vector
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_training.pairs.dataset import Batch, Pair, PhotoSet

_GAP = 4


@torch.no_grad()
def render_held_out(
    network: SynthesisNetwork[Any], pairs: list[Pair], size: int, device: torch.device, seed: int = 0
) -> tuple[Batch, torch.Tensor]:
    """The middle squares of ``pairs`` and the pictures (N, 3, S, S) made from their label maps, one seed each."""
    config = network.config
    photos = PhotoSet(pairs, size, config.classes, device, short=size)
    count = len(photos)
    batch = photos.centre(torch.arange(count, device=device))
    noise_NRZ, code_NS = (
        _drawn(count, size, seed).to(device) for size in (config.noise, config.capabilities.style_size)
    )
    pictures = []
    for part in torch.arange(count, device=device).split(16):
        labels = batch.labels[part]
        read = network.condition(labels, torch.zeros_like(labels), noise_NRZ[part][:, None])
        pictures.append(network(read, code_NS[part] if config.capabilities.style_size else None))
    return batch, torch.cat(pictures)


def _drawn(count: int, size: int, seed: int) -> torch.Tensor:
    """(N, size): the vector of a seed for every picture."""
    return torch.from_numpy(np.stack([noise_vector(seed + index, size) for index in range(count)]))


def choose_pairs(pairs: list[Pair], count: int) -> list[Pair]:
    """``count`` pairs spread evenly over the more heavily weighted half."""
    ranked = sorted(pairs, key=lambda pair: (-pair.weight, pair.name))[: max(count, len(pairs) // 2)]
    ranked.sort(key=lambda pair: pair.name)
    picked = np.linspace(0, len(ranked) - 1, min(count, len(ranked))).round().astype(int)
    return [ranked[index] for index in picked]


def write_sheet(
    path: Path,
    network: SynthesisNetwork[Any],
    held_out: list[Pair],
    palette: Palette,
    size: int,
    device: torch.device,
) -> None:
    """12 held-out label maps in two columns of label, result, photo."""
    batch, pictures = render_held_out(network, choose_pairs(held_out, 12), size, device)
    results = _bytes(pictures)
    photos = _bytes(batch.image)
    labels = palette.colors[batch.labels.cpu().numpy()]
    rows = (len(results) + 1) // 2
    cell = size + _GAP
    sheet = np.full((rows * cell + _GAP, 6 * cell + 4 * _GAP, 3), 24, np.uint8)
    for index, triple in enumerate(zip(labels, results, photos, strict=True)):
        top = _GAP + index // 2 * cell
        for column, picture in enumerate(triple):
            left = _GAP + index % 2 * (3 * cell + 2 * _GAP) + column * cell
            sheet[top : top + size, left : left + size] = picture
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(path)


def _bytes(image_N3HW: torch.Tensor) -> np.ndarray:
    scaled = (image_N3HW.clamp(-1, 1) + 1) * 127.5
    return scaled.round().byte().permute(0, 2, 3, 1).cpu().numpy()
