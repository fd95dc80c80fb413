"""A trained segmenter in a file: never changed again, known by its hash, found by the classes it reads."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.card import sha256_of
from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home, resource
from oasis_studio.synthesis.checkpoint import (
    check_finite,
    check_shapes,
    empty_network,
    filled,
    shapes_of,
    write_weights,
)
from oasis_training.evaluation.segmenter import Segmenter, SegmenterConfig

CARD_FILE = "segmenter.json"
WEIGHTS_FILE = "segmenter.safetensors"
FORMAT = 1
_CHUNK = 16
_SHRINKS_BELOW = 0.6


@dataclass(frozen=True)
class SegmenterCard:
    """``size``: pixels of the crops it was trained on · ``held_out``: its own figures on photos it never saw."""

    palette: Palette
    config: SegmenterConfig
    size: int
    data: dict[str, Any] = field(default_factory=dict)
    held_out: dict[str, Any] = field(default_factory=dict)
    sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "size": self.size,
            "network": self.config.to_json(),
            "sha256": self.sha256,
            "data": self.data,
            "held_out": self.held_out,
            "palette": self.palette.to_json(),
        }

    @classmethod
    def read(cls, folder: Path) -> SegmenterCard:
        path = folder / CARD_FILE
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] > FORMAT:
                raise StudioError(_("This segmenter was written by a newer version of the program."))
            config, palette = SegmenterConfig.from_json(data["network"]), Palette.from_json(data["palette"])
            return cls(palette, config, int(data["size"]), data["data"], data["held_out"], str(data["sha256"]))
        except FileNotFoundError as error:
            raise StudioError(_("There is no segmenter in {folder}.").format(folder=folder)) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StudioError(_("Cannot read the segmenter {path}: {error}.").format(path=path, error=error)) from error


@dataclass(frozen=True, eq=False)
class FrozenSegmenter:
    """The network and its card, in evaluation mode on ``device``."""

    network: Segmenter
    card: SegmenterCard
    device: torch.device

    @torch.no_grad()
    def probabilities(self, image_N3HW: Tensor) -> Tensor:
        """(N, classes, H, W) float32 on the CPU; images in [−1, 1] of any size."""
        size = image_N3HW.shape[2:]
        return torch.cat([self._logits(part, size).softmax(dim=1).cpu() for part in image_N3HW.split(_CHUNK)])

    @torch.no_grad()
    def classes(self, image_N3HW: Tensor) -> Tensor:
        """(N, H, W) int64, the likeliest class of every pixel, on the CPU."""
        size = image_N3HW.shape[2:]
        return torch.cat([self._logits(part, size).argmax(dim=1).cpu() for part in image_N3HW.split(_CHUNK)])

    @torch.no_grad()
    def features(self, image_N3HW: Tensor) -> Tensor:
        """(N, D) float64 on the CPU: the mean of every channel of every level, scaled as real photos vary."""
        network = self.network
        means = torch.cat([level_means(network, self._seen(part)[0]) for part in image_N3HW.split(_CHUNK)])
        return ((means - network.mean) / network.deviation).double().cpu()

    @torch.no_grad()
    def pyramid(self, image_N3HW: Tensor) -> list[Tensor]:
        """Features of the described levels, every pixel's channels of length 1, on the CPU."""
        described = self.card.config.described
        parts = [self.network.pyramid(self._seen(part)[0])[:described] for part in image_N3HW.split(_CHUNK)]
        return [F.normalize(torch.cat(level), dim=1).cpu() for level in zip(*parts, strict=True)]

    def _logits(self, image_N3HW: Tensor, size: torch.Size) -> Tensor:
        seen, height, width = self._seen(image_N3HW)
        logits = self.network(seen)[:, :, :height, :width].float()
        return logits if logits.shape[2:] == size else F.interpolate(logits, size=size, mode="bilinear")

    def _seen(self, image_N3HW: Tensor) -> tuple[Tensor, int, int]:
        """The images as the network takes them, and their height and width without what was added for its grid.

        Much larger ones than it was trained on are scaled down to that: it knows leaves and bricks of one size.
        """
        image = image_N3HW.float().to(self.device)
        height, width = image.shape[2:]
        scale = self.card.size / min(height, width)
        if scale < _SHRINKS_BELOW:
            height, width = round(height * scale), round(width * scale)
            image = F.interpolate(image, size=(height, width), mode="bilinear", antialias=True)
        grid = self.card.config.grid
        padded = F.pad(image, (0, -width % grid, 0, -height % grid), mode="replicate")
        return padded.contiguous(memory_format=torch.channels_last), height, width


def level_means(network: Segmenter, image_N3HW: Tensor) -> Tensor:
    """(N, D): the mean of every channel of every described level, unscaled."""
    return torch.cat([x.mean(dim=(2, 3)) for x in network.pyramid(image_N3HW)[: network.config.described]], dim=1)


def write_segmenter(folder: Path, network: Segmenter, card: SegmenterCard) -> SegmenterCard:
    """Write weights (float16) and card; returns the card with the hash of the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    write_weights(folder / WEIGHTS_FILE, network.state_dict(), "fp16")
    card = replace(card, sha256=sha256_of(folder / WEIGHTS_FILE))
    text = json.dumps(card.to_json(), indent=2, ensure_ascii=False) + "\n"
    write_atomically(folder / CARD_FILE, lambda stream: stream.write(text.encode()))
    return card


def open_segmenter(folder: Path, device: torch.device) -> FrozenSegmenter:
    """The segmenter in ``folder``; StudioError if its weights are not those that its card names."""
    card = SegmenterCard.read(folder)
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise StudioError(_("The segmenter in {folder} lacks its weights.").format(folder=folder))
    if sha256_of(path) != card.sha256:
        raise StudioError(_("The weights in {path} are not those that the card beside them names.").format(path=path))
    network = empty_network(Segmenter, card.config, len(card.config.widths))
    state, wanted = load_file(path), network.state_dict()
    check_shapes({key: tuple(value.shape) for key, value in state.items()}, shapes_of(network), path.name)
    check_finite(state)
    network = filled(network, {key: value.to(wanted[key].dtype) for key, value in state.items()})
    network = network.eval().requires_grad_(False).to(device)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # torch's stub lacks it
    return FrozenSegmenter(network, card, device)


def find_segmenters(palette: Palette) -> list[Path]:
    """Folders of segmenters that read just these classes: the person's own first, then those that are shipped."""
    wanted = [entry.name.lower() for entry in palette.classes]
    found = []
    for root in (home("segmenters"), resource("segmenters")):
        for path in sorted(root.glob(f"*/{CARD_FILE}")):
            try:
                names = [entry.name.lower() for entry in SegmenterCard.read(path.parent).palette.classes]
            except StudioError:
                continue  # asked for by its folder, it says what is wrong
            if names == wanted:
                found.append(path.parent)
    return found
