"""Maps change their size as in the published networks."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from oasis_studio.synthesis.networks.tensors import resize_nearest


@pytest.mark.parametrize("order", [torch.contiguous_format, torch.channels_last], ids=["planar", "channels last"])
@pytest.mark.parametrize("size", [(12, 9), (8, 36), (24, 36), (7, 5), (48, 72)])
def test_the_nearest_pixels_are_those_of_interpolation(size: tuple[int, int], order: torch.memory_format) -> None:
    x = torch.arange(2 * 5 * 24 * 36, dtype=torch.float32).view(2, 5, 24, 36).contiguous(memory_format=order)
    found, expected = resize_nearest(x, size), F.interpolate(x, size=size, mode="nearest")
    assert torch.equal(found, expected) and found.stride() == expected.stride()
