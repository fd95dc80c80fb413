"""Weights in files: the one place that reads and writes them (safetensors, nothing that could carry code)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from oasis_studio.core.card import DISCRIMINATOR_FILE, GENERATOR_FILE, ModelCard, sha256_of
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.generator import Generator, GeneratorConfig

Storage = Literal["fp32", "fp16", "bf16"]
Network = TypeVar("Network", bound=nn.Module)

ARCHITECTURE = "oasis"
MAX_BYTES = 4 * 2**30
_MAX_BLOCKS = 16
_SHOWN = 3
_DTYPES: dict[Storage, torch.dtype] = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def open_generator(folder: Path, card: ModelCard) -> Generator:
    """The generator of the model in ``folder``: float32, on the CPU, in evaluation mode.

    Raises StudioError if the card and the weights do not fit each other, or the file is damaged.
    """
    if card.architecture != ARCHITECTURE:
        raise StudioError(
            _('The model "{name}" is a {architecture}, which this version of OASIS Studio cannot run.').format(
                name=card.name, architecture=card.architecture
            )
        )
    config = GeneratorConfig.from_json(card.generator)
    if config.noise != card.noise_size or config.classes != len(card.palette):
        raise StudioError(
            _(
                "The model card contradicts itself: {noise} noise channels and {classes} classes in the generator, "
                "{card_noise} and {card_classes} in the card."
            ).format(
                noise=config.noise,
                classes=config.classes,
                card_noise=card.noise_size,
                card_classes=len(card.palette),
            )
        )
    network = empty_network(Generator, config, len(config.widths))
    return filled(network, _read(folder / GENERATOR_FILE, network)).eval()


def open_discriminator(folder: Path, card: ModelCard) -> Discriminator:
    """The model's discriminator: float32, on the CPU. StudioError if it has none or the weights do not fit."""
    if card.discriminator is None:
        raise StudioError(_('The model "{name}" comes without a discriminator.').format(name=card.name))
    config = DiscriminatorConfig.from_json(card.discriminator)
    network = empty_network(Discriminator, config, len(config.down))
    return filled(network, _read(folder / DISCRIMINATOR_FILE, network))


def write_model(
    folder: Path,
    card: ModelCard,
    generator: Generator,
    discriminator: Discriminator | None = None,
    storage: Storage = "fp32",
) -> ModelCard:
    """Write weights and card into ``folder``; returns the card with configurations, sizes and digests filled in.

    ``storage`` applies to weights of two or more dimensions; biases and statistics stay float32, for they weigh
    nothing and variances do not survive float16.
    """
    write_weights(folder / GENERATOR_FILE, generator.state_dict(), storage)
    digests = {GENERATOR_FILE: sha256_of(folder / GENERATOR_FILE)}
    if discriminator is not None:
        write_weights(folder / DISCRIMINATOR_FILE, discriminator.state_dict(), storage)
        digests[DISCRIMINATOR_FILE] = sha256_of(folder / DISCRIMINATOR_FILE)
    config = generator.config
    card = replace(
        card,
        architecture=ARCHITECTURE,
        generator=config.to_json(),
        discriminator=discriminator.config.to_json() if discriminator is not None else None,
        native_size=(config.native_width, config.native_height),
        noise_size=config.noise,
        sha256=digests,
    )
    card.write(folder)
    return card


def write_weights(path: Path, state: Mapping[str, Tensor], storage: Storage = "fp32") -> None:
    """Write a state dict; StudioError (and no file) if a weight is NaN or infinite or the disk refuses."""
    check_finite(state)
    stored = {key: _narrowed(tensor.detach().cpu(), _DTYPES[storage]) for key, tensor in state.items()}
    try:
        save_file(stored, path, metadata={"format": "pt"})
        path.chmod(0o644)  # safetensors makes it private; a model is to be shared
    except (SafetensorError, OSError) as error:
        path.unlink(missing_ok=True)
        raise StudioError(
            _("Cannot write {path}: {error}.").format(path=path, error=error),
            _("Check that the folder is yours and the disk is not full."),
        ) from error


def empty_network(build: Callable[[Any], Network], config: Any, blocks: int) -> Network:
    """The network without memory for its weights: tells their names and shapes at no cost."""
    problem = StudioError(_("The model card describes no network that could be built."), detail=repr(config))
    if blocks > _MAX_BLOCKS:
        raise problem
    try:
        with torch.device("meta"):
            return build(config)
    except (RuntimeError, TypeError, ValueError, OverflowError) as error:
        raise problem from error


def filled(network: Network, state: Mapping[str, Tensor]) -> Network:
    """Give an empty network its weights; ``state`` must have been checked by :func:`check_shapes`."""
    network.load_state_dict(dict(state), assign=True)
    return network


def shapes_of(network: nn.Module) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the network's weights and statistics."""
    return {key: tuple(tensor.shape) for key, tensor in network.state_dict().items()}


def check_shapes(found: Mapping[str, tuple[int, ...]], expected: Mapping[str, tuple[int, ...]], source: str) -> None:
    """Raise StudioError naming the first three keys of ``source`` that are wrong, missing or too many."""
    faults = [
        _("{key} is {found} instead of {expected}").format(key=key, found=_shape(found[key]), expected=_shape(shape))
        if key in found
        else _("{key} is missing").format(key=key)
        for key, shape in expected.items()
        if found.get(key) != shape
    ]
    faults += [_("{key} is unknown").format(key=_short(key)) for key in found if key not in expected]
    if faults:
        raise StudioError(
            _("The weights in {source} do not fit: {faults}.").format(source=source, faults=_listed(faults))
        )


def check_finite(state: Mapping[str, Tensor]) -> None:
    """Raise StudioError naming the first three tensors that hold NaN or infinity."""
    faults = [key for key, tensor in state.items() if tensor.is_floating_point() and not tensor.isfinite().all()]
    if faults:
        raise StudioError(
            _("These weights hold values that are not numbers: {faults}.").format(faults=_listed(faults)),
            _("The file was damaged, or its training diverged."),
        )


def _read(path: Path, network: nn.Module) -> dict[str, Tensor]:
    """The weights in ``path`` in the types of ``network``; nothing of the file stays mapped into memory."""
    expected = network.state_dict()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StudioError(_("{path} is far larger than any model; it was not opened.").format(path=path))
        with safe_open(path, framework="pt", device="cpu") as file:
            keys = list(file.keys())
            found = {key: tuple(file.get_slice(key).get_shape()) for key in keys}
            check_shapes(found, shapes_of(network), path.name)
            # A copy: a mapped file could not be replaced on Windows, and must not change under a render.
            state = {key: file.get_tensor(key).to(expected[key].dtype, copy=True) for key in keys}
    except FileNotFoundError as error:
        raise StudioError(_("The model lacks its file {name}.").format(name=path.name)) from error
    except SafetensorError as error:
        raise StudioError(
            _("{path} is damaged or cut short.").format(path=path),
            _("Copy or import the model again."),
            str(error),
        ) from error
    except OSError as error:
        raise StudioError(_("Cannot read {path}: {error}.").format(path=path, error=error.strerror)) from error
    check_finite(state)
    return state


def _narrowed(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    if tensor.dim() < 2 or not tensor.is_floating_point():
        return tensor.contiguous().clone()
    narrow = tensor.to(dtype, copy=True).contiguous()
    # A weight beyond float16's range keeps its full precision instead of becoming infinite.
    return narrow if narrow.isfinite().all() else tensor.contiguous().clone()


def _listed(faults: list[str]) -> str:
    text = ", ".join(faults[:_SHOWN])
    if len(faults) > _SHOWN:
        text += _(" and {count} more").format(count=len(faults) - _SHOWN)
    return text


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) if shape else _("a single number")


def _short(key: str) -> str:
    return key if len(key) <= 80 else key[:79] + "…"
