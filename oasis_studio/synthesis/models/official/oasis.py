"""The published keys of OASIS."""

from __future__ import annotations

from oasis_studio.core.classes.palette import Palette
from oasis_studio.synthesis.models.checkpoint import empty_network
from oasis_studio.synthesis.models.official.weights import Kind, PublishedWeights
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig

PUBLISHED_NOISE = 64


def read_generator(
    weights: PublishedWeights, palette: Palette, native_size: tuple[int, int], noise_size: int | None
) -> Generator:
    """The generator for the classes of ``palette``; StudioError if it has other keys, shapes or classes."""
    config = generator_config(weights, palette, native_size, noise_size)
    return weights.fill(empty_network(Generator, config, len(config.widths))).eval()


def generator_config(
    weights: PublishedWeights, palette: Palette, native_size: tuple[int, int], noise_size: int | None = None
) -> GeneratorConfig:
    """Sizes from shapes: the stem reads noise and classes together, so one of the two must be known."""
    stem = weights.shape("fc.weight", 4)
    blocks = weights.count(r"body\.(\d+)\.conv_1\.weight_orig$")
    widths = [weights.shape(f"body.{index}.conv_1.weight_orig", 4)[0] for index in range(blocks)]
    hidden = weights.shape("body.0.norm_0.mlp_shared.0.weight", 4)[0]
    kernel = weights.shape("body.0.norm_0.mlp_gamma.weight", 4)[2]
    inputs = stem[1]
    if noise_size is None:
        # Fewer channels than the published noise alone: somebody's own size, which the class list tells.
        noise_size = PUBLISHED_NOISE if inputs > PUBLISHED_NOISE else inputs - len(palette)
    if inputs - noise_size != len(palette) or noise_size < 1:
        raise weights.mismatch(max(inputs - noise_size, 0), palette)
    return GeneratorConfig(
        classes=len(palette),
        noise=noise_size,
        widths=(stem[0], *widths),
        hidden=hidden,
        modulation_kernel=kernel,
        native_width=native_size[0],
        native_height=native_size[1],
    )


def read_discriminator(weights: PublishedWeights, palette: Palette) -> Discriminator:
    """The discriminator for the classes of ``palette``; StudioError if it has other keys, shapes or classes."""
    weights.expect(Kind.OASIS_DISCRIMINATOR)
    down = weights.count(r"body_down\.(\d+)\.conv2\.1\.weight_orig$")
    up = weights.count(r"body_up\.(\d+)\.conv2\.1\.weight_orig$")
    classes = weights.shape("layer_up_last.weight", 4)[0] - 1
    if classes != len(palette):
        raise weights.mismatch(classes, palette)
    config = DiscriminatorConfig(
        classes=classes,
        down=tuple(weights.shape(f"body_down.{i}.conv2.1.weight_orig", 4)[0] for i in range(down)),
        up=tuple(weights.shape(f"body_up.{i}.conv2.1.weight_orig", 4)[0] for i in range(up)),
    )
    return weights.fill(empty_network(Discriminator, config, len(config.widths)))
