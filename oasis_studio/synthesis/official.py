"""Reads the published OASIS checkpoints (``*_EMA.pth``, ``*_G.pth``, ``*_D.pth``): plain state dicts of torch.

Nothing is folded or dropped: the spectral norms' vectors stay, so that an imported model can be trained further.
"""

from __future__ import annotations

import os
import pickle
import pickletools
import re
import tarfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.card import ModelCard
from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.checkpoint import (
    Network,
    check_finite,
    check_shapes,
    empty_network,
    filled,
    shapes_of,
    write_model,
)
from oasis_studio.synthesis.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.generator import OASIS, Generator, GeneratorConfig

MAX_BYTES = 8 * 2**30
PUBLISHED_NOISE = 64
NATIVE_SIZES = {"ade20k": (256, 256), "cityscapes": (512, 256), "coco_stuff": (256, 256)}
_DEFAULT_SIZE = (256, 256)
_COUNTER = "num_batches_tracked"
_TERMS = "The terms of whoever published these weights apply; they do not come with OASIS Studio."


@dataclass(frozen=True)
class OfficialModel:
    """What an import found: networks with their weights, not yet written anywhere."""

    generator: Generator
    discriminator: Discriminator | None


def read_official(
    file: Path,
    palette: Palette,
    discriminator_file: Path | None = None,
    noise_size: int | None = None,
    native_size: tuple[int, int] | None = None,
) -> OfficialModel:
    """Read a published generator, and its discriminator if given, for the classes of ``palette``.

    ``noise_size`` is needed only for networks with another than the published 64 channels; ``native_size``
    (width, height) defaults to that of the data set. Raises StudioError if a file carries code, is damaged, or has
    other keys, shapes or another number of classes.
    """
    judge = _read_discriminator(discriminator_file, palette) if discriminator_file else None
    state = read_state(file)
    config = _generator_config(state, file.name, palette, noise_size)
    width, height = native_size or NATIVE_SIZES.get(palette.name, _DEFAULT_SIZE)
    config = replace(config, native_width=width, native_height=height)
    network = empty_network(Generator, config, len(config.widths))
    return OfficialModel(_fill(network, state, file.name).eval(), judge)


def write_official(folder: Path, model: OfficialModel, palette: Palette, name: str, file_name: str) -> ModelCard:
    """Write an imported model into ``folder`` as safetensors and card; ``file_name`` is told as its source."""
    config = model.generator.config
    card = ModelCard(
        id=folder.name,
        name=name,
        architecture=OASIS,
        generator={},
        discriminator=None,
        palette=palette,
        native_size=(config.native_width, config.native_height),
        noise_size=config.noise,
        data={"sources": [palette.name], "terms": _TERMS, "imported_from": file_name},
        description=_("Imported from {file}.").format(file=file_name),
    )
    return write_model(folder, card, model.generator, model.discriminator)


def read_state(file: Path) -> dict[str, Tensor]:
    """The tensors of a ``.pth`` by name, without "module." and without counters; runs none of a file's code."""
    loaded = _load(file)
    if not isinstance(loaded, Mapping) or not loaded or not all(isinstance(key, str) for key in loaded):
        raise StudioError(_("{file} is not a state dict of a network.").format(file=file.name))
    wrong = [key for key, value in loaded.items() if not isinstance(value, Tensor)]
    if wrong:
        raise StudioError(
            _("{file} is not a plain state dict: {key} is not a tensor.").format(file=file.name, key=wrong[0])
        )
    state = {key.removeprefix("module."): value for key, value in loaded.items() if not key.endswith(_COUNTER)}
    # A view can claim any shape over a few stored bytes; real weights fill their file.
    claimed = sum(tensor.numel() * tensor.element_size() for tensor in state.values())
    if claimed > file.stat().st_size * 2 + 2**20:
        raise StudioError(_("{file} claims more weights than it holds.").format(file=file.name))
    if any(tensor.layout != torch.strided or tensor.is_quantized for tensor in state.values()):
        raise StudioError(_("{file} holds sparse or quantised tensors.").format(file=file.name))
    return state


def _load(file: Path) -> Any:
    try:
        with file.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise StudioError(_("Cannot read {file}: {error}.").format(file=file, error=error.strerror)) from error
    if size > MAX_BYTES:
        raise StudioError(_("{file} is far larger than any OASIS model; not opened.").format(file=file.name))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        # On bytes that somebody else chose, the unpickler can raise anything.
        raise _load_failure(file, error) from error


def _load_failure(file: Path, error: Exception) -> StudioError:
    text = str(error)
    if isinstance(error, pickle.UnpicklingError) and ("GLOBAL" in text or _names_code(file)):
        return StudioError(
            _("{file} carries program code, not only weights; none of it was run.").format(file=file.name),
            _("Use the plain *_EMA.pth or *_G.pth that the authors published."),
            text,
        )
    if "TorchScript" in text:
        return StudioError(_("{file} is a TorchScript program, not weights.").format(file=file.name), detail=text)
    if isinstance(error, MemoryError) or "allocate memory" in text:
        return StudioError(_("There is not enough memory to read {file}.").format(file=file.name), detail=text)
    if _is_tar(file):
        return StudioError(
            _("{file} has the old tar format of PyTorch 0.1, which cannot be read safely.").format(file=file.name),
            _("Save it again with a newer PyTorch."),
            text,
        )
    return StudioError(
        _("{file} is damaged, cut short, or not a PyTorch checkpoint.").format(file=file.name),
        _("Download it again."),
        text,
    )


def _names_code(file: Path) -> bool:
    """Is the file one whole bare pickle that imports something? Only looks at the opcodes."""
    try:
        with file.open("rb") as stream:
            # To the end, which raises on anything but a whole pickle.
            names = [opcode.name for opcode, _arg, _at in pickletools.genops(stream)]
            return any(name.endswith("GLOBAL") for name in names)
    except (OSError, ValueError):
        return False


def _is_tar(file: Path) -> bool:
    try:
        return tarfile.is_tarfile(file)
    except OSError:
        return False


def _generator_config(
    state: Mapping[str, Tensor], source: str, palette: Palette, noise_size: int | None
) -> GeneratorConfig:
    """Sizes from shapes: the stem reads noise and classes together, so one of the two must be known."""
    stem = _shape(state, "fc.weight", 4, source)
    blocks = _count(state, r"body\.(\d+)\.conv_1\.weight_orig", source)
    widths = [_shape(state, f"body.{index}.conv_1.weight_orig", 4, source)[0] for index in range(blocks)]
    hidden = _shape(state, "body.0.norm_0.mlp_shared.0.weight", 4, source)[0]
    kernel = _shape(state, "body.0.norm_0.mlp_gamma.weight", 4, source)[2]
    inputs = stem[1]
    if noise_size is None:
        # Fewer channels than the published noise alone: somebody's own size, which the class list tells.
        noise_size = PUBLISHED_NOISE if inputs > PUBLISHED_NOISE else inputs - len(palette)
    if inputs - noise_size != len(palette) or noise_size < 1:
        raise _mismatch(source, max(inputs - noise_size, 0), palette)
    return GeneratorConfig(
        classes=len(palette),
        noise=noise_size,
        widths=(stem[0], *widths),
        hidden=hidden,
        modulation_kernel=kernel,
    )


def _read_discriminator(file: Path, palette: Palette) -> Discriminator:
    state = read_state(file)
    down = _count(state, r"body_down\.(\d+)\.conv2\.1\.weight_orig", file.name)
    up = _count(state, r"body_up\.(\d+)\.conv2\.1\.weight_orig", file.name)
    classes = _shape(state, "layer_up_last.weight", 4, file.name)[0] - 1
    if classes != len(palette):
        raise _mismatch(file.name, classes, palette)
    config = DiscriminatorConfig(
        classes=classes,
        down=tuple(_shape(state, f"body_down.{i}.conv2.1.weight_orig", 4, file.name)[0] for i in range(down)),
        up=tuple(_shape(state, f"body_up.{i}.conv2.1.weight_orig", 4, file.name)[0] for i in range(up)),
    )
    return _fill(empty_network(Discriminator, config, down), state, file.name)


def _mismatch(source: str, classes: int, palette: Palette) -> StudioError:
    return StudioError(
        _('{source} was made for {found} classes, the list "{name}" has {expected}.').format(
            source=source, found=classes, name=palette.name, expected=len(palette)
        ),
        _(
            "Choose the class list of the data set it was trained on with --classes; a network whose noise "
            "has other than 64 channels needs --noise-size too."
        ),
    )


def _fill(network: Network, state: Mapping[str, Tensor], source: str) -> Network:
    """Check names, shapes and values, complete what old files lack, and hand the weights to the network."""
    wanted = network.state_dict()
    expected = {key: shape for key, shape in shapes_of(network).items() if not key.endswith(_COUNTER)}
    complete = dict(state)
    for key in expected:
        if key.endswith(".weight_v") and key not in complete:
            stem = key.removesuffix("weight_v")
            u, weight = complete.get(stem + "weight_u"), complete.get(stem + "weight_orig")
            if u is not None and weight is not None and u.dim() == 1 and u.shape[0] == weight.shape[0]:
                complete[key] = F.normalize(weight.float().flatten(1).T @ u.float(), dim=0, eps=1e-12)
    check_shapes({key: tuple(tensor.shape) for key, tensor in complete.items()}, expected, source)
    ready = {key: tensor.detach().to(wanted[key].dtype).contiguous() for key, tensor in complete.items()}
    check_finite(ready)
    counters = {key: torch.zeros((), dtype=torch.long) for key in wanted if key.endswith(_COUNTER)}
    return filled(network, ready | counters)


def _shape(state: Mapping[str, Tensor], key: str, dimensions: int, source: str) -> tuple[int, ...]:
    tensor = state.get(key)
    if tensor is None or tensor.dim() != dimensions:
        names = ", ".join(sorted(state)[:3])
        raise StudioError(
            _("{source} is not an OASIS network: it has no usable {key} (it begins with {names}).").format(
                source=source, key=key, names=names
            )
        )
    return tuple(tensor.shape)


def _count(state: Mapping[str, Tensor], pattern: str, source: str) -> int:
    numbers = {int(match[1]) for key in state if (match := re.fullmatch(pattern, key))}
    if not numbers or numbers != set(range(len(numbers))):
        raise StudioError(
            _("{source} is not an OASIS network: its blocks are not numbered 0, 1, 2 …").format(source=source)
        )
    return len(numbers)
