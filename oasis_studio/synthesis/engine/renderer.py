"""The engine as a Renderer: what the editor uses."""

from __future__ import annotations

import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

import numpy as np
import torch

from oasis_studio.core.library import ModelLibrary
from oasis_studio.core.request import Quality, SynthesisRequest, SynthesisResult
from oasis_studio.i18n import _
from oasis_studio.synthesis.device import choose_device, choose_precision
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.scene import on_grid
from oasis_studio.synthesis.generator import Generator
from oasis_studio.synthesis.memory import memory_guard
from oasis_studio.synthesis.opening import ModelSlot, OpenModel
from oasis_studio.synthesis.renderer import check_memory, check_request, exact_arithmetic, never, plain_image, to_bytes


class EngineRenderer:
    """A :class:`~oasis_studio.core.request.Renderer` that holds one model in the engine's form.

    A live request may be followed approximately from the one before; a preview and a final photo are always whole.
    Same final request, model file and device give the same bytes: tables are emptied before, because the last bits of
    their rows depend on the windows they were computed with. ``device`` and ``precision`` as for EagerRenderer.
    """

    def __init__(self, library: ModelLibrary, device: str = "auto", precision: str = "auto") -> None:
        self._device = choose_device(device)
        self._precision = precision
        self._slot = ModelSlot(library, self._device)
        # With the model go its engines: two large models need not fit at once.
        self._engines: WeakKeyDictionary[OpenModel, dict[torch.dtype, LiveImage]] = WeakKeyDictionary()

    @property
    def device(self) -> torch.device:
        return self._device

    def render(self, request: SynthesisRequest, is_stale: Callable[[], bool] = never) -> SynthesisResult:
        """The image as 8-bit RGB, rounded to nearest. Raises SynthesisCancelled, StudioError, MemoryShortage."""
        start = time.perf_counter()
        model = self._slot.open(request.model)
        opened = time.perf_counter()
        image, is_approximate = self._image(model, request, is_stale)
        seconds = {"open": opened - start, "render": time.perf_counter() - opened}
        return SynthesisResult(request.id, to_bytes(image), self._device.type, seconds, is_approximate)

    def render_float(self, request: SynthesisRequest, is_stale: Callable[[], bool] = never) -> np.ndarray:
        """The image as the network gives it: (H, W, 3) float32 in [−1, 1]. Raises as :meth:`render`."""
        return self._image(self._slot.open(request.model), request, is_stale)[0].copy()

    def _image(
        self, model: OpenModel, request: SynthesisRequest, is_stale: Callable[[], bool]
    ) -> tuple[np.ndarray, bool]:
        """(H, W, 3) float32, only good until the next render, and whether it is approximate."""
        check_request(request, model.card)
        dtype = choose_precision(self._precision, self._device, request.quality)
        generator = model.generators[torch.float32]
        if not isinstance(generator, Generator):  # no compiled form: the network as it is
            return plain_image(model, request, dtype, self._device, is_stale), False
        height, width = request.labels_HW.shape
        with (
            memory_guard(_("rendering {width}×{height} pixels").format(width=width, height=height)),
            torch.inference_mode(),
            exact_arithmetic(self._device),
        ):
            live = self._engine(model, generator, dtype)
            config = generator.config
            scene = on_grid(request.labels_HW, request.regions_HW, request.noise_RZ, config.grid)
            check_memory(config, scene.size[1], scene.size[0], dtype, self._device)
            if request.quality is Quality.LIVE:
                image, is_approximate = live.follow(scene, is_stale)
            else:
                if request.quality is Quality.FINAL:
                    live.forget()
                image, is_approximate = live.render(scene, is_stale), False
            return image[:height, :width].cpu().numpy(), is_approximate

    def _engine(self, model: OpenModel, generator: Generator, dtype: torch.dtype) -> LiveImage:
        engines = self._engines.setdefault(model, {})
        if dtype not in engines:
            engines[dtype] = LiveImage(CompiledGenerator(generator, dtype, self._device))
        return engines[dtype]
