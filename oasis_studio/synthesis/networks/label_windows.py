"""SPADE's label path, computed at every pixel or once for every distinct window of the condition.

The condition is constant inside a region, and γ and β of a pixel depend on nothing but the window that their
convolutions see: 3×3 pixels of the condition, or 5×5 where γ and β have a kernel of 3. Of a batch of label maps fewer
than one window in a hundred is another one than before. So the hidden features and γ and β are computed once for every
distinct window, and each pixel takes the row of its window; a row's gradient is the sum over its pixels. The numbers
and gradients are those of the plain convolutions up to the order of additions.

Tensor suffixes: N images, H and W pixels, C channels, I channels of the condition, E entries (distinct pixels of the
condition), D distinct windows, K hidden channels, O outputs of a convolution.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.synthesis.networks.convolution import computes_plainly
from oasis_studio.synthesis.networks.tensors import resize_nearest
from oasis_studio.synthesis.networks.windows import TAPS, distinct_windows

_MOST_SHARE = 0.5
"""With more distinct windows than this share of the pixels, the plain convolutions are not slower."""
_MULTIPLIERS = np.random.default_rng(2021).integers(1, 2**63, 4096, np.uint64) * np.uint64(2) + np.uint64(1)


class BlockCondition(Protocol):
    """What the norms of one block read, at the size of the block's features."""

    def hidden(self, shared: nn.Sequential) -> Tensor:
        """The hidden features that ``shared``, a convolution and a ReLU, makes of the condition."""
        ...

    def modulated(self, normal_NCHW: Tensor, hidden: Tensor, gamma: nn.Conv2d, beta: nn.Conv2d) -> Tensor:
        """Return normal · (1 + γ) + β, with γ and β from what :meth:`hidden` returned."""
        ...


class PixelCondition:
    """The condition (N, I, H, W) itself; its hidden features are (N, K, H, W)."""

    def __init__(self, condition_NIHW: Tensor) -> None:
        self._condition = condition_NIHW

    def hidden(self, shared: nn.Sequential) -> Tensor:
        return shared(self._condition)

    def modulated(self, normal_NCHW: Tensor, hidden: Tensor, gamma: nn.Conv2d, beta: nn.Conv2d) -> Tensor:
        gamma_NCHW, beta_NCHW = gamma(hidden), beta(hidden)
        return torch.addcmul(normal_NCHW + beta_NCHW, normal_NCHW, gamma_NCHW)


class WindowCondition:
    """The distinct windows of the condition; their hidden features are (D, K).

    ``entries_EI`` distinct pixels of the condition · ``hidden_windows_D9`` entries that a hidden feature depends on ·
    ``windows_D9`` rows of hidden features that γ and β depend on, None where they have a kernel of 1 ·
    ``numbers_NHW`` the window of every pixel. Row 0 of all of them stands for what is outside of the image.
    """

    def __init__(
        self, entries_EI: Tensor, hidden_windows_D9: Tensor, windows_D9: Tensor | None, numbers_NHW: Tensor
    ) -> None:
        self._entries = entries_EI
        self._hidden_windows, self._windows, self._numbers = hidden_windows_D9, windows_D9, numbers_NHW

    def hidden(self, shared: nn.Sequential) -> Tensor:
        convolution, activation = shared
        assert isinstance(convolution, nn.Conv2d)
        rows = _convolved(self._entries, self._hidden_windows, convolution.weight, convolution.bias)
        # Convolutions pad hidden maps with zeros.
        return F.pad(activation(rows[1:]), (0, 0, 1, 0))

    def modulated(self, normal_NCHW: Tensor, hidden: Tensor, gamma: nn.Conv2d, beta: nn.Conv2d) -> Tensor:
        assert gamma.bias is not None and beta.bias is not None
        weight, bias = torch.cat([gamma.weight, beta.weight]), torch.cat([gamma.bias, beta.bias])
        if self._windows is None:
            rows = F.linear(hidden, weight.flatten(1), bias)
        else:
            rows = _convolved(hidden, self._windows, weight, bias)
        gamma_DC, beta_DC = rows.chunk(2, dim=1)
        return (normal_NCHW * self._mapped(1 + gamma_DC)).add_(self._mapped(beta_DC))

    def _mapped(self, rows_DC: Tensor) -> Tensor:
        """(N, C, H, W), channels side by side: the row of every pixel's window."""
        return F.embedding(self._numbers, rows_DC.contiguous()).permute(0, 3, 1, 2)


class LabelPath:
    """The condition of a batch (N, I, H, W) for all blocks of a generator, each at its own size.

    ``kernel`` of γ and β, 1 or 3. ``uses_windows``: by windows where these are few and can be told apart at once,
    which is on a processor, in float32 or float64, and where nobody wants the gradient of the condition.
    """

    def __init__(self, condition_NIHW: Tensor, kernel: int, uses_windows: bool) -> None:
        self._condition, self._kernel = condition_NIHW, kernel
        self._ids: Tensor | None = None
        if uses_windows and _has_windows(condition_NIHW):
            self._ids, self._entries = _entries(condition_NIHW)

    def at(self, x_NCHW: Tensor) -> BlockCondition:
        """The condition at the size of the features ``x``."""
        size = (x_NCHW.shape[2], x_NCHW.shape[3])
        found = None
        if self._ids is not None:
            found = self._windows(resize_nearest(self._ids, size)[:, 0].to(torch.int32).numpy())
        return found or PixelCondition(resize_nearest(self._condition, size))

    def _windows(self, ids_NHW: np.ndarray) -> WindowCondition | None:
        """None if there are too many."""
        most = _MOST_SHARE * ids_NHW.size
        numbers, hidden_windows = distinct_windows(ids_NHW)
        if len(hidden_windows) > most:
            return None
        windows = None
        if self._kernel > 1:
            numbers, windows = distinct_windows(numbers.astype(np.int32))
            if len(windows) > most:
                return None
        return WindowCondition(
            self._entries,
            torch.from_numpy(hidden_windows),
            None if windows is None else torch.from_numpy(windows),
            torch.from_numpy(numbers),
        )


def _has_windows(condition: Tensor) -> bool:
    is_exact = condition.dtype in (torch.float32, torch.float64)
    return is_exact and computes_plainly(condition) and not condition.requires_grad


def _entries(condition_NIHW: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 1, H, W) float ids from 1 on, and the (E, I) pixels of the condition they stand for; row 0 is zeros."""
    count, inputs, height, width = condition_NIHW.shape
    bits = condition_NIHW.numpy().view(np.uint32 if condition_NIHW.dtype == torch.float32 else np.uint64)
    hashes = np.zeros((count, height, width), np.uint64)
    for channel in range(inputs):
        hashes += bits[:, channel] * _MULTIPLIERS[channel]
    _hashes, first, ids = np.unique(hashes, return_index=True, return_inverse=True)
    image, position = np.divmod(first, height * width)
    entries = condition_NIHW.flatten(2)[torch.from_numpy(image), :, torch.from_numpy(position)]
    return torch.from_numpy(ids.reshape(count, 1, height, width) + 1).float(), F.pad(entries, (0, 0, 1, 0))


def _convolved(rows_RI: Tensor, windows_D9: Tensor, weight_OIHW: Tensor, bias_O: Tensor | None) -> Tensor:
    """A 3×3 convolution at windows of rows: (D, O). Every row is multiplied with every tap's weights once."""
    outputs, inputs = weight_OIHW.shape[:2]
    products = F.linear(rows_RI, weight_OIHW.permute(2, 3, 0, 1).reshape(TAPS * outputs, inputs))
    taps = windows_D9 * TAPS + torch.arange(TAPS, dtype=windows_D9.dtype)
    sums = F.embedding_bag(taps, products.view(-1, outputs), mode="sum")
    return sums if bias_O is None else sums + bias_O
