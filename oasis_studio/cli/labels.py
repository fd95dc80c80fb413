"""From files on the command line to a request: label maps, noise and style codes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from oasis_studio.cli.report import print_note
from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.core.document.noise import noise_vector, style_vector
from oasis_studio.core.files.label_maps.files import read_labels
from oasis_studio.core.files.label_maps.pixels import decode_pixels
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def read_painted_labels(path: Path, palette: Palette) -> np.ndarray:
    """(H, W) uint8 ids of ``palette``; unpainted pixels become its don't-care class, or a StudioError."""
    labels = read_labels(path, palette)
    unpainted = labels == UNPAINTED
    if not unpainted.any():
        return labels
    if palette.dont_care is None:
        raise StudioError(
            _("{name} has {count} unpainted pixels, and this model's palette has no class for them.").format(
                name=path.name, count=int(unpainted.sum())
            ),
            _("Paint every pixel with one of the classes."),
        )
    return np.where(unpainted, np.uint8(palette.dont_care), labels)


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


def make_request(
    model: str,
    labels_HW: np.ndarray,
    noise_RZ: np.ndarray,
    precision: str,
    style_code: np.ndarray | None = None,
) -> SynthesisRequest:
    """A render with full precision, unless another one is asked for by name."""
    regions = labels_HW if len(noise_RZ) > 1 else np.zeros_like(labels_HW)
    quality = Quality.PREVIEW if precision in ("bf16", "int8") else Quality.FINAL
    return SynthesisRequest(0, model, labels_HW, regions.astype(np.uint16), noise_RZ, quality, style_code)


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
    found, numbers = np.unique(values, return_inverse=True)
    if len(found) > np.iinfo(np.uint16).max:
        raise StudioError(_("The instance map {name} names more instances than there can be.").format(name=path.name))
    return numbers.reshape(shape).astype(np.uint16)


def _instance_values(path: Path) -> np.ndarray:
    """(H, W) whole numbers."""
    values = decode_pixels(read_bytes(path), path.name).numbers_HW
    if values is None:
        raise StudioError(
            _("The instance map {name} is no map of whole numbers.").format(name=path.name),
            _("Use a grey PNG of 8 or 16 bits, or a two-dimensional .npy array."),
        )
    return values


def with_instances(request: SynthesisRequest, instances_HW: np.ndarray) -> SynthesisRequest:
    """The same render, every instance a region of its own; such models have no noise in their regions."""
    noise = np.zeros((int(instances_HW.max()) + 1, request.noise_RZ.shape[1]), np.float32)
    return replace(request, regions_HW=instances_HW, noise_RZ=noise)


def seeded_noise(seed: int, card: ModelCard) -> np.ndarray:
    """(1, Z) float32: the whole image shares one vector."""
    return noise_vector(seed, card.noise_size)[None]


def seeded_style(seed: int, card: ModelCard) -> np.ndarray | None:
    """(S,) float32 for a model that takes a style code, else None."""
    return style_vector(seed, card.capabilities.style_size)


def tell_instances(card: ModelCard) -> None:
    """Say where the outlines come from, to whom the model's own data would give an instance map."""
    if card.capabilities.sees_instances:
        print_note(_("This model reads outlines of instances; every region of the label map counts as one."))
