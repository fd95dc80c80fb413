"""``oasis-studio render``: one label map to one photo, without a window."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from oasis_studio.api.pictures import read_painted_labels
from oasis_studio.api.requests import make_request, seeded_noise, seeded_style, with_instances
from oasis_studio.cli.labels import read_instances, read_noise, tell_instances
from oasis_studio.cli.memory_size import MaxMemoryOption, parse_bytes
from oasis_studio.cli.report import render_progress
from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.disk.distinct import require_distinct
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.files.pictures.photo import SUFFIXES, write_photo
from oasis_studio.core.models.library import default_library
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

RAW = ".npy"


class Precision(StrEnum):
    """Names of :data:`oasis_studio.synthesis.rendering.device.RENDER_PRECISIONS`, known without torch."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    INT8 = "int8"


class Device(StrEnum):
    """Names of :data:`oasis_studio.synthesis.rendering.device.DEVICES`, known without torch."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


ModelOption = Annotated[str, typer.Option("--model", "-m", help=_("Id, name or folder of the model."))]
SeedOption = Annotated[
    int | None,
    typer.Option(min=0, max=MAX_SEED, help=_("Noise or style from a number; the same gives the same photo.")),
]
PrecisionOption = Annotated[
    Precision, typer.Option(help=_("auto is fp32 here; bf16 and int8 are faster on some machines, and less exact."))
]
DeviceOption = Annotated[Device, typer.Option(help=_("Processor to render on."))]


def render(
    labels: Annotated[Path, typer.Argument(help=_("Index PNG, or colour PNG in the model's palette."))],
    out: Annotated[Path, typer.Option("-o", "--out", help=_("Photo to write, or .npy for the raw floats."))],
    model: ModelOption,
    seed: SeedOption = None,
    noise: Annotated[
        Path | None, typer.Option(help=_(".npy of shape (Z,), or (classes, Z) with one vector per class."))
    ] = None,
    instances: Annotated[
        Path | None,
        typer.Option(help=_("Instance map, a grey PNG or .npy, for models that read outlines of instances.")),
    ] = None,
    precision: PrecisionOption = Precision.AUTO,
    device: DeviceOption = Device.AUTO,
    max_memory: MaxMemoryOption = None,
) -> None:
    """Render and write; everything that can be wrong with the files is found before torch is loaded."""
    if seed is not None and noise is not None:
        raise StudioError(_("Give either --seed or --noise, not both."))
    check_output(out)
    most = parse_bytes(max_memory)
    library = default_library()
    folder, card = library.find(model)
    require_distinct(out, [labels, noise, instances, folder])
    labels_HW = read_painted_labels(labels, card.palette)
    noise_RZ = read_noise(noise, card) if noise else seeded_noise(seed or 0, card)
    request = make_request(model, labels_HW, None, noise_RZ, precision, seeded_style(seed or 0, card))
    if instances is not None:
        request = with_instances(request, read_instances(instances, labels_HW.shape, card))
    else:
        tell_instances(card)

    from oasis_studio.synthesis.engine.renderer import EngineRenderer  # torch

    renderer = EngineRenderer(library, device, precision, most, forgets=True)
    with render_progress() as show:
        if out.suffix.lower() == RAW:
            image = renderer.render_float(request, progress=show)
        else:
            image = renderer.render(request, progress=show).image_HW3
    if out.suffix.lower() == RAW:
        write_atomically(out, lambda stream: np.save(stream, image))
    else:
        source = {"Noise": noise.name} if noise else {"Seed": str(seed or 0)}
        write_photo(out, image, photo_facts(card.id) | source)


def check_output(path: Path) -> None:
    """StudioError unless the ending names a format and the folder is there."""
    if path.suffix.lower() != RAW and path.suffix.lower() not in SUFFIXES:
        raise StudioError(
            _("{name} has no ending that can be written.").format(name=path.name),
            _("Use one of: {endings}.").format(endings=", ".join((*SUFFIXES, RAW))),
        )
    if not path.parent.is_dir():
        raise StudioError(_("The folder {folder} does not exist.").format(folder=path.parent))


def photo_facts(model_id: str) -> dict[str, str]:
    """What is written into a photo's metadata."""
    return {"Software": "OASIS Studio", "Model": model_id}
