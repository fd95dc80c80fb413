"""``python -m oasis_training.commands.fine_tuning``: a recipe from a base model and a person's labelled photos.

The model keeps the classes it has; classes of the photos that it does not know are added to them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from oasis_studio.core.classes.extending import extended
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.disk.distinct import require_distinct, would_be_lost
from oasis_studio.core.models.backbone import NAME
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.core.work.run_folder import CLASSES_FILE, RECIPE_FILE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.generator import OASIS
from oasis_studio.synthesis.rendering.device import choose_device, has_fast_bf16
from oasis_training.commands.command import DEVICES, finish
from oasis_training.commands.presets import (
    ALL_IS_NEW,
    NOTHING_IS_NEW,
    PRESETS,
    RATES,
    SOME_IS_NEW,
    Preset,
    Sizes,
    images_of,
    new_phases,
    tuning_phases,
)
from oasis_training.datasets.class_lists import find_class_list, named_class_list
from oasis_training.datasets.mapping import mapped, new_names, read_names
from oasis_training.datasets.model import ClassList
from oasis_training.events import Events
from oasis_training.recipe import Recipe, Source
from oasis_training.run.freed_memory import keep_freed_memory
from oasis_training.run.measure import measure

_SMALL_GENERATOR = {
    "noise": 32,
    "widths": [256, 256, 256, 128, 64, 32],
    "hidden": 64,
    "shares_hidden": True,
    "modulation_kernel": 1,
    "grain": True,
}
_DISCRIMINATOR = {"backbone": NAME}
"""What judges in every fine-tuning of OASIS: with few photos, a network that knows photos already is far ahead."""
_TUNING_CROP = 128
_TUNING_SCALE = 256
"""Short side of the photos at the most: those that the window copies are hardly larger."""


@dataclass(frozen=True)
class Classes:
    """``palette`` of the model to be · ``ids``: the class of every id in the files, 255 = left out."""

    palette: Palette
    ids: tuple[int, ...]
    new: tuple[str, ...]
    left_out: tuple[str, ...]


def map_classes(base: Palette | None, found: ClassList, wanted: dict[str, str | None], name: str) -> Classes:
    """``wanted`` gives classes of the photos a class of the model, an old or a new one, or None: left out.

    What it does not mention keeps its name, which is a new class unless the base has it. StudioError if ``wanted``
    names a class that the photos do not have, or if it makes more classes than a model can have.
    """
    names = {entry.id: entry.name for entry in found.classes} | new_names(wanted, found.classes)
    taken = {entry.color for entry in base.classes} if base else set()
    entries = [(names[entry.id], entry.color if entry.color not in taken else None) for entry in found.classes]
    palette = extended(base, name, entries)
    class_map = mapped(names, found.classes, palette)
    ids = class_map.table[: max(names) + 1].tolist()
    new = tuple(entry.name for entry in palette.classes[len(base) if base else 0 :])
    return Classes(palette, tuple(ids), new, class_map.left_out)


def tuning_recipe(
    name: str,
    title: str,
    base: tuple[Path, ModelCard] | None,
    classes: Classes,
    folder: str,
    preset: Preset,
    rate: float,
) -> Recipe:
    """A recipe for the pairs in ``folder``; ``rate`` images a second are assumed for its preset's time."""
    images, previews = images_of(preset, rate), preset.previews
    source = Source(folder, ids=classes.ids)
    if base is None:
        return Recipe(
            name=name, title=title, classes=CLASSES_FILE, sources=(source,), generator=_SMALL_GENERATOR,
            discriminator=_DISCRIMINATOR, phases=tuple(new_phases(images, Sizes(128, 0, 8))),
            initial_gain=0.3, beta_2=0.99, average_half_life=3000, preview_every=max(images // previews, 200),
        )  # fmt: skip
    path, card = base
    crop = max(card.native_size) if card.capabilities.style_size else min(_TUNING_CROP, *card.native_size)
    # Texture has the scale at which it is shown: crops are of photos as large as the model's own.
    scale = min(_TUNING_SCALE, *card.native_size)
    sizes = Sizes(crop, scale if scale > crop else 0, 4)
    phases = tuning_phases(images, sizes, _reading_steps(card, classes), _critic_is_new(card))
    return Recipe(
        name=name, title=title, classes=CLASSES_FILE, sources=(source,), architecture=card.architecture,
        generator=_without_classes(card.generator), discriminator=_without_classes(_discriminator(card)),
        encoder=card.encoder or {}, phases=tuple(phases), native_size=max(card.native_size), initial_gain=0.3,
        beta_2=0.99, average_half_life=1000, preview_every=max(images // previews, 200), base=str(path.resolve()),
        terms=str(card.data.get("terms", "")), credits=tuple(card.data.get("sources", ())),
    )  # fmt: skip


def _reading_steps(card: ModelCard, classes: Classes) -> int:
    """How long the discriminator has to learn before it can judge; SPADE's reads no classes."""
    if card.architecture != OASIS:
        return NOTHING_IS_NEW
    if _critic_is_new(card):
        return ALL_IS_NEW
    return SOME_IS_NEW if classes.new else NOTHING_IS_NEW


def _critic_is_new(card: ModelCard) -> bool:
    """Whether the model's own discriminator cannot be used, because it does not look with the backbone."""
    return card.architecture == OASIS and "backbone" not in (card.discriminator or {})


def _discriminator(card: ModelCard) -> dict[str, Any]:
    """The model's own if it looks with the backbone, or that of SPADE; for every other OASIS model a new one."""
    if card.architecture != OASIS:
        return card.discriminator or {}
    return _DISCRIMINATOR if _critic_is_new(card) else card.discriminator or {}


def _without_classes(config: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in config.items() if key not in ("classes", "inputs", "native_width", "native_height")
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Write ``recipe.json`` and ``classes.json`` into ``--out`` and print one line about them; 2 if it cannot be.

    With ``--measure`` nothing is written: the line has what ten steps cost here, and the recipe of every preset.
    """
    use_language()
    arguments = _arguments(argv)
    return finish(lambda: _plan(arguments))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="oasis_training.commands.fine_tuning", description=__doc__)
    add = parser.add_argument
    add("data", type=Path, help=_("a folder with images/, labels/ and a class list"))
    add("--base", default="", help=_("model of the library, or its folder; without one, from nothing"))
    add("--classes", default=None, help=_("class list of the photos, if none lies beside them"))
    add("--map", type=Path, default=None, help=_('{"class of the photos": "class of the model" or null}'))
    add("--preset", choices=sorted(PRESETS), default="evening")
    add("--minutes", type=float, default=None, help=_("instead of those of the preset"))
    add("--rate", type=float, default=0.0, help=_("images a second that --measure found"))
    add("--device", choices=DEVICES, default="auto")
    add("--title", required=True)
    does = parser.add_mutually_exclusive_group(required=True)
    does.add_argument("--out", type=Path, help=_("folder for recipe.json and classes.json"))
    does.add_argument("--measure", action="store_true", help=_("take ten steps, say what they cost, and end"))
    return parser.parse_args(argv)


def _plan(arguments: argparse.Namespace) -> None:
    data: Path = arguments.data.resolve()
    out: Path | None = arguments.out
    found = named_class_list(arguments.classes) if arguments.classes else find_class_list(data)
    if found is None:
        raise StudioError(
            _("Nothing says what the classes of {folder} are.").format(folder=data),
            _("Put a classes.json beside its images, or name a list with --classes."),
        )
    base = default_library().find(arguments.base) if arguments.base else None
    if out is not None:
        _require_free(out, [arguments.map, arguments.classes, data, base[0] if base else None])
    classes = map_classes(
        base[1].palette if base else None, found, read_names(arguments.map) if arguments.map else {}, arguments.title
    )
    name = default_library().free_id(arguments.title)

    def recipe(preset: Preset, rate: float) -> Recipe:
        return tuning_recipe(name, arguments.title, base, classes, data.name, preset, rate)

    if out is None:
        keep_freed_memory()
        device = choose_device(arguments.device)
        Events(None).write("measured", **_measured(recipe, classes.palette, data.parent, device))
        return
    rate = arguments.rate or RATES[choose_device(arguments.device).type]
    preset = PRESETS[arguments.preset]
    if arguments.minutes is not None:
        preset = replace(preset, minutes=arguments.minutes)
    chosen = recipe(preset, rate)
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / CLASSES_FILE, classes.palette.to_json())
    write_json(out / RECIPE_FILE, chosen.to_json())
    Events(None).write(
        "recipe",
        recipe=str(out / RECIPE_FILE),
        name=name,
        data=str(data.parent),
        classes=[entry.name for entry in classes.palette.classes],
        new_classes=list(classes.new),
        left_out=list(classes.left_out),
        images=chosen.images,
        assumed_images_per_second=rate,
    )


def _measured(
    recipe: Callable[[Preset, float], Recipe], palette: Palette, data: Path, device: torch.device
) -> dict[str, Any]:
    """What ten steps of the shortest training cost, and how long every preset takes at that rate, with its recipe."""
    trial = recipe(PRESETS["try"], RATES[device.type])
    found = measure(trial, palette, data, device, has_fast_bf16(device))
    rate = trial.images / max(found["seconds"], 1e-3)
    recipes = {name: recipe(preset, rate) for name, preset in PRESETS.items()}
    presets = {name: {"seconds": each.images / rate, "recipe": each.to_json()} for name, each in recipes.items()}
    return found | {"presets": presets}


def _require_free(out: Path, read: Sequence[Path | str | None]) -> None:
    """StudioError if what goes into ``out`` would replace something that is ``read``, or a list that is no run's."""
    for name in (CLASSES_FILE, RECIPE_FILE):
        require_distinct(out / name, [Path(path) for path in read if path])
    if (out / CLASSES_FILE).exists() and not (out / RECIPE_FILE).exists():
        raise would_be_lost(out / CLASSES_FILE)


if __name__ == "__main__":
    sys.exit(main())
