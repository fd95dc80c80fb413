"""Labels on their way to other programs and back: pictures in the colours of the classes."""

from __future__ import annotations

import numpy as np

from oasis_studio.app.session.session import Session
from oasis_studio.core.classes.nearest import labels_of_picture
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.selection import select_all
from oasis_studio.core.history.commands import AddLayer
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_MOST_STRAYS = 0.02
"""A picture with more pixels than this share in other colours is a photo, unless a person says otherwise."""


class ClipboardLabels:
    """Works on the session's selection, or on everything where nothing is selected."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def picture(self) -> tuple[np.ndarray, Box]:
        """(h, w, 4) uint8 RGBA of the selected labels as they are seen, transparent elsewhere, and where they lie."""
        session, document = self._session, self._session.document
        selection = session.selection.current or select_all(document.width, document.height)
        part = selection.box.slices
        rgba = np.zeros((selection.box.height, selection.box.width, 4), np.uint8)
        rgba[..., :3] = document.palette.colors[session.labels_HW[part]]
        rgba[..., 3] = np.where(selection.mask_HW[part], 255, 0)
        rgba[rgba[..., 3] == 0] = 0
        return rgba, selection.box

    def are_labels(self, rgba_HW4: np.ndarray) -> bool:
        """Are these the colours of the classes, up to a few pixels?"""
        step = max(1, max(rgba_HW4.shape[:2]) // 512)
        small = rgba_HW4[::step, ::step]
        seen = int(np.count_nonzero(small[..., 3] >= 128))
        return seen > 0 and labels_of_picture(small, self._session.document.palette)[1] <= _MOST_STRAYS * seen

    def paste(self, rgba_HW4: np.ndarray, place: tuple[int, int] | None = None) -> int:
        """A picture as a layer on top, at ``place`` (left, top) or in the middle.

        Returns how many pixels took the nearest class. StudioError if nothing of it would be seen in the drawing.
        """
        session, document = self._session, self._session.document
        height, width = rgba_HW4.shape[:2]
        left, top = place or ((document.width - width) // 2, (document.height - height) // 2)
        inside = Box(left, top, left + width, top + height).clipped(document.width, document.height)
        if inside.is_empty or not (rgba_HW4[..., 3] >= 128).any():
            raise StudioError(_("There is nothing to paste."), _("Copy a picture in the colours of the classes first."))
        part = rgba_HW4[inside.top - top : inside.bottom - top, inside.left - left : inside.right - left]
        layer = LabelLayer.blank(_("Pasted labels"), document.width, document.height)
        layer.labels[inside.slices], strays = labels_of_picture(part, document.palette)
        if (layer.labels[inside.slices] == UNPAINTED).all():
            raise StudioError(_("There is nothing to paste."), _("Copy a picture in the colours of the classes first."))
        if not session.do(AddLayer(layer, len(document.layers), _("Paste labels"))):
            return 0
        session.choose_layer(layer.id)
        return strays
