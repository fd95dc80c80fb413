"""Pixels of a photo that stay while all else changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from oasis_studio.api import arrays
from oasis_studio.core.document.lock import USUAL_FEATHER, WIDEST_FEATHER, Lock
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def require_locks_fit(locks: Iterable[Lock], shape: tuple[int, ...]) -> None:
    """StudioError if a lock reaches beyond a photo of ``shape``, because it was made of a larger one."""
    if any(each.box.bottom > shape[0] or each.box.right > shape[1] for each in locks):
        raise StudioError(_("A lock reaches beyond the photo: it was made of a larger one."))


def lock(mask_HW: Any, photo_HW3: Any, feather: int = USUAL_FEATHER) -> Lock:
    """Keep pixels of a photo: give what comes back to ``render(…, locks=[…])``, and they stay bit for bit.

    ``mask_HW`` (H, W) of type bool is true where pixels stay; ``photo_HW3`` (H, W, 3) uint8 is where they are taken
    from; ``feather`` 0…32 pixels is the width of the band around the mask in which both photos blend. StudioError if
    the mask is true nowhere, or sizes differ.

    >>> import numpy as np
    >>> photo = np.full((64, 64, 3), 200, np.uint8)
    >>> mask = np.zeros((64, 64), bool)
    >>> mask[:32] = True
    >>> lock(mask, photo).feather
    8
    """
    mask = arrays.as_array(mask_HW, _("The mask"))
    if mask.dtype != np.bool_ or mask.ndim != 2:
        raise StudioError(
            _("A mask must be height×width of type bool; this one is {shape} of type {type}.").format(
                shape=arrays.shape_of(mask), type=mask.dtype
            )
        )
    image = arrays.photo(photo_HW3, mask.shape)
    if not 0 <= feather <= WIDEST_FEATHER:
        raise StudioError(
            _("A feather has 0 to {most} pixels, not {found}.").format(most=WIDEST_FEATHER, found=feather)
        )
    found = Lock.of(mask, image, feather)
    if found is None:
        raise StudioError(_("The mask is true nowhere, so there is nothing to keep."))
    return found
