"""One of the two main steps of a block: SPADE, leaky ReLU, and the 3×3 convolution of that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from torch import Tensor

from oasis_studio.core.pixels.box import Box
from oasis_studio.synthesis.engine.arithmetic.convolution import PackedConv, as_map
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv
from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients, Levels
from oasis_studio.synthesis.engine.arithmetic.quantised import QuantisedConv
from oasis_studio.synthesis.engine.arithmetic.workspace import Workspace
from oasis_studio.synthesis.engine.modulate import modulate
from oasis_studio.synthesis.engine.rectangles import within


@dataclass
class Arithmetic:
    """How the main convolutions of a generator compute at the moment.

    ``is_int8``: in bytes, those that can; ``watches``: they note what values they read. ``bears_int8``: whether the
    image remains close; None: not tried yet. ``error``: how far it is off then (RMS, of values in [−1, 1]).
    ``follows``: what is computed again around an edit is in bytes too.
    """

    is_int8: bool = False
    watches: bool = False
    bears_int8: bool | None = None
    error: float = 0.0
    follows: bool = True

    @contextmanager
    def following(self) -> Iterator[None]:
        """While only what an edit touched is computed."""
        was_int8 = self.is_int8
        self.is_int8 = was_int8 and self.follows
        try:
            yield
        finally:
            self.is_int8 = was_int8


_FEW = 64
"""So many pixels or fewer: bytes win nothing, and on some processors each such size wants weights laid out anew."""


class SpadeConv:
    """Adds the convolution of leaky(x · A + B) to a map."""

    def __init__(self, conv: FoldedConv, workspace: Workspace, arithmetic: Arithmetic) -> None:
        self._conv = PackedConv(conv, workspace.dtype, workspace.device)
        self._quantised: QuantisedConv | None = None
        self._workspace, self._arithmetic = workspace, arithmetic
        self.low = self.high = 0.0  # of all values that were read while ``watches``

    def quantise(self, conv: FoldedConv, margin: float, most_weight: int) -> None:
        """Able to compute in bytes from now on, for values up to ``margin`` times as large as were seen."""
        levels = Levels.between(self.low * margin, self.high * margin)
        self._quantised = QuantisedConv(conv, levels, self._workspace.dtype, most_weight)

    def stay_wide(self) -> None:
        """Never in bytes: undoes :meth:`quantise`."""
        self._quantised = None

    def add_to(self, total_HWO: Tensor, x_HWC: Tensor, coefficients: Coefficients, factor: int, spends: bool) -> None:
        """To ``total``, which is ``factor`` times as large as x. With ``spends``, x is overwritten."""
        height, width, _outputs = total_HWO.shape
        channels = x_HWC.shape[2]
        whole = Box(0, 0, width, height)
        if self._bytes_for(whole) is not None:
            self.add_part(total_HWO, x_HWC, coefficients, whole, whole, factor, is_whole=True)
            return
        values = x_HWC if spends else self._workspace.take("modulated", height, width, channels)
        modulate(x_HWC, coefficients, values, self._workspace, factor)
        if self._arithmetic.watches:
            low, high = values.aminmax()
            self.low, self.high = min(self.low, float(low)), max(self.high, float(high))
        self._conv.add_to(as_map(total_HWO), as_map(values), 1)

    def add_part(
        self,
        total_HWO: Tensor,
        x_HWC: Tensor,
        coefficients: Coefficients,
        result: Box,
        inside: Box,
        factor: int = 1,
        corner: tuple[int, int] = (0, 0),
        is_whole: bool = False,
    ) -> None:
        """To ``total``, the box ``result`` of a map, from the pixels in ``inside``: it and one around, in the image.

        ``coefficients`` are those of ``inside``, ``corner`` (row, column) is where it begins in x enlarged.
        """
        quantised = self._bytes_for(result)
        levels = None if quantised is None else quantised.levels
        take = self._workspace.take if levels is None else self._workspace.take_bytes
        framed = take("framed", result.height + 2, result.width + 2, x_HWC.shape[2])
        at = within(inside, Box(result.left - 1, result.top - 1, result.right, result.bottom))
        _fill_around(framed, at, 0 if levels is None else levels.zero)
        modulate(x_HWC, coefficients, framed[at.slices], self._workspace, factor, corner, levels)
        if quantised is None:
            self._conv.add_to(as_map(total_HWO), as_map(framed), 0)
        else:
            quantised.add_to(as_map(total_HWO), as_map(framed), is_whole)

    def _bytes_for(self, result: Box) -> QuantisedConv | None:
        is_worth_it = self._arithmetic.is_int8 and result.width * result.height > _FEW
        return self._quantised if is_worth_it else None


def _fill_around(map_HWC: Tensor, box: Box, value: int) -> None:
    """``value`` everywhere but in the box."""
    for part in (map_HWC[: box.top], map_HWC[box.bottom :], map_HWC[:, : box.left], map_HWC[:, box.right :]):
        part.fill_(value)
