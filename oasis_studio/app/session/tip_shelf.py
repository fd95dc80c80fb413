"""The tips to choose from: built in, and the person's own."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.core.document.selection import Selection
from oasis_studio.core.files.pictures.tips import MOST_SIDE, read_tip, read_tips, write_tip
from oasis_studio.core.pixels.tip_shape import TipShape, built_in_shapes
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home


class TipShelf(QObject):
    """Own tips are PNG files in the folder "tips" of the person's data."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shapes: list[TipShape] | None = None

    @property
    def shapes(self) -> list[TipShape]:
        """The folder is read when somebody asks for the first time."""
        if self._shapes is None:
            self._shapes = [*built_in_shapes(), *read_tips(home("tips"))]
        return self._shapes

    def keep(self, selection: Selection) -> TipShape:
        """Make a tip of what is selected; StudioError if it is too large or cannot be written."""
        mask = np.ascontiguousarray(selection.mask_HW[selection.box.slices])
        if max(mask.shape) > MOST_SIDE:
            raise StudioError(
                _("The selection is too large for a tip."),
                _("Each side may have up to {side} pixels.").format(side=MOST_SIDE),
            )
        shape = read_tip(write_tip(home("tips"), _("My tip"), mask))
        self.shapes.append(shape)
        self.changed.emit()
        return shape
