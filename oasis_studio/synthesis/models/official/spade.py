"""The published keys of SPADE, and what its files do not say of themselves."""

from __future__ import annotations

from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.checkpoint import empty_network
from oasis_studio.synthesis.models.official.weights import Kind, PublishedWeights
from oasis_studio.synthesis.networks.image_encoder import EncoderConfig, ImageEncoder
from oasis_studio.synthesis.networks.patch_discriminator import PatchConfig, PatchDiscriminator
from oasis_studio.synthesis.networks.spade_generator import STEM, SpadeConfig, SpadeGenerator

_UPSAMPLING = {"cityscapes": "more"}
"""Sets whose published network doubles more often than "normal" does; the keys do not tell."""
_DONT_CARE_LAST = ("ade20k", "coco_stuff")
"""Sets for which SPADE counts the classes from 0 and puts "don't care" behind them; our lists have it in front."""
_READS_LABELS = r"(^fc|mlp_shared\.0|^discriminator_\d+\.model0\.0)\.weight$"


def read_generator(
    weights: PublishedWeights, palette: Palette, native_size: tuple[int, int], upsampling: str | None
) -> SpadeGenerator:
    """The generator for the classes of ``palette``; StudioError if it has other keys, shapes or classes.

    ``upsampling`` is "normal", "more" or "most"; without it, what the set's published network has.
    """
    config = generator_config(weights, palette, native_size, upsampling)
    network = empty_network(SpadeGenerator, config, len(config.blocks))
    return _in_our_order(weights, palette, has_stem=not config.style).fill(network).eval()


def generator_config(
    weights: PublishedWeights, palette: Palette, native_size: tuple[int, int], upsampling: str | None = None
) -> SpadeConfig:
    """Sizes from shapes. One channel more than classes is that of the outlines of instances."""
    width = weights.shape("head_0.conv_0.weight_orig", 4)[0] // STEM
    hidden, inputs = weights.shape("head_0.norm_0.mlp_shared.0.weight", 4)[:2]
    if inputs - len(palette) not in (0, 1):
        raise StudioError(
            _(
                '{file} reads {found} channels of labels; the list "{name}" has {expected} classes, which makes '
                "{expected} channels, or one more with the outlines of instances."
            ).format(file=weights.file, found=inputs, name=palette.name, expected=len(palette)),
            _("Choose the class list of the data set it was trained on with --classes."),
        )
    stem = weights.shape("fc.weight", 2, 4)
    has_style = len(stem) == 2
    if upsampling is None:
        is_deep = any(key.startswith("up_4.") for key in weights.state)
        upsampling = "most" if is_deep else _UPSAMPLING.get(palette.name, "normal")
    sizes = {"native_width": native_size[0], "native_height": native_size[1]}
    config = SpadeConfig(len(palette), inputs > len(palette), width, upsampling, 0, hidden, **sizes)
    if has_style:
        pixels = config.stem[0] * config.stem[1] * STEM * width
        if pixels != stem[0] or any(side % config.grid for side in native_size):
            raise StudioError(
                _('{file} was not made for photos of {width}×{height} pixels with "{upsampling}" upsampling.').format(
                    file=weights.file, width=native_size[0], height=native_size[1], upsampling=upsampling
                ),
                _("Give the size of its training with --size, or another --upsampling."),
            )
        config = SpadeConfig(len(palette), config.has_edges, width, upsampling, stem[1], hidden, **sizes)
    return config


def read_discriminator(weights: PublishedWeights, palette: Palette, generator: SpadeConfig) -> PatchDiscriminator:
    """The discriminator that goes with ``generator``; StudioError if it has other keys, shapes or classes."""
    weights.expect(Kind.SPADE_DISCRIMINATOR)
    width, channels = weights.shape("discriminator_0.model0.0.weight", 4)[:2]
    if channels - 3 != generator.inputs:
        raise StudioError(
            _("{file} reads {found} channels of labels, its generator {expected}.").format(
                file=weights.file, found=channels - 3, expected=generator.inputs
            ),
            _("Give the discriminator of the same training."),
        )
    layers = weights.count(r"discriminator_0\.model(\d+)\.") - 1
    config = PatchConfig(generator.inputs, width, layers, weights.count(r"discriminator_(\d+)\."))
    network = empty_network(PatchDiscriminator, config, layers)
    return _in_our_order(weights, palette, has_stem=True).fill(network)


def read_encoder(weights: PublishedWeights, generator: SpadeConfig) -> ImageEncoder:
    """The encoder that goes with ``generator``; StudioError if it has other keys or shapes, or is of another model."""
    weights.expect(Kind.SPADE_ENCODER)
    if not generator.style:
        raise StudioError(
            _("{file} cannot be used: its generator takes no style code.").format(file=weights.file),
            _("Only a network that was trained with an encoder (--use_vae) reads the style of a photo."),
        )
    config = EncoderConfig(weights.shape("layer1.0.weight_orig", 4)[0], weights.shape("fc_mu.weight", 2)[0])
    if (config.style, config.width) != (generator.style, generator.width):
        raise StudioError(
            _(
                "{file} is the encoder of another model: a code of {style} numbers from {width} channels; "
                "its generator has {own_style} and {own_width}."
            ).format(
                file=weights.file,
                style=config.style,
                width=config.width,
                own_style=generator.style,
                own_width=generator.width,
            ),
            _("Give the encoder of the same training."),
        )
    return weights.fill(empty_network(ImageEncoder, config, 1)).eval()


def _in_our_order(weights: PublishedWeights, palette: Palette, has_stem: bool) -> PublishedWeights:
    """With the class channels in the order of our lists; a stem of a style code reads no classes."""
    if palette.name not in _DONT_CARE_LAST or palette.dont_care != 0:
        return weights
    pattern = _READS_LABELS if has_stem else _READS_LABELS.replace("^fc|", "")
    last = len(palette) - 1
    return weights.with_inputs_reordered([last, *range(last)], pattern)
