"""What callers give, as the arrays that the networks take, or a StudioError that says in a sentence what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def shape_of(array: np.ndarray) -> str:
    """Such as ``256×256×3``; "one number" has no dimensions."""
    return "×".join(map(str, array.shape)) or _("one number")


def as_array(given: Any, what: str) -> np.ndarray:
    """Whatever NumPy makes an array of; StudioError for rows of different lengths and the like."""
    try:
        return np.asarray(given)
    except (ValueError, TypeError, RuntimeError) as error:
        raise StudioError(_("{what} is no array of numbers.").format(what=what), detail=str(error)) from error


def whole_numbers(given: Any, what: str) -> np.ndarray:
    """(H, W) of any integer type; ``what`` begins the sentence, such as "The label map"."""
    array = as_array(given, what)
    if array.ndim != 2 or 0 in array.shape:
        raise StudioError(
            _("{what} must have the shape height×width; this one is {shape}.").format(what=what, shape=shape_of(array))
        )
    if not np.issubdtype(array.dtype, np.integer):
        raise StudioError(
            _("{what} must hold whole numbers; this one is of type {type}.").format(what=what, type=array.dtype)
        )
    return array


def label_map(given: Any, card: ModelCard) -> np.ndarray:
    """(H, W) uint8 ids of the model's classes, 255 where nobody painted; StudioError for any other id."""
    array = whole_numbers(given, _("The label map"))
    unknown = (array < 0) | ((array >= len(card.palette)) & (array != UNPAINTED))
    if unknown.any():
        ids = ", ".join(map(str, np.unique(array[unknown])[:3]))
        raise StudioError(
            _('The label map has {count} pixels of classes that the model "{name}" does not know: {ids}.').format(
                count=int(unknown.sum()), name=card.name, ids=ids
            )
        )
    return np.ascontiguousarray(array, np.uint8)


def photo(given: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """(H, W, 3) uint8 RGB, of the size of a label map of ``shape`` if there is one."""
    array = as_array(given, _("The photo"))
    if array.ndim != 3 or array.shape[2] != 3 or 0 in array.shape or array.dtype != np.uint8:
        raise StudioError(
            _("A photo must be height×width×3 of type uint8; this one is {shape} of type {type}.").format(
                shape=shape_of(array), type=array.dtype
            )
        )
    require_size(array, shape, _("The photo"))
    return np.ascontiguousarray(array)


def region_map(given: Any, shape: tuple[int, ...]) -> np.ndarray:
    """(H, W) int64, numbers from 0 on; of the label map's ``shape``."""
    what = _("The region map")
    array = whole_numbers(given, what)
    require_size(array, shape, what)
    if int(array.min()) < 0:
        raise StudioError(_("The region map must hold numbers from 0 on; it has {least}.").format(least=array.min()))
    return array.astype(np.int64)


def finite(given: Any, what: str) -> np.ndarray:
    """Any shape, float32; StudioError unless all are finite numbers."""
    array = as_array(given, what)
    if not (np.issubdtype(array.dtype, np.floating) or np.issubdtype(array.dtype, np.integer)):
        raise StudioError(
            _("{what} must hold numbers; this one is of type {type}.").format(what=what, type=array.dtype)
        )
    found = np.asarray(array, np.float32, order="C")
    if not np.isfinite(found).all():
        raise StudioError(_("{what} holds values that are not numbers.").format(what=what))
    return found


def seeds(given: int | Iterable[int]) -> list[int]:
    """One seed or several, each 0..MAX_SEED."""
    found = list(given) if isinstance(given, Iterable) else [given]
    for seed in found:
        if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or not 0 <= seed <= MAX_SEED:
            raise StudioError(
                _("A seed is a whole number from 0 to {most}, not {seed}.").format(most=MAX_SEED, seed=seed)
            )
    if not found:
        raise StudioError(_("At least one seed is needed."))
    return [int(seed) for seed in found]


def require_size(array: np.ndarray, shape: tuple[int, ...] | None, what: str) -> None:
    """StudioError unless the first two dimensions are those of ``shape``."""
    if shape is not None and array.shape[:2] != tuple(shape[:2]):
        raise StudioError(
            _("{what} has {found} pixels, but {wanted} are needed (height×width).").format(
                what=what, found="×".join(map(str, array.shape[:2])), wanted="×".join(map(str, shape[:2]))
            )
        )
