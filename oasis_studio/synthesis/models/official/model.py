"""A published model as a whole: its generator, and the discriminator and the encoder where they are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, marked
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.models.official import oasis, spade
from oasis_studio.synthesis.models.official.weights import Kind, PublishedWeights
from oasis_studio.synthesis.networks.architectures import AnyDiscriminator
from oasis_studio.synthesis.networks.image_encoder import ImageEncoder
from oasis_studio.synthesis.networks.network import SynthesisNetwork

NATIVE_SIZES = {"ade20k": (256, 256), "cityscapes": (512, 256), "coco_stuff": (256, 256)}
_DEFAULT_SIZE = (256, 256)
_TERMS = marked("The terms of whoever published these weights apply; they do not come with OASIS Studio.")


@dataclass(frozen=True)
class OfficialModel:
    """What an import found: networks with their weights, not yet written anywhere."""

    generator: SynthesisNetwork[Any]
    discriminator: AnyDiscriminator | None = None
    encoder: ImageEncoder | None = None

    @property
    def title(self) -> str:
        """The architecture as people write it."""
        return self.generator.architecture.upper()


def read_official(
    file: Path,
    palette: Palette,
    discriminator_file: Path | None = None,
    encoder_file: Path | None = None,
    *,
    noise_size: int | None = None,
    native_size: tuple[int, int] | None = None,
    upsampling: str | None = None,
) -> OfficialModel:
    """Read a published generator, and what was trained with it, for the classes of ``palette``.

    The keys tell the architecture. ``noise_size`` is needed only for OASIS networks with another than the published
    64 channels, ``upsampling`` only for SPADE networks with another than the set's; ``native_size`` (width, height)
    defaults to that of the data set. Raises StudioError if a file carries code, is damaged, is another network than
    it is given for, or has other keys, shapes or another number of classes.
    """
    # Small files first: a wrong one is told before the generator's hundreds of megabytes are read.
    judges, generators = (
        (Kind.OASIS_DISCRIMINATOR, Kind.SPADE_DISCRIMINATOR),
        (Kind.OASIS_GENERATOR, Kind.SPADE_GENERATOR),
    )
    judge = PublishedWeights.read(discriminator_file, *judges) if discriminator_file else None
    encoder = PublishedWeights.read(encoder_file, Kind.SPADE_ENCODER) if encoder_file else None
    weights = PublishedWeights.read(file, *generators)
    weights.expect(*generators)
    size = native_size or NATIVE_SIZES.get(palette.name, _DEFAULT_SIZE)
    if weights.kind is Kind.OASIS_GENERATOR:
        _refuse(weights, {"--encoder": encoder, "--upsampling": upsampling})
        generator = oasis.read_generator(weights, palette, size, noise_size)
        return OfficialModel(generator, oasis.read_discriminator(judge, palette) if judge else None)
    _refuse(weights, {"--noise-size": noise_size})
    network = spade.read_generator(weights, palette, size, upsampling)
    return OfficialModel(
        network,
        spade.read_discriminator(judge, palette, network.config) if judge else None,
        spade.read_encoder(encoder, network.config) if encoder else None,
    )


def write_official(folder: Path, model: OfficialModel, palette: Palette, name: str, file_name: str) -> ModelCard:
    """Write an imported model into ``folder`` as safetensors and card; ``file_name`` is told as its source."""
    config = model.generator.config
    card = ModelCard(
        id=folder.name,
        name=name,
        architecture=model.generator.architecture,
        generator={},
        discriminator=None,
        palette=palette,
        native_size=(config.native_width, config.native_height),
        noise_size=config.noise,
        data={"sources": [palette.name], "terms": _TERMS, "imported_from": file_name},
        description=_("Imported from {file}.").format(file=file_name),
    )
    return write_model(folder, card, model.generator, model.discriminator, encoder=model.encoder)


def _refuse(weights: PublishedWeights, options: dict[str, object]) -> None:
    """StudioError if an option was given that means nothing to this architecture."""
    given = ", ".join(option for option, value in options.items() if value is not None)
    if given and weights.kind:
        raise StudioError(
            _("{file} is {what}, to which {option} means nothing.").format(
                file=weights.file, what=weights.kind.title, option=given
            )
        )
