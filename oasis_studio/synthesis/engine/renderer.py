"""The engine as a Renderer: what the editor and the command line use."""

from __future__ import annotations

import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

import numpy as np
import torch

from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.work.request import Quality, SynthesisRequest, SynthesisResult
from oasis_studio.i18n import _
from oasis_studio.synthesis.engine.arithmetic.convolution import is_layout_bound
from oasis_studio.synthesis.engine.arithmetic.int8_choice import Int8Use, choose_int8, most_weight
from oasis_studio.synthesis.engine.calibration import quantise
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage, Progress, unwatched
from oasis_studio.synthesis.engine.fitting import Take, Work, render_in
from oasis_studio.synthesis.engine.scene import Scene, on_grid
from oasis_studio.synthesis.networks.network import AnyNetwork, NetworkConfig
from oasis_studio.synthesis.rendering.device import choose_device, choose_precision
from oasis_studio.synthesis.rendering.memory import (
    MUCH_FREE,
    limit_caches,
    memory_guard,
    release_freed_memory,
    room_bytes,
)
from oasis_studio.synthesis.rendering.opening import ModelSlot, OpenModel
from oasis_studio.synthesis.rendering.renderer import check_request, exact_arithmetic, never, to_bytes


class EngineRenderer:
    """A :class:`~oasis_studio.core.work.request.Renderer` that holds one model in the engine's form.

    A live request may be followed approximately from the one before; a preview and a final photo are always whole.
    Same final request, model file and device give the same bytes: tables are emptied before, because the last bits of
    their rows depend on the windows they were computed with (``forgets``: before every request). What does not fit
    into the free memory, or makes the program larger than ``max_memory`` bytes, is rendered in tiles, equal up to
    rounding. ``device`` and ``precision`` as for EagerRenderer.
    """

    def __init__(
        self,
        library: ModelLibrary,
        device: str = "auto",
        precision: str = "auto",
        max_memory: int | None = None,
        forgets: bool = False,
    ) -> None:
        limit_caches()
        self._device = choose_device(device)
        self.precision = precision  # of the photos from now on
        self._max_memory, self._forgets = max_memory, forgets
        self._slot = ModelSlot(library, self._device)
        self.is_int8 = False  # the main convolutions of the last photo
        # With the model go its engines: two large models need not fit at once.
        self._engines: WeakKeyDictionary[OpenModel, dict[torch.dtype, LiveImage]] = WeakKeyDictionary()

    @property
    def device(self) -> torch.device:
        return self._device

    def render(
        self, request: SynthesisRequest, is_stale: Callable[[], bool] = never, progress: Progress = unwatched
    ) -> SynthesisResult:
        """The image as 8-bit RGB, rounded to nearest. Raises SynthesisCancelled, StudioError, MemoryShortage."""
        start = time.perf_counter()
        model = self._slot.open(request.model)
        opened = time.perf_counter()
        check_request(request, model.card)
        image = _canvas(request, np.uint8)

        def take(box: Box, pixels: np.ndarray) -> None:
            image[box.slices] = to_bytes(pixels)

        is_approximate = self._render(model, request, take, is_stale, progress)
        seconds = {"open": opened - start, "render": time.perf_counter() - opened}
        return SynthesisResult(request.id, image, self._device.type, seconds, is_approximate)

    def render_float(
        self, request: SynthesisRequest, is_stale: Callable[[], bool] = never, progress: Progress = unwatched
    ) -> np.ndarray:
        """The image as the network gives it: (H, W, 3) float32 in [−1, 1]. Raises as :meth:`render`."""
        model = self._slot.open(request.model)
        check_request(request, model.card)
        image = _canvas(request, np.float32)

        def take(box: Box, pixels: np.ndarray) -> None:
            image[box.slices] = pixels

        self._render(model, request, take, is_stale, progress)
        return image

    def _render(
        self, model: OpenModel, request: SynthesisRequest, take: Take, is_stale: Callable[[], bool], progress: Progress
    ) -> bool:
        """Give ``take`` the image, piece by piece; returns whether it is approximate."""
        dtype = choose_precision(self.precision, self._device, request.quality)
        generator = model.generators[torch.float32]
        height, width = request.labels_HW.shape

        def take_inside(box: Box, pixels: np.ndarray) -> None:
            inside = box.clipped(width, height)  # without what was added to come onto the grid
            take(inside, pixels[: inside.height, : inside.width])

        name = _("rendering {width}×{height} pixels").format(width=width, height=height)
        with memory_guard(name), torch.inference_mode(), exact_arithmetic(self._device):
            live = self._engine(model, generator, dtype)
            self._choose_arithmetic(live, generator, request.quality)
            scene = _scene(request, generator.config)
            if self._forgets or request.quality is Quality.FINAL:
                live.forget()
            follows = request.quality in (Quality.LIVE, Quality.DETAIL)
            only_detail = request.quality is Quality.DETAIL
            work = Work(scene, name, take_inside, is_stale, progress, follows, only_detail)
            try:
                return render_in(live, work, room_bytes(self._device, live.held_bytes, self._max_memory))
            finally:
                self._keep_one_engine(model, dtype, request.quality)
                if request.quality is not Quality.LIVE:  # the details come when the brush rests
                    release_freed_memory(MUCH_FREE)

    def _keep_one_engine(self, model: OpenModel, dtype: torch.dtype, quality: Quality) -> None:
        """Let the engine of a final photo go where previews have one of another precision: both need much memory."""
        if quality is Quality.FINAL and len(self._engines[model]) > 1:
            del self._engines[model][dtype]

    def _engine(self, model: OpenModel, generator: AnyNetwork, dtype: torch.dtype) -> LiveImage:
        engines = self._engines.setdefault(model, {})
        if dtype not in engines:
            engines[dtype] = LiveImage(CompiledGenerator(generator, dtype, self._device))
        return engines[dtype]

    def _choose_arithmetic(self, live: LiveImage, generator: AnyNetwork, quality: Quality) -> None:
        """Bytes or floats for the main convolutions, in one engine: both read the same tables and features."""
        compiled, is_painting = live.generator, quality in (Quality.LIVE, Quality.DETAIL)
        use, most = Int8Use.NEVER, most_weight(self._device)
        if quality is not Quality.FINAL:
            use = choose_int8(self.precision, self._device, compiled.dtype)
        if use is not Int8Use.NEVER and most is not None and compiled.arithmetic.bears_int8 is None:
            quantise(compiled, generator, most)
        is_wanted = use is Int8Use.ALWAYS or (use is Int8Use.WHILE_PAINTING and is_painting)
        self.is_int8 = compiled.arithmetic.is_int8 = is_wanted and bool(compiled.arithmetic.bears_int8)
        live.is_draft = self.is_int8 and use is Int8Use.WHILE_PAINTING
        # A dab is hardly faster in bytes than in bfloat16, and may be slower where weights fit few sizes.
        may_follow = compiled.dtype == torch.float32 and not is_layout_bound(compiled.dtype)
        compiled.arithmetic.follows = use is Int8Use.ALWAYS or may_follow


def _scene(request: SynthesisRequest, config: NetworkConfig) -> Scene:
    """On the network's grid; the mean of all styles where the request names none."""
    style = None
    if config.capabilities.style_size:
        code = request.style_code if request.style_code is not None else np.zeros(config.capabilities.style_size)
        style = np.ascontiguousarray(code, np.float32)
    arrays = (request.labels_HW, request.regions_HW, request.noise_RZ)
    return on_grid(*arrays, config.grid, config.capabilities.sees_instances, style)


def _canvas(request: SynthesisRequest, dtype: type[np.generic]) -> np.ndarray:
    """Filled, not only reserved: what memory is left afterwards is for the engine."""
    with memory_guard(_("a photo of this size")):
        return np.full((*request.labels_HW.shape, 3), 0, dtype)
