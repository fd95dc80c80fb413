"""Where a tool may paint."""

from __future__ import annotations

import numpy as np

from oasis_studio.core.document.document import Document
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.tools.tool import ToolOptions


class Limits:
    """The selection and the protected classes of the options, on one document.

    ValueError if the selection has another size than the document.
    """

    def __init__(self, document: Document, options: ToolOptions) -> None:
        self._document = document
        self._selection = options.selection
        if self._selection and self._selection.mask_HW.shape != (document.height, document.width):
            raise ValueError(f"selection of {self._selection.mask_HW.shape} in another document")
        self._is_free = np.ones(256, bool)
        self._is_free[list(options.protected)] = False

    def allowed(self, box: Box) -> np.ndarray | None:
        """(h, w) bool of the pixels in ``box`` that may be painted now; None if all may be."""
        chosen = self._selection.mask_HW[box.slices] if self._selection else None
        if self._is_free.all():
            return chosen
        free = self._is_free[self._document.flatten(box)]
        return free if chosen is None else free & chosen
