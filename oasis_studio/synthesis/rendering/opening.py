"""The model in hand: opened when a request names it, opened again when its files were replaced."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn

from oasis_studio.core.models.card import CARD_FILE, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.checkpoint import open_generator
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_studio.synthesis.networks.spectral import FoldedConv2d, SpectralConv2d
from oasis_studio.synthesis.rendering.memory import memory_guard

Network = TypeVar("Network", bound=nn.Module)


@dataclass(eq=False)
class OpenModel:
    """``generators``: the network in every precision asked for so far; float32 is always there, spectral norms folded.

    ``stamp`` tells when the files were replaced.
    """

    stamp: tuple[Path, int, int]
    card: ModelCard
    generators: dict[torch.dtype, SynthesisNetwork[Any]] = field(default_factory=dict)


class ModelSlot:
    """Holds one open model at a time, on ``device``."""

    def __init__(self, library: ModelLibrary, device: torch.device) -> None:
        self._library = library
        self._device = device
        self._model: OpenModel | None = None

    def open(self, name: str) -> OpenModel:
        """The model ``name`` of the library: the same object until its files are others. StudioError if it fails."""
        folder, card = self._library.find(name)
        status = (folder / CARD_FILE).stat()
        stamp = (folder, status.st_mtime_ns, status.st_size)
        if self._model is None or self._model.stamp != stamp:
            self._model = None  # two large models need not fit at once
            with memory_guard(_("opening the model")):
                generator = folded(open_generator(folder, card)).to(self._device)
            generator = generator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self._model = OpenModel(stamp, card, {torch.float32: generator})
        return self._model


def folded(network: Network) -> Network:
    """Replace spectral norms by their result, never to be trained again; changes and returns ``network``."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, SpectralConv2d):
                setattr(module, name, _plain(child))
    return network


def _plain(conv: SpectralConv2d) -> FoldedConv2d:
    with torch.no_grad():
        weight = conv.weight().detach()
    outputs, inputs, kernel, _width = weight.shape
    with torch.device("meta"):
        shape = {"stride": conv.stride, "padding": conv.padding, "bias": conv.bias is not None}
        plain = FoldedConv2d(inputs, outputs, kernel, **shape)
    plain.weight = nn.Parameter(weight, requires_grad=False)
    if conv.bias is not None:
        plain.bias = nn.Parameter(conv.bias.detach(), requires_grad=False)
    return plain
