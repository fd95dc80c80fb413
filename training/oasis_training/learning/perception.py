"""Perceptual distances (Johnson et al., ECCV 2016): of the backbone's features, or of a person's own VGG-19."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.backbone.shared import shared_backbone
from oasis_training.learning.objective import Terms
from oasis_training.recipe import Recipe

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_STAGES = ((64, 64), (128, 128), (256, 256, 256, 256), (512, 512, 512, 512), (512,))
"""Channels of the convolutions up to relu5_1; a pooling lies between two stages."""
_SHARES = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)


class Vgg19(nn.Module):
    """Image, standardised as ImageNet's → features after relu1_1, 2_1, 3_1, 4_1 and 5_1; keys as torchvision's."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 3
        self._taken = set()
        for stage in _STAGES:
            if layers:
                layers.append(nn.MaxPool2d(2))
            for index, width in enumerate(stage):
                layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
                if index == 0:
                    self._taken.add(len(layers) - 1)
                inputs = width
        self.features = nn.Sequential(*layers)

    def forward(self, x_N3HW: Tensor) -> list[Tensor]:
        found = []
        for index, layer in enumerate(self.features):
            x_N3HW = layer(x_N3HW)
            if index in self._taken:
                found.append(x_N3HW)
        return found


class Perception(nn.Module):
    """Weighted L1 distance of features, a mean over the images."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network.eval()
        for parameter in network.parameters():  # a script has no requires_grad_ of its own
            parameter.requires_grad = False

    def forward(self, fake_N3HW: Tensor, real_N3HW: Tensor) -> Tensor:
        ours = _as_list(self.network(_standardised(fake_N3HW)))
        with torch.no_grad():
            theirs = _as_list(self.network(_standardised(real_N3HW)))
        shares = _SHARES[-len(ours) :] if len(ours) <= len(_SHARES) else (1.0,) * len(ours)
        terms = [share * F.l1_loss(a, b) for share, a, b in zip(shares, ours, theirs, strict=True)]
        return torch.stack(terms).sum()


class BackbonePerception:
    """L1 distance of the backbone's standardised features, a mean over the levels, their channels and the images."""

    def __call__(self, fake_N3HW: Tensor, real_N3HW: Tensor) -> Tensor:
        backbone = shared_backbone(fake_N3HW.device)
        ours = backbone.pyramid(fake_N3HW)
        with torch.no_grad():
            theirs = backbone.pyramid(real_N3HW)
        return torch.stack([F.l1_loss(a, b) for a, b in zip(ours, theirs, strict=True)]).mean()


def perceptual_term(recipe: Recipe, device: torch.device) -> PerceptualTerm | None:
    """The distance that the recipe asks for and its name and weight in the generator's loss; None if it asks for none.

    StudioError if it names VGG weights or a network that cannot be used.
    """
    if recipe.perception not in ("", "backbone"):
        raise StudioError(
            _('The recipe asks for the perception "{name}", which does not exist.').format(name=recipe.perception),
            _('"backbone" is the one that comes with the program; a VGG-19 of your own goes into vgg_weights.'),
        )
    if recipe.perception:
        return PerceptualTerm("perception", recipe.perception_weight, BackbonePerception())
    if recipe.vgg:
        return PerceptualTerm("vgg", recipe.vgg, open_perception(Path(recipe.vgg_weights), device))
    return None


@dataclass(frozen=True)
class PerceptualTerm:
    """A term of the generator's loss: its ``name``, its ``weight``, and the ``distance`` of (N, 3, S, S) to photos."""

    name: str
    weight: float
    distance: Callable[[Tensor, Tensor], Tensor]

    def of(self, fake_N3HW: Tensor, real_N3HW: Tensor) -> Terms:
        return {self.name: (self.weight, self.distance(fake_N3HW, real_N3HW))}


def open_perception(path: Path, device: torch.device) -> Perception:
    """From TorchScript (image → features or a list of them) or safetensors; StudioError for anything else."""
    if not path.is_file():
        raise StudioError(
            _('The recipe asks for a VGG term, but there is no weights file "{path}".').format(path=path),
            _("Name your own in vgg_weights, or set vgg to 0: OASIS does without it."),
        )
    network = _from_safetensors(path) if path.suffix == ".safetensors" else _from_script(path)
    perception = Perception(network).to(device)
    try:
        with torch.no_grad():
            probe = torch.zeros(1, 3, 64, 64, device=device)
            perception(probe, probe)
    except (RuntimeError, TypeError, AttributeError) as error:
        raise StudioError(
            _("{path} does not turn images into features.").format(path=path),
            _("It must take (N, 3, H, W) images and give a tensor, or a list of them."),
            str(error),
        ) from error
    return perception


def _from_safetensors(path: Path) -> nn.Module:
    network = Vgg19()
    wanted = network.state_dict()
    try:
        found = load_file(path)
    except (SafetensorError, OSError) as error:
        raise StudioError(_("{path} is damaged or cut short.").format(path=path), detail=str(error)) from error
    for key, tensor in wanted.items():
        if key not in found or found[key].shape != tensor.shape:
            raise StudioError(
                _('{path} holds no VGG-19: "{key}" is missing or of another shape.').format(path=path, key=key),
                _('The names are those of torchvision: "features.0.weight" and so on.'),
            )
    network.load_state_dict({key: found[key].float() for key in wanted})
    return network


def _from_script(path: Path) -> nn.Module:
    try:
        return torch.jit.load(str(path), map_location="cpu")
    except (RuntimeError, ValueError, OSError) as error:
        raise StudioError(
            _("{path} is neither TorchScript nor safetensors.").format(path=path),
            _("A .pth file may run code of whoever made it; convert it to one of the two."),
            str(error),
        ) from error


def _standardised(image_N3HW: Tensor) -> Tensor:
    mean, deviation = (image_N3HW.new_tensor(values)[:, None, None] for values in (_MEAN, _DEVIATION))
    return ((image_N3HW + 1) / 2 - mean) / deviation


def _as_list(found: Tensor | list[Tensor] | tuple[Tensor, ...]) -> list[Tensor]:
    return [found] if isinstance(found, Tensor) else list(found)
