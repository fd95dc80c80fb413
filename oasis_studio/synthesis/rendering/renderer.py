"""Rendering with the networks as they are: exact, deterministic, on any device."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.request import SynthesisCancelled, SynthesisRequest, SynthesisResult
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.network import NetworkConfig, SynthesisNetwork
from oasis_studio.synthesis.rendering.device import choose_device, choose_precision
from oasis_studio.synthesis.rendering.memory import available_bytes, memory_guard, render_bytes, shortage
from oasis_studio.synthesis.rendering.opening import ModelSlot, OpenModel


def never() -> bool:
    """A render that nobody takes back."""
    return False


class EagerRenderer:
    """A :class:`~oasis_studio.core.work.request.Renderer` that holds one model at a time.

    Same request, model file and device give the same bytes. ``device`` and ``precision`` are names of
    :mod:`~oasis_studio.synthesis.rendering.device`; StudioError if they do not exist here.
    """

    def __init__(self, library: ModelLibrary, device: str = "auto", precision: str = "auto") -> None:
        self._device = choose_device(device)
        self._slot = ModelSlot(library, self._device)
        self._precision = precision

    @property
    def device(self) -> torch.device:
        return self._device

    def render(self, request: SynthesisRequest, is_stale: Callable[[], bool] = never) -> SynthesisResult:
        """The image as 8-bit RGB, rounded to nearest. Raises SynthesisCancelled, StudioError, MemoryShortage."""
        start = time.perf_counter()
        model = self._slot.open(request.model)
        opened = time.perf_counter()
        image = self._image(model, request, is_stale)
        seconds = {"open": opened - start, "render": time.perf_counter() - opened}
        return SynthesisResult(request.id, to_bytes(image), self._device.type, seconds)

    def render_float(self, request: SynthesisRequest, is_stale: Callable[[], bool] = never) -> np.ndarray:
        """The image as the network gives it: (H, W, 3) float32 in [−1, 1]. Raises as :meth:`render`."""
        return self._image(self._slot.open(request.model), request, is_stale)

    def _image(self, model: OpenModel, request: SynthesisRequest, is_stale: Callable[[], bool]) -> np.ndarray:
        check_request(request, model.card)
        dtype = choose_precision(self._precision, self._device, request.quality)
        return plain_image(model, request, dtype, self._device, is_stale)


def plain_image(
    model: OpenModel,
    request: SynthesisRequest,
    dtype: torch.dtype,
    device: torch.device,
    is_stale: Callable[[], bool],
) -> np.ndarray:
    """A checked request by the network as it is, of whatever architecture: (H, W, 3) float32 in [−1, 1]."""
    height, width = request.labels_HW.shape
    with memory_guard(_("rendering {width}×{height} pixels").format(width=width, height=height)):
        generator = _in_precision(model, dtype)
        grid = generator.config.grid
        labels, regions = (_padded(ids, grid, device) for ids in (request.labels_HW, request.regions_HW))
        check_memory(generator.config, labels.shape[2], labels.shape[1], dtype, device)
        noise = _numbers(request.noise_RZ, device, dtype)
        style = _style(request, model.card, device, dtype)
        with torch.inference_mode(), exact_arithmetic(device):
            seen = generator.condition(labels, regions, noise)
            image = _run(generator, seen, style, is_stale)[0, :, :height, :width]
            return image.permute(1, 2, 0).float().contiguous().cpu().numpy()


def _padded(ids_HW: np.ndarray, grid: int, device: torch.device) -> Tensor:
    """(1, H', W') on the device, repeating the last row and column up to the network's grid."""
    height, width = ids_HW.shape
    padding = ((0, -height % grid), (0, -width % grid))
    return torch.from_numpy(np.pad(ids_HW, padding, mode="edge").astype(np.int64))[None].to(device)


def _numbers(array: np.ndarray, device: torch.device, dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))[None].to(device, dtype)


def _style(request: SynthesisRequest, card: ModelCard, device: torch.device, dtype: torch.dtype) -> Tensor | None:
    """(1, S), the mean of all styles where the request names none; None for a model that takes none."""
    size = card.capabilities.style_size
    if not size:
        return None
    return _numbers(np.zeros(size) if request.style_code is None else request.style_code, device, dtype)


def to_bytes(image: np.ndarray) -> np.ndarray:
    """[−1, 1] float → 0…255 uint8, rounded to nearest."""
    return np.rint((image.astype(np.float32) + 1) * 127.5).clip(0, 255).astype(np.uint8)


def _in_precision(model: OpenModel, dtype: torch.dtype) -> SynthesisNetwork[Any]:
    """The generator with convolutions of that type; statistics stay float32, they scale whole layers."""
    if dtype not in model.generators:
        copy = deepcopy(model.generators[torch.float32])
        for module in copy.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.to(dtype)
        model.generators[dtype] = copy
    return model.generators[dtype]


def _run(
    generator: SynthesisNetwork[Any], seen_NCHW: Tensor, style_NS: Tensor | None, is_stale: Callable[[], bool]
) -> Tensor:
    """The image, unless it goes stale on the way; a finished one is delivered, however late."""
    stages = generator.stages(seen_NCHW.contiguous(memory_format=torch.channels_last), style_NS)
    next(stages)
    for _block in generator.config.blocks:
        if is_stale():
            raise SynthesisCancelled
        next(stages)
    return next(stages)


@contextmanager
def exact_arithmetic(device: torch.device) -> Iterator[None]:
    """On CUDA: no TF32 and no algorithm chosen by a race, so that the same request gives the same bytes."""
    if device.type != "cuda":
        yield
        return
    with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False):
        yield


def check_memory(config: NetworkConfig, width: int, height: int, dtype: torch.dtype, device: torch.device) -> None:
    """MemoryShortage if rendering that many pixels would not fit into the free memory."""
    free = available_bytes(device)
    needed = render_bytes(config, width, height, dtype)
    if free is not None and needed > free:
        work = _("rendering {width}×{height} pixels").format(width=width, height=height)
        raise shortage(work, f"needs {needed} of {free} bytes")


def check_request(request: SynthesisRequest, card: ModelCard) -> None:
    """StudioError unless the request's arrays fit each other and the model."""
    labels, regions, noise = request.labels_HW, request.regions_HW, request.noise_RZ
    if labels.ndim != 2 or 0 in labels.shape or regions.shape != labels.shape:
        raise StudioError(
            _("The label map and the regions must have one size."), detail=f"{labels.shape}, {regions.shape}"
        )
    if noise.ndim != 2 or noise.shape[1] != card.noise_size:
        raise StudioError(
            _('The noise has {found} numbers per region; the model "{name}" takes {expected}.').format(
                found=noise.shape[-1] if noise.ndim else 0, name=card.name, expected=card.noise_size
            )
        )
    if not np.isfinite(noise).all():
        raise StudioError(_("The noise holds values that are not numbers."))
    _check_style(request.style_code, card)
    unknown = labels >= len(card.palette)
    if unknown.any():
        ids = ", ".join(map(str, np.unique(labels[unknown])[:3]))
        raise StudioError(
            _('The label map has {count} pixels of classes that the model "{name}" does not know: {ids}.').format(
                count=int(unknown.sum()), name=card.name, ids=ids
            )
        )
    if int(regions.max()) >= len(noise):
        raise StudioError(
            _("The label map has region {region}, but there is noise for {count} only.").format(
                region=int(regions.max()), count=len(noise)
            )
        )


def _check_style(code: np.ndarray | None, card: ModelCard) -> None:
    if code is None:
        return
    size = card.capabilities.style_size
    if not size:
        raise StudioError(_('The model "{name}" takes no style code.').format(name=card.name))
    if code.shape != (size,):
        raise StudioError(
            _('The style code has {found} numbers; the model "{name}" takes {expected}.').format(
                found="×".join(map(str, code.shape)), name=card.name, expected=size
            )
        )
    if not np.isfinite(code).all():
        raise StudioError(_("The style code holds values that are not numbers."))
