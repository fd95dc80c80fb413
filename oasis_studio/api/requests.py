"""From arrays to a request: label maps without gaps, noise in all its shapes, style codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from oasis_studio.api import arrays
from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.document.noise import noise_vector, style_vector
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MOST_ROWS = 2**16
"""Of noise that the engine can tell apart."""


def painted(labels_HW: np.ndarray, palette: Palette, name: str) -> np.ndarray:
    """Unpainted pixels become the palette's don't-care class; StudioError, about ``name``, if it has none."""
    unpainted = labels_HW == UNPAINTED
    if not unpainted.any():
        return labels_HW
    if palette.dont_care is None:
        raise StudioError(
            _("{name} has {count} unpainted pixels, and this model's palette has no class for them.").format(
                name=name, count=int(unpainted.sum())
            ),
            _("Paint every pixel with one of the classes."),
        )
    return np.where(unpainted, np.uint8(palette.dont_care), labels_HW)


def seeded_noise(seed: int, card: ModelCard) -> np.ndarray:
    """(1, Z) float32: the whole image shares one vector."""
    return noise_vector(seed, card.noise_size)[None]


def seeded_style(seed: int, card: ModelCard) -> np.ndarray | None:
    """(S,) float32 for a model that takes a style code, else None."""
    return style_vector(seed, card.capabilities.style_size)


def quality_of(precision: str) -> Quality:
    """Full precision, unless another one is asked for by name."""
    return Quality.PREVIEW if precision in ("bf16", "int8") else Quality.FINAL


def make_request(
    model: str,
    labels_HW: np.ndarray,
    regions_HW: np.ndarray | None,
    noise_RZ: np.ndarray,
    precision: str,
    style_code: np.ndarray | None = None,
) -> SynthesisRequest:
    """``regions_HW`` None: the label map's classes are the rows of the noise, where there is more than one."""
    if regions_HW is None:
        regions_HW = labels_HW if len(noise_RZ) > 1 else np.zeros_like(labels_HW)
    kind = np.uint16 if len(noise_RZ) <= MOST_ROWS else np.uint32
    return SynthesisRequest(0, model, labels_HW, regions_HW.astype(kind), noise_RZ, quality_of(precision), style_code)


def numbered_instances(values_HW: np.ndarray, name: str) -> np.ndarray:
    """(H, W) uint16, 0, 1, 2 …: a number for every instance, whatever its value is; ``name`` is the map's."""
    found, numbers = np.unique(values_HW, return_inverse=True)
    if len(found) > np.iinfo(np.uint16).max:
        raise StudioError(_("The instance map {name} names more instances than there can be.").format(name=name))
    return numbers.reshape(values_HW.shape).astype(np.uint16)


def with_instances(request: SynthesisRequest, instances_HW: np.ndarray) -> SynthesisRequest:
    """The same render, every instance a region of its own; such models have no noise in their regions."""
    noise = np.zeros((int(instances_HW.max()) + 1, request.noise_RZ.shape[1]), np.float32)
    return replace(request, regions_HW=instances_HW, noise_RZ=noise)


def scene_request(
    model: str,
    card: ModelCard,
    labels: Any,
    seed: int | Iterable[int],
    noise: Any,
    regions: Any,
    style: Any,
    precision: str,
) -> SynthesisRequest:
    """As :meth:`oasis_studio.api.model.Model.render` describes them; StudioError for whatever does not fit."""
    labels_HW = painted(arrays.label_map(labels, card), card.palette, _("The label map"))
    regions_HW = None if regions is None else arrays.region_map(regions, labels_HW.shape)
    chosen = arrays.seeds(seed)
    code = seeded_style(chosen[0], card) if style is None else arrays.finite(style, _("The style code"))
    if noise is not None:
        regions_HW, noise_RZ = _given_noise(noise, regions_HW, labels_HW.shape, card)
    else:
        noise_RZ = np.stack([noise_vector(each, card.noise_size) for each in chosen])
    if card.capabilities.sees_instances and regions_HW is not None:
        request = make_request(model, labels_HW, None, noise_RZ[:1], precision, code)
        return with_instances(request, numbered_instances(regions_HW, ""))
    _require_rows(noise_RZ, regions_HW, card)
    if len(noise_RZ) == 1:
        regions_HW = None
    return make_request(model, labels_HW, regions_HW, noise_RZ, precision, code)


def _given_noise(
    noise: Any, regions_HW: np.ndarray | None, shape: tuple[int, ...], card: ModelCard
) -> tuple[np.ndarray | None, np.ndarray]:
    """Rows of noise, and the row of every pixel where that is neither one for all nor that of its class."""
    if not card.capabilities.has_region_noise:
        raise StudioError(_('The model "{name}" takes no noise.').format(name=card.name))
    array = arrays.finite(noise, _("The noise"))
    if array.ndim not in (1, 2, 3) or array.shape[-1] != card.noise_size:
        raise StudioError(
            _('The noise is {shape}; the last dimension of noise for the model "{name}" is {size}.').format(
                shape=arrays.shape_of(array), name=card.name, size=card.noise_size
            )
        )
    if array.ndim < 3:
        return regions_HW, array.reshape(-1, card.noise_size)
    if regions_HW is not None:
        raise StudioError(_("Noise for every pixel and a region map exclude each other."))
    arrays.require_size(array, shape, _("The noise"))
    rows, numbers = distinct_rows(array.reshape(-1, card.noise_size))
    return numbers.reshape(shape), rows


def distinct_rows(vectors_NZ: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The vectors that differ, (R, Z), and which of them each is, (N,).

    Vectors are told apart by one number each, which is many times as fast as sorting them; where two different ones
    have the same number, they are sorted after all.
    """
    direction_Z = np.random.default_rng(0).standard_normal(vectors_NZ.shape[1])
    keys = np.einsum("nz,z->n", vectors_NZ, direction_Z)
    found = np.unique(keys)
    if len(found) == len(keys):
        return vectors_NZ, np.arange(len(keys))
    numbers = np.searchsorted(found, keys)
    one_of = np.empty(len(found), np.intp)
    one_of[numbers] = np.arange(len(keys))
    rows = vectors_NZ[one_of]
    if np.array_equal(rows[numbers], vectors_NZ):
        return rows, numbers
    rows, numbers = np.unique(vectors_NZ, axis=0, return_inverse=True)
    return np.ascontiguousarray(rows), numbers.reshape(-1)


def _require_rows(noise_RZ: np.ndarray, regions_HW: np.ndarray | None, card: ModelCard) -> None:
    """StudioError unless there is a row for every region, or without regions one for all or one for every class."""
    if len(noise_RZ) == 1:
        return
    if regions_HW is None and len(noise_RZ) != len(card.palette):
        raise StudioError(
            _(
                'There is noise for {found}, but the model "{name}" has {classes} classes; '
                "other regions need a region map."
            ).format(found=len(noise_RZ), name=card.name, classes=len(card.palette))
        )
    if regions_HW is not None and int(regions_HW.max()) >= len(noise_RZ):
        raise StudioError(
            _("The label map has region {region}, but there is noise for {count} only.").format(
                region=int(regions_HW.max()), count=len(noise_RZ)
            )
        )
