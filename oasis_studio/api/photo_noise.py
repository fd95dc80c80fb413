"""Noise of regions found from a photo: what is asked of the networks, and what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from oasis_studio.api import arrays
from oasis_studio.api.noise_rows import NoiseRows
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.work.jobs import FEWEST_SHARE, Inversion, InversionJob
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True, eq=False)
class PhotoNoise:
    """``noise_RZ`` (R, Z) float32 for ``render(noise=…)``, together with the ``regions`` that were given, if any.

    ``found`` are the rows that were looked for; ``before`` and ``now`` how far the colours of each are from the
    photo's, in Lab units. The other rows are those that were given.
    """

    noise_RZ: np.ndarray
    found: tuple[int, ...]
    before: tuple[float, ...]
    now: tuple[float, ...]


def noise_job(
    model: str,
    card: ModelCard,
    rows: NoiseRows,
    photo_HW3: np.ndarray,
    photo_labels: Any,
    only: Iterable[int] | None,
) -> InversionJob:
    """StudioError if the photo shows nothing of what is wanted, or more regions are told apart than there can be."""
    if len(rows.noise_RZ) > np.iinfo(np.uint16).max:
        raise StudioError(
            _("There are more regions than a photo can be read for: {count}.").format(count=len(rows.noise_RZ))
        )
    shown_HW = arrays.label_map(photo_labels, card)
    arrays.require_size(shown_HW, photo_HW3.shape, _("The label map of the photo"))
    shares = np.bincount(shown_HW.ravel(), minlength=256) / shown_HW.size
    if only is None:
        wanted = [row for row in rows.there if shares[rows.class_of(row)] >= FEWEST_SHARE]
        if not wanted:
            raise StudioError(_("The photo shows none of the classes of the label map."))
    else:
        wanted = rows.require(only)
    targets = tuple((row, rows.class_of(row)) for row in wanted)
    regions_HW = rows.regions_HW.astype(np.uint16)
    return InversionJob(model, rows.labels_HW, regions_HW, rows.noise_RZ, targets, photo_HW3, shown_HW)


def noise_found(rows: NoiseRows, job: InversionJob, found: Inversion) -> PhotoNoise:
    """The rows that were found among the others."""
    noise_RZ, wanted = rows.noise_RZ.copy(), tuple(row for row, _label in job.targets)
    noise_RZ[list(wanted)] = found.noise_TZ
    before, now = (tuple(getattr(each, when) for each in found.distances) for when in ("before", "now"))
    return PhotoNoise(noise_RZ, wanted, before, now)
