"""Augmentation that keeps photos and labels together (after DiffAugment, Zhao et al., NeurIPS 2020).

Geometry is drawn once per image and applied to the real photo, the generated one and the labels; colour is drawn
anew for every picture the discriminator sees. Everything is differentiable in the pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

TRANSLATION = 0.12
CUTOUT = 0.25


@dataclass(frozen=True)
class Geometry:
    """Source row and column of every pixel, and whether it counts: rows (N, H), columns (N, W), valid (N, H, W)."""

    rows: Tensor
    columns: Tensor
    valid: Tensor

    def apply(self, picture: Tensor) -> Tensor:
        """(N, C, H, W) or (N, H, W) → the same shape, pixels moved."""
        count = picture.shape[0]
        index = torch.arange(count, device=picture.device)[:, None, None]
        moved = picture.movedim(1, -1) if picture.dim() == 4 else picture
        moved = moved[index, self.rows[:, :, None], self.columns[:, None, :]]
        return moved.movedim(-1, 1) if picture.dim() == 4 else moved


def draw_geometry(count: int, size: int, probability: float, generator: torch.Generator) -> Geometry:
    """Integer translation and a square cut-out, each with ``probability``."""
    device = generator.device

    def chance() -> Tensor:
        return torch.rand((count, 1), generator=generator, device=device) < probability

    def integers(low: int, high: int) -> Tensor:
        return torch.randint(low, high, (count, 1), generator=generator, device=device)

    reach = round(size * TRANSLATION)
    line = torch.arange(size, device=device)
    moves = chance()
    rows = line + torch.where(moves, integers(-reach, reach + 1), 0)
    columns = line + torch.where(moves, integers(-reach, reach + 1), 0)
    inside_rows = (rows >= 0) & (rows < size)
    inside_columns = (columns >= 0) & (columns < size)
    valid = inside_rows[:, :, None] & inside_columns[:, None, :]
    half = round(size * CUTOUT / 2)
    cuts = chance()
    hole_rows = (line - integers(0, size)).abs() < half
    hole_columns = (line - integers(0, size)).abs() < half
    valid = valid & ~(cuts[:, :, None] & hole_rows[:, :, None] & hole_columns[:, None, :])
    return Geometry(rows.clamp(0, size - 1), columns.clamp(0, size - 1), valid)


def draw_colour(count: int, probability: float, generator: torch.Generator) -> Tensor:
    """(N, 3): brightness ±0.3, saturation ×[0.5, 1.5], contrast ×[0.5, 1.5], each with ``probability``."""
    low = torch.tensor([-0.3, 0.5, 0.5], device=generator.device)
    high = torch.tensor([0.3, 1.5, 1.5], device=generator.device)
    neutral = torch.tensor([0.0, 1.0, 1.0], device=generator.device)
    value = low + (high - low) * torch.rand((count, 3), generator=generator, device=generator.device)
    used = torch.rand((count, 3), generator=generator, device=generator.device) < probability
    return torch.where(used, value, neutral)


def recoloured(image_N3HW: Tensor, colour_N3: Tensor) -> Tensor:
    """The pictures with the brightness, saturation and contrast of :func:`draw_colour`."""
    brightness, saturation, contrast = colour_N3.T[:, :, None, None, None]
    image = image_N3HW + brightness
    grey = image.mean(dim=1, keepdim=True)
    image = torch.lerp(grey.expand_as(image), image, saturation)
    mean = image.mean(dim=(1, 2, 3), keepdim=True)
    return torch.lerp(mean.expand_as(image), image, contrast)


def colour(image_N3HW: Tensor, probability: float, generator: torch.Generator) -> Tensor:
    """The pictures in other colours, drawn for each with ``probability``."""
    return recoloured(image_N3HW, draw_colour(len(image_N3HW), probability, generator))


def draw_warp(count: int, probability: float, generator: torch.Generator) -> Tensor:
    """(N, 2, 5, 5): how far a label map is shifted at the nodes of a coarse grid, 0 where it is left alone."""
    coarse = torch.randn((count, 2, 5, 5), generator=generator, device=generator.device)
    used = torch.rand((count, 1, 1, 1), generator=generator, device=generator.device) < probability
    return coarse * used


def warp_labels(labels_NHW: Tensor, warp_N255: Tensor) -> Tensor:
    """Bend the shapes of label maps smoothly, so that painted blobs are as familiar as traced outlines."""
    count, height, width = labels_NHW.shape
    device = labels_NHW.device
    shift = F.interpolate(warp_N255, size=(height, width), mode="bicubic", align_corners=True) * 0.03
    rows = torch.arange(height, device=device)[None, :, None] + shift[:, 0] * height
    columns = torch.arange(width, device=device)[None, None, :] + shift[:, 1] * width
    index = torch.arange(count, device=device)[:, None, None]
    return labels_NHW[index, rows.round().long().clamp(0, height - 1), columns.round().long().clamp(0, width - 1)]
