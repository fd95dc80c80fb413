"""How fast a model is on this machine: the plain network beside the engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from oasis_studio.synthesis.rendering.renderer import EagerRenderer
from oasis_studio.synthesis.rendering.timing import Row, Variant, compare

_SEED = 1
_CELLS = 28


def compare_renderers(library: ModelLibrary, model: str, size: tuple[int, int] | None, rounds: int) -> list[Row]:
    """Rows for the plain network (the measure) and the engine, at ``size`` (width, height) or the model's own.

    int8 only where the processor has it and the model bears it. StudioError if the model cannot be opened.
    """
    _folder, card = library.find(model)
    width, height = size or card.native_size
    labels = _painted(height, width, len(card.palette))
    dabbed = labels.copy()
    dabbed[height * 2 // 5 : height // 2, width * 2 // 5 : width // 2] = (labels[height // 2, width // 2] + 1) % len(
        card.palette
    )
    noise = noise_vector(_SEED, card.noise_size)[None]

    def ask(painted: np.ndarray, quality: Quality) -> SynthesisRequest:
        return SynthesisRequest(0, model, painted, np.zeros_like(painted, np.uint16), noise, quality)

    def run(renderer: EagerRenderer | EngineRenderer, painted: np.ndarray, quality: Quality) -> Callable:
        return partial(renderer.render_float, ask(painted, quality))

    plain = EagerRenderer(library, "auto", "fp32")
    variants = [Variant("plain network, fp32", run(plain, labels, Quality.FINAL))]
    truth = plain.render_float(ask(dabbed, Quality.FINAL))
    for precision in ("fp32", "bf16", "int8"):
        engine = EngineRenderer(library, "auto", precision)
        warm = run(engine, labels, Quality.PREVIEW)
        warm()
        if precision == "int8" and not engine.is_int8:
            continue
        variants.append(Variant(f"engine {precision}", warm))
        live = run(engine, dabbed, Quality.LIVE)
        variants.append(Variant(f"engine {precision}, while painting", live, warm, truth))
    name = f"{card.name}, {width}×{height}, {torch.get_num_threads()} threads"
    return compare(name, variants, rounds)


def _painted(height: int, width: int, classes: int) -> np.ndarray:
    """A label map of some cells, (H, W) uint8."""
    rng = np.random.default_rng(_SEED)
    y, x = np.mgrid[:height, :width]
    centres = rng.random((_CELLS, 2)) * (height, width)
    nearest = np.full((height, width), np.inf)
    labels = np.zeros((height, width), np.uint8)
    for row, column in centres:
        distance = (y - row) ** 2 + (x - column) ** 2
        is_nearer = distance < nearest
        nearest[is_nearer] = distance[is_nearer]
        labels[is_nearer] = rng.integers(0, classes)
    return labels
