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

from oasis_studio.core.models.backbone import BackboneCard
from oasis_studio.core.models.card import (
    DISCRIMINATOR_FILE,
    ENCODER_FILE,
    GENERATOR_FILE,
    READER_FILE,
    ModelCard,
    ReaderCard,
    sha256_of,
)
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.backbone.shared import check_backbone
from oasis_studio.synthesis.networks.architectures import AnyDiscriminator, architecture_of
from oasis_studio.synthesis.networks.backbone_discriminator import BackboneDiscriminator, BackboneDiscriminatorConfig
from oasis_studio.synthesis.networks.discriminator import SegmentationDiscriminator
from oasis_studio.synthesis.networks.image_encoder import EncoderConfig, ImageEncoder
from oasis_studio.synthesis.networks.network import NetworkConfig, SynthesisNetwork
from oasis_studio.synthesis.networks.segmenter import Segmenter, SegmenterConfig

Storage = Literal["fp32", "fp16", "bf16"]
Network = TypeVar("Network", bound=nn.Module)

MAX_BYTES = 4 * 2**30
_MAX_BLOCKS = 16
_SHOWN = 3
_DTYPES: dict[Storage, torch.dtype] = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def open_generator(folder: Path, card: ModelCard) -> SynthesisNetwork[Any]:
    """The generator of the model in ``folder``: float32, on the CPU, in evaluation mode.

    Raises StudioError if the card and the weights do not fit each other, or the file is damaged.
    """
    architecture = architecture_of(card)
    config = architecture.read_config(card.generator)
    _check_card(config, card)
    network = empty_network(architecture.build, config, len(config.blocks))
    return filled(network, _read(folder / GENERATOR_FILE, network)).eval()


def open_discriminator(folder: Path, card: ModelCard) -> AnyDiscriminator:
    """The model's discriminator: float32, on the CPU.

    Raises StudioError if the model has none, the weights do not fit, or it looks with another backbone than the one
    that comes with this program.
    """
    if card.discriminator is None:
        raise StudioError(_('The model "{name}" comes without a discriminator.').format(name=card.name))
    architecture = architecture_of(card)
    config = architecture.read_discriminator_config(card.discriminator)
    if isinstance(config, BackboneDiscriminatorConfig):
        check_backbone(card.backbone, card.name)
    network = empty_network(architecture.build_discriminator, config, len(config.widths))
    return filled(network, _read(folder / DISCRIMINATOR_FILE, network))


def open_encoder(folder: Path, card: ModelCard) -> ImageEncoder:
    """What reads a style code from a photo: float32, in evaluation mode. StudioError if the model has none."""
    if card.encoder is None or not card.capabilities.style_size:
        raise StudioError(_('The model "{name}" cannot read the style of a photo.').format(name=card.name))
    config = EncoderConfig.from_json(card.encoder)
    if config.style != card.capabilities.style_size:
        raise StudioError(_("The model card contradicts itself: the encoder's code has another length."))
    network = empty_network(ImageEncoder, config, 1)
    return filled(network, _read(folder / ENCODER_FILE, network)).eval()


def open_reader(folder: Path, card: ModelCard) -> Segmenter:
    """The segmenter that reads photos in the model's classes: float32, on the CPU, in evaluation mode.

    Raises StudioError if the model has none, the weights do not fit, or it looks with another backbone than the one
    that comes with this program.
    """
    if card.reader is None:
        raise StudioError(_('The model "{name}" comes without a reader.').format(name=card.name))
    config = SegmenterConfig.from_json(card.reader.network)
    if config.classes != len(card.palette):
        raise StudioError(_("The model card contradicts itself: the reader names another number of classes."))
    check_backbone(card.backbone, card.name)
    network = empty_network(Segmenter, config, 1)
    return filled(network, _read(folder / READER_FILE, network)).eval().requires_grad_(False)


def add_reader(folder: Path, card: ModelCard, network: Segmenter, reader: ReaderCard) -> ModelCard:
    """Store a reader beside the model in ``folder``, in half precision, and return the model's new card.

    ``reader.network`` is filled in from the network itself. StudioError if the disk refuses.
    """
    temporary = folder / f"{READER_FILE}.part"
    write_weights(temporary, network.state_dict(), "fp16")
    digest = sha256_of(temporary)
    temporary.replace(folder / READER_FILE)
    card = replace(
        card,
        reader=replace(reader, network=network.config.to_json()),
        capabilities=replace(card.capabilities, has_reader=True),
        sha256=card.sha256 | {READER_FILE: digest},
        backbone=BackboneCard.read().id,
    )
    card.write(folder)
    return card


def write_model(
    folder: Path,
    card: ModelCard,
    generator: SynthesisNetwork[Any],
    discriminator: AnyDiscriminator | None = None,
    storage: Storage = "fp32",
    encoder: ImageEncoder | None = None,
) -> ModelCard:
    """Write weights and card into ``folder``; returns the card with what the networks say themselves filled in.

    ``storage`` applies to weights of two or more dimensions; biases and statistics stay float32, for they weigh
    nothing and variances do not survive float16.
    """
    parts = {GENERATOR_FILE: generator, DISCRIMINATOR_FILE: discriminator, ENCODER_FILE: encoder}
    digests = {}
    for name, network in parts.items():
        if network is not None:
            write_weights(folder / name, network.state_dict(), storage)
            digests[name] = sha256_of(folder / name)
    config = generator.config
    # Only a discriminator that names classes can tell what it reads in a picture.
    has_critic = isinstance(discriminator, SegmentationDiscriminator)
    card = replace(
        card,
        architecture=generator.architecture,
        generator=config.to_json(),
        discriminator=discriminator.config.to_json() if discriminator is not None else None,
        encoder=encoder.config.to_json() if encoder is not None else None,
        capabilities=replace(config.capabilities, has_critic=has_critic, reads_style=encoder is not None),
        native_size=(config.native_width, config.native_height),
        noise_size=config.noise,
        sha256=digests,
        backbone=BackboneCard.read().id if isinstance(discriminator, BackboneDiscriminator) else None,
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


def _check_card(config: NetworkConfig, card: ModelCard) -> None:
    """StudioError unless the card says of the generator what its configuration says."""
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
    if replace(card.capabilities, has_critic=False, reads_style=False, has_reader=False) != config.capabilities:
        raise StudioError(
            _("The model card contradicts itself: its capabilities are not those of the generator it describes."),
            detail=f"{card.capabilities}, {config.capabilities}",
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
