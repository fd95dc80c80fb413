"""Files on the command line that belong to a label map: noise and instances."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from oasis_studio.api.requests import numbered_instances
from oasis_studio.cli.report import print_note
from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.core.files.label_maps.pixels import decode_pixels
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def read_noise(path: Path, card: ModelCard) -> np.ndarray:
    """(1, Z) float32 for the whole image or (classes, Z) with one vector per class, from an .npy file."""
    size, classes = card.noise_size, len(card.palette)
    if not card.capabilities.has_region_noise:
        raise StudioError(_('The model "{name}" takes no noise.').format(name=card.name))
    try:
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError, MemoryError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else _("it is no .npy array")
        raise StudioError(
            _("Cannot read the noise in {path}: {reason}.").format(path=path, reason=reason), detail=str(error)
        ) from error
    if not isinstance(stored, np.ndarray) or stored.shape not in ((size,), (classes, size)):
        found = "×".join(map(str, stored.shape)) if isinstance(stored, np.ndarray) else _("several arrays")
        raise StudioError(
            _('The noise in {name} is {found}; the model "{model}" takes {size} or {classes}×{size}.').format(
                name=path.name, found=found, model=card.name, size=size, classes=classes
            )
        )
    if not np.issubdtype(stored.dtype, np.floating) or not np.isfinite(stored).all():
        raise StudioError(_("The noise in {name} must be finite float32 numbers.").format(name=path.name))
    return np.array(stored, np.float32).reshape(-1, size)


def read_instances(path: Path, shape: tuple[int, ...], card: ModelCard) -> np.ndarray:
    """(H, W) uint16, 0, 1, 2 …: a number for every instance of the file, whatever its values are."""
    if not card.capabilities.sees_instances:
        raise StudioError(_('The model "{name}" reads no outlines of instances.').format(name=card.name))
    values = _instance_values(path)
    if values.shape != shape:
        raise StudioError(
            _("The instance map {name} has {found} pixels, the label map {wanted}.").format(
                name=path.name, found="×".join(map(str, values.shape[::-1])), wanted="×".join(map(str, shape[::-1]))
            )
        )
    return numbered_instances(values, path.name)


def _instance_values(path: Path) -> np.ndarray:
    """(H, W) whole numbers."""
    values = decode_pixels(read_bytes(path), path.name).numbers_HW
    if values is None:
        raise StudioError(
            _("The instance map {name} is no map of whole numbers.").format(name=path.name),
            _("Use a grey PNG of 8 or 16 bits, or a two-dimensional .npy array."),
        )
    return values


def tell_instances(card: ModelCard) -> None:
    """Say where the outlines come from, to whom the model's own data would give an instance map."""
    if card.capabilities.sees_instances:
        print_note(_("This model reads outlines of instances; every region of the label map counts as one."))
