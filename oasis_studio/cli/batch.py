"""``oasis-studio batch``: a folder of label maps to a folder of photos."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from oasis_studio.api.pictures import read_painted_labels
from oasis_studio.api.requests import make_request, seeded_noise, seeded_style
from oasis_studio.cli.labels import tell_instances
from oasis_studio.cli.memory_size import MaxMemoryOption, parse_bytes
from oasis_studio.cli.render import (
    Device,
    DeviceOption,
    ModelOption,
    Precision,
    PrecisionOption,
    SeedOption,
    photo_facts,
)
from oasis_studio.cli.report import print_error, print_note, progress_output
from oasis_studio.core.disk.distinct import Identity, identities, identity, is_same_file, would_replace
from oasis_studio.core.disk.endings import LABEL_ENDINGS
from oasis_studio.core.disk.listing import PassedOver, list_label_maps
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.models.library import default_library
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def batch(
    folder: Annotated[Path, typer.Argument(help=_("Folder with label maps."))],
    out: Annotated[Path, typer.Option("-o", "--out", help=_("Folder for the photos; made if it is missing."))],
    model: ModelOption,
    seed: SeedOption = None,
    precision: PrecisionOption = Precision.AUTO,
    device: DeviceOption = Device.AUTO,
    max_memory: MaxMemoryOption = None,
) -> None:
    """Render every label map; a bad one is reported at the end, the others are done."""
    most = parse_bytes(max_memory)
    files = _label_maps(folder, out)
    library = default_library()
    model_folder, card = library.find(model)
    read = identities([*files, model_folder])
    noise_RZ, style_code = seeded_noise(seed or 0, card), seeded_style(seed or 0, card)
    tell_instances(card)

    from oasis_studio.synthesis.engine.renderer import EngineRenderer  # torch

    renderer = EngineRenderer(library, device, precision, most, forgets=True)
    facts = photo_facts(card.id) | {"Seed": str(seed or 0)}
    failures: list[tuple[Path, StudioError]] = []
    written: dict[str, Path] = {}
    with _progress() as progress:
        for file in progress.track(files, description=_("Rendering")):
            try:
                target = _target(out, file, read, written)
                labels_HW = read_painted_labels(file, card.palette)
                request = make_request(model, labels_HW, None, noise_RZ, precision, style_code)
                write_photo(target, renderer.render(request).image_HW3, facts)
            except StudioError as error:
                failures.append((file, error))
    typer.echo(_("{done} of {count} label maps rendered.").format(done=len(files) - len(failures), count=len(files)))
    for file, error in failures:
        print_error(StudioError(_("{file}: {message}").format(file=file.name, message=error.message), error.hint))
    if failures:
        raise typer.Exit(2)


def _label_maps(folder: Path, out: Path) -> list[Path]:
    """The label maps of ``folder``; makes the folder ``out``. StudioError if either is impossible."""
    if not folder.is_dir():
        raise StudioError(_("{folder} is not a folder.").format(folder=folder))
    passed = PassedOver()
    files = list_label_maps(folder, is_deep=False, passed=passed)
    if not files:
        raise StudioError(
            _("There are no label maps in {folder}.").format(folder=folder),
            _("Read are: {endings}.").format(endings=", ".join(LABEL_ENDINGS)),
        )
    for sentence in passed.sentences():
        print_note(sentence)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            _("The folder {folder} cannot be made: {reason}.").format(folder=out, reason=error.strerror)
        ) from error
    if is_same_file(out, folder):
        raise StudioError(
            _("The photos would overwrite the label maps in {folder}.").format(folder=folder),
            _("Choose another folder with -o."),
        )
    return files


def _target(out: Path, file: Path, read: dict[Identity, Path], written: dict[str, Path]) -> Path:
    """Where the photo of ``file`` goes; StudioError where that is a file that is read, or another's photo."""
    target = out / f"{file.stem}.png"
    found = identity(target)
    if found in read:
        raise would_replace(target, read[found])
    first = written.setdefault(file.stem.casefold(), file)
    if first is not file:
        raise StudioError(_("Its photo would replace that of {name}.").format(name=first.name))
    return target


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=progress_output())
