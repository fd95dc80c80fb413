"""``oasis-studio segment``: a photo as a label map, read by a model's discriminator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from oasis_studio.api.model import open_model
from oasis_studio.cli.render import Device, DeviceOption
from oasis_studio.cli.report import print_note
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.disk.distinct import require_distinct
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import read_photo
from oasis_studio.core.models.library import default_library
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, decimal


def segment(
    photo: Annotated[Path, typer.Argument(help=_("Photo to read: PNG, JPEG, WebP or TIFF."))],
    out: Annotated[
        Path, typer.Option("-o", "--out", help=_("Label map to write, an index PNG in the model's colours."))
    ],
    model: Annotated[str, typer.Option("--model", "-m", help=_("Id, name or folder of the model."))],
    smallest: Annotated[
        int, typer.Option(min=0, help=_("Pieces of fewer pixels take the class around them; 0: as suits the size."))
    ] = 0,
    unsure: Annotated[
        float, typer.Option(min=0, max=1, help=_("Leave pixels unpainted that are less likely than this (0…1)."))
    ] = 0.0,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Read and write; what can be wrong with the files is found before torch is loaded."""
    if out.suffix.lower() != ".png":
        raise StudioError(_("A label map is written as .png; {name} is not one.").format(name=out.name))
    if not out.parent.is_dir():
        raise StudioError(_("The folder {folder} does not exist.").format(folder=out.parent))
    folder, card = default_library().find(model)
    require_distinct(out, [photo, folder])
    image = read_photo(photo)

    found = open_model(model, device=device).segment(image, smallest)
    doubtful = found.sure_HW < unsure
    write_labels(out, np.where(doubtful, np.uint8(UNPAINTED), found.labels_HW), card.palette)
    if doubtful.any():
        print_note(
            _("{share} % of the pixels were unsure and stay unpainted.").format(share=decimal(100 * doubtful.mean(), 1))
        )
