"""SPADE's last step: double the size, gather A and B, x · A + B, and leaky ReLU or a matrix."""

from __future__ import annotations

from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients, Levels
from oasis_studio.synthesis.engine.arithmetic.matrix import PackedMatrix
from oasis_studio.synthesis.engine.arithmetic.workspace import Workspace
from oasis_studio.synthesis.networks.spade import LEAK

_STRIP_BYTES = 2 << 20
_WHOLE = (0, 0)


def modulate(
    x_HWC: Tensor,
    coefficients: Coefficients,
    out_HWC: Tensor,
    workspace: Workspace,
    factor: int = 1,
    corner: tuple[int, int] = _WHOLE,
    levels: Levels | None = None,
) -> Tensor:
    """leaky(x · A + B) into ``out``, for which every pixel of x stands for ``factor`` × ``factor`` pixels.

    ``corner`` (row, column) is where ``out`` begins in x so enlarged. ``out`` may be x itself. With ``levels``, ``out``
    is uint8.
    """
    workspace.kernels.modulate(x_HWC, coefficients, out_HWC, factor, corner, LEAK, workspace.take, levels)
    return out_HWC


def project(
    x_HWC: Tensor,
    coefficients: Coefficients,
    weight: PackedMatrix,
    out_HWO: Tensor,
    workspace: Workspace,
    factor: int = 1,
    corner: tuple[int, int] = _WHOLE,
) -> Tensor:
    """(x · A + B) times a matrix (a 1×1 convolution) into ``out``; otherwise as :func:`modulate`.

    A matrix product, because the 1×1 convolution of few bfloat16 pixels falls into a slow path. Some rows at a time:
    no other map is made.
    """
    height, width, _outputs = out_HWO.shape
    channels = x_HWC.shape[2]
    step = factor * max(1, _STRIP_BYTES // (2 * factor * channels * width * x_HWC.element_size()))
    for first in range(0, height, step):
        end = min(first + step, height)
        strip = workspace.take("strip", end - first, width, channels)
        part = coefficients.cut(slice(first, end), slice(None))
        workspace.kernels.modulate(x_HWC, part, strip, factor, (corner[0] + first, corner[1]), 1.0, workspace.take)
        out_HWO[first:end] = weight(strip.view(-1, channels)).view(end - first, width, -1)
    return out_HWO
