"""``oasis-studio model``: the library from the shell."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from oasis_studio.cli.child import HandedOn, handed_to
from oasis_studio.cli.report import output
from oasis_studio.core.classes.lists import find_list
from oasis_studio.core.models.archive import SUFFIX
from oasis_studio.core.models.card import CARD_FILE, ModelCard
from oasis_studio.core.models.library import default_library
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, local_name


class Upsampling(StrEnum):
    """How often a SPADE network doubles its first features."""

    NORMAL = "normal"
    MORE = "more"
    MOST = "most"


def verbs() -> typer.Typer:
    """The verbs below ``model``."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list", help=_("List the models of the library."))(list_models)
    group.command("show", help=_("Show a model's card."))(show)
    group.command("import", help=_("Add a published checkpoint, a model file or a model's folder."))(import_model)
    group.command("export", help=_("Write a model into one file, to share it."))(export)
    calibrating = group.command("calibrate", cls=HandedOn, help=_("Measure a model's critic on labelled photos."))
    calibrating(handed_to("oasis_training.commands.calibration"))
    fitting = _("Fit a reader of photos to labelled photos and store it with a model.")
    group.command("reader", cls=HandedOn, help=fitting)(handed_to("oasis_training.commands.reading"))
    group.command("remove", help=_("Delete a model of your own."))(remove)
    return group


def list_models() -> None:
    """One line a model: id, name, classes, native size, whose it is."""
    library = default_library()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in (_("id"), _("name"), _("classes"), _("size"), _("from")):
        table.add_column(title, overflow="fold")
    for card in library.cards():
        width, height = card.native_size
        origin = _("OASIS Studio") if library.is_shipped(card.id) else _("you")
        table.add_row(card.id, card.name, str(len(card.palette)), f"{width}×{height}", origin)
    output().print(table)


def show(
    name: Annotated[str, typer.Argument(help=_("Id, name or folder of the model."))],
    as_json: Annotated[bool, typer.Option("--json", help=_("Print the card as JSON."))] = False,
) -> None:
    """Everything the card says."""
    folder, card = default_library().find(name)
    if as_json:
        typer.echo(json.dumps(card.to_json(), indent=2, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for title, value in _facts(folder, card):
        if value:
            table.add_row(title, value)
    output().print(table)


def import_model(
    file: Annotated[
        Path, typer.Argument(help=_("*_EMA.pth or *_G.pth of OASIS or SPADE, a .oasismodel file, or a model's folder."))
    ],
    classes: Annotated[
        str | None,
        typer.Option(help=_("For a .pth: ade20k, cityscapes, coco_stuff, or a JSON file with its classes in order.")),
    ] = None,
    discriminator: Annotated[
        Path | None, typer.Option(help=_("For a .pth: its *_D.pth, which fine-tuning can go on with."))
    ] = None,
    encoder: Annotated[
        Path | None, typer.Option(help=_("For a SPADE .pth: its *_net_E.pth, which reads the style of a photo."))
    ] = None,
    name: Annotated[str | None, typer.Option(help=_("Name in the library."))] = None,
    noise_size: Annotated[
        int | None, typer.Option(min=1, help=_("For a .pth whose noise has other than 64 channels."))
    ] = None,
    size: Annotated[
        str | None, typer.Option(help=_("For a .pth: native size as WIDTHxHEIGHT, if not the data set's."))
    ] = None,
    upsampling: Annotated[
        Upsampling | None, typer.Option(help=_("For a SPADE .pth: how it was trained, if not as the data set's."))
    ] = None,
) -> None:
    """Install a model; nothing is installed unless all of it is sound."""
    library = default_library()
    if file.is_dir():
        card = ModelCard.read(file)
        card = library.install(file, library.free_id(name or card.id))
    elif file.suffix.lower() == SUFFIX:
        card = library.import_archive(file, name)
    else:
        parts = {"discriminator_file": discriminator, "encoder_file": encoder}
        sizes = {"noise_size": noise_size, "native_size": _parse_size(size) if size else None}
        kind = {"upsampling": upsampling.value if upsampling else None}
        card = _import_official(file, classes, name, parts | sizes | kind)
    typer.echo(_("Imported {name} as {id}.").format(name=card.name, id=card.id))


def export(
    name: Annotated[str, typer.Argument(help=_("Id, name or folder of the model."))],
    file: Annotated[Path, typer.Argument(help=_("The .oasismodel file to write."))],
) -> None:
    """Write one file that ``model import`` reads."""
    if file.suffix.lower() != SUFFIX:
        raise StudioError(_("The file of a model ends in {suffix}.").format(suffix=SUFFIX))
    default_library().export_archive(name, file)


def remove(name: Annotated[str, typer.Argument(help=_("Id or name of the model."))]) -> None:
    """Delete for good; models that come with the program stay."""
    library = default_library()
    cards = library.cards()
    is_id = any(card.id == name for card in cards)
    model_id = name if is_id else next((card.id for card in cards if card.name == name), name)
    library.remove(model_id)
    typer.echo(_("Removed {id}.").format(id=model_id))


def _import_official(file: Path, classes: str | None, name: str | None, options: dict[str, Any]) -> ModelCard:
    """``options`` are those of ``read_official``."""
    if classes is None:
        raise StudioError(
            _("A .pth file does not say what its classes are."),
            _("Add --classes ade20k, cityscapes, coco_stuff, or a JSON file with the class list."),
        )
    palette = find_list(classes)

    from oasis_studio.synthesis.models.official.model import read_official, write_official  # torch

    found = read_official(file, palette, **options)
    library = default_library()
    name = name or f"{found.title} {palette.name}"
    model_id = library.free_id(name)
    with library.new_model(model_id) as folder:
        write_official(folder, found, palette, name, file.name)
    return library.find(model_id)[1]


def _parse_size(text: str) -> tuple[int, int]:
    width, _x, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) <= 8192 and 0 < int(height) <= 8192):
        raise StudioError(_('"{text}" is no size such as 512x256.').format(text=text))
    return int(width), int(height)


def _facts(folder: Path, card: ModelCard) -> list[tuple[str, str]]:
    width, height = card.native_size
    named = "; ".join(f"{key}: {_plain(value)}" for key, value in card.data.items())
    return [
        (_("id"), card.id),
        (_("name"), card.name),
        (_("description"), local_name(card.description)),
        (_("architecture"), card.architecture),
        (_("native size"), f"{width}×{height}"),
        (_("noise"), str(card.noise_size) if card.noise_size else ""),
        (_("style code"), _style(card)),
        (_("instances"), _("outlines of regions are an input") if card.capabilities.sees_instances else ""),
        (_("classes"), ", ".join(entry.name for entry in card.palette.classes)),
        (_("discriminator"), _("yes") if card.discriminator else _("no")),
        (_("data"), named),
        (_("metrics"), "; ".join(f"{key}: {_plain(value)}" for key, value in card.metrics.items())),
        (_("parent"), card.parent or ""),
        (_("weights"), "; ".join(f"{file} {digest[:16]}…" for file, digest in card.sha256.items())),
        (_("folder"), str((folder / CARD_FILE).parent)),
    ]


def _style(card: ModelCard) -> str:
    size = card.capabilities.style_size
    if not size:
        return ""
    return _("{size}, also from a photo").format(size=size) if card.capabilities.reads_style else str(size)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
