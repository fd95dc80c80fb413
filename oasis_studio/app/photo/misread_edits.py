"""Accepting what the photo reads as: the painted class follows the photo."""

from __future__ import annotations

import numpy as np

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.region_key import BACKGROUND_LAYER
from oasis_studio.core.history.commands import Together
from oasis_studio.core.history.history import Command
from oasis_studio.core.tools.layer_steps import repaint
from oasis_studio.core.tools.tool import check_paintable
from oasis_studio.core.work.verdict import Misreading
from oasis_studio.i18n import _


def accepted(session: Session, misreading: Misreading) -> Command | None:
    """Paint the place as what it reads, in the layers that show there (background: in the chosen layer).

    None if nothing would change; StudioError if a layer is locked or hidden.
    """
    document, regions = session.document, session.regions.map
    mask = np.zeros(regions.ids_HW.shape, bool)
    mask[misreading.box.slices] = misreading.mask_hw
    steps: list[Command] = []
    layer_ids = np.array([key.layer_id for key in regions.keys])[regions.ids_HW]
    for layer_id in np.unique(layer_ids[mask]).tolist():
        layer = session.layer if layer_id == BACKGROUND_LAYER else document.layer(layer_id)
        if layer is not None:
            steps += _painted(layer, mask & (layer_ids == layer_id), misreading.label)
    return Together(_("Accept what it reads as"), tuple(steps)) if steps else None


def _painted(layer: LabelLayer, mask_HW: np.ndarray, label: int) -> list[Command]:
    check_paintable(layer)
    step = repaint(layer, np.where(mask_HW, np.uint8(label), layer.labels), "")
    return [step] if step else []
