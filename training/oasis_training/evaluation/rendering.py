"""Pictures of a model from the label maps of the scenes, made as the program makes them."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.document.noise import noise_vector, style_vector
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.engine.renderer import EngineRenderer


class Painter:
    """Renders label maps of ``palette`` with one model; ids are translated where the model has another order."""

    def __init__(self, library: ModelLibrary, model: str, palette: Palette, device: str = "auto") -> None:
        self.folder, self.card = library.find(model)
        self._model = model
        self._ids = class_ids(palette, self.card)
        self._renderer = EngineRenderer(library, device, "fp32")  # a preview keeps its tables: as exact, and faster
        self._requests = itertools.count()

    def pictures(self, labels_NHW: Tensor, seed: int = 0, advance: Callable[[], object] = lambda: None) -> Tensor:
        """(N, 3, H, W) in [−1, 1]: one noise vector per picture, from ``seed`` and its place."""
        made = []
        for index, labels_HW in enumerate(labels_NHW.numpy()):
            noise = noise_vector(seed + index, self.card.noise_size)[None]
            style = style_vector(seed + index, self.card.capabilities.style_size)
            made.append(self._picture(labels_HW, np.zeros(labels_HW.shape, np.uint16), noise, style))
            advance()
        return torch.stack(made)

    def with_region(self, labels_HW: Tensor, region_HW: Tensor, seed: int, other_seed: int) -> Tensor:
        """(3, H, W): the noise of ``seed``, and that of ``other_seed`` where ``region_HW`` is true."""
        noise = np.stack([noise_vector(number, self.card.noise_size) for number in (seed, other_seed)])
        style = style_vector(seed, self.card.capabilities.style_size)
        return self._picture(labels_HW.numpy(), region_HW.numpy().astype(np.uint16), noise, style)

    def _picture(
        self, labels_HW: np.ndarray, regions_HW: np.ndarray, noise_RZ: np.ndarray, style: np.ndarray | None
    ) -> Tensor:
        request = SynthesisRequest(
            next(self._requests), self._model, self._ids[labels_HW], regions_HW, noise_RZ, Quality.PREVIEW, style
        )
        image = self._renderer.render_float(request)
        return torch.from_numpy(image).permute(2, 0, 1).clamp(-1, 1)


def class_ids(palette: Palette, card: ModelCard) -> np.ndarray:
    """(classes,) uint8: the model's id of every class of ``palette``; StudioError if the model lacks one."""
    ids = card.palette.namesakes(palette.classes)
    missing = [entry.name for entry in palette.classes if entry.id not in ids]
    if missing:
        raise StudioError(
            _('The model "{name}" does not know these classes of the data: {classes}.').format(
                name=card.name, classes=", ".join(missing[:5]) + ("…" if len(missing) > 5 else "")
            ),
            _("Write the data with the model's classes: oasis-studio dataset convert --map."),
        )
    return np.array([ids[entry.id] for entry in palette.classes], np.uint8)
