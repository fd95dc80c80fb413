#!/usr/bin/env python3
"""A starter model from what a training published: its weights, its named styles and its picture.

    .venv/bin/python packaging/starter.py take MODEL TRAINED                puts the weights of TRAINED into MODEL
    .venv/bin/python packaging/starter.py looks MODEL SHEET.png [FIRST]     64 seeds on sample scenes, to choose from
    .venv/bin/python packaging/starter.py styles MODEL SEED=NAME …          writes MODEL/styles.swatches
    .venv/bin/python packaging/starter.py first MODEL SEED                  the seed that new drawings begin with
    .venv/bin/python packaging/starter.py picture MODEL                     writes MODEL/preview.png

MODEL is a model's folder. ``take`` leaves its name, its description, its reader and its files of styles and picture.
What was measured of the weights before goes: ``oasis-studio model calibrate`` and ``oasis-studio evaluate`` come next.
The picture shows the sample scenes, each as a label map and as photos in three of the named styles; no photo of a data
set is in it.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.document.style import Origin, StoredVector
from oasis_studio.core.files.projects.project import read_project
from oasis_studio.core.files.projects.swatches import read_swatches, write_swatches
from oasis_studio.core.models.card import (
    DISCRIMINATOR_FILE,
    GENERATOR_FILE,
    PREVIEW_FILE,
    SWATCHES_FILE,
    ModelCard,
    check_files,
)
from oasis_studio.core.models.library import default_library
from oasis_studio.core.models.style_noise import model_identity
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.paths import resource
from oasis_studio.synthesis.engine.renderer import EngineRenderer

LOOKS = 64
SCENES_OF_LOOKS = ("mountain-lake", "coast", "hill-road")
STYLES_OF_PICTURE = 3
WIDTH = 136
GAP = 3
DARK = (24, 26, 32)


def main(arguments: list[str]) -> int:
    """Run the verb that ``arguments`` name; returns the exit code."""
    if len(arguments) < 2 or arguments[0] not in ("take", "looks", "styles", "first", "picture"):
        print(__doc__)
        return 2
    verb, folder, *rest = arguments
    model = Path(folder).resolve()
    if verb == "take":
        take_weights(model, Path(rest[0]))
    elif verb == "looks":
        show_looks(model, Path(rest[0]), int(rest[1]) if rest[1:] else 0)
    elif verb == "styles":
        write_styles(model, [(int(seed), name) for seed, name in (text.split("=", 1) for text in rest)])
    elif verb == "first":
        replace(ModelCard.read(model), first_seed=int(rest[0])).write(model)
    else:
        draw_picture(model)
    return 0


def take_weights(model: Path, trained: Path) -> None:
    """Put the generator and the critic of a published training into the model, with what its card says of them."""
    card, new = ModelCard.read(model), ModelCard.read(trained)
    check_files(trained, new)
    for name in (GENERATOR_FILE, DISCRIMINATOR_FILE):
        shutil.copyfile(trained / name, model / name)
    replace(
        card, generator=new.generator, discriminator=new.discriminator, data=new.data, critic=None, metrics={},
        backbone=new.backbone, sha256=card.sha256 | new.sha256,
    ).write(model)  # fmt: skip


def show_looks(model: Path, sheet: Path, first: int) -> None:
    """Write a sheet of :data:`LOOKS` seeds from ``first`` on, each on three sample scenes, with its number."""
    size = ModelCard.read(model).noise_size
    labels = [sample_labels(name) for name in SCENES_OF_LOOKS]
    columns, rows = 4, -(-LOOKS // 4)
    tiles = []
    for seed in range(first, first + LOOKS):
        tile = np.concatenate([small(photo(model, each, noise_vector(seed, size))) for each in labels], axis=1)
        drawn = Image.fromarray(tile)
        ImageDraw.Draw(drawn).text((3, 2), str(seed), fill="white", stroke_width=2, stroke_fill="black")
        tiles.append(np.asarray(drawn))
    Image.fromarray(grid(tiles, rows, columns)).save(sheet)


def write_styles(model: Path, chosen: list[tuple[int, str]]) -> None:
    """Write the noise of the chosen seeds as the model's named styles."""
    card = ModelCard.read(model)
    identity = model_identity(card)
    found = [
        StoredVector.of(noise_vector(seed, card.noise_size), identity, Origin.SWATCH, name) for seed, name in chosen
    ]
    write_swatches(model / SWATCHES_FILE, found)


def draw_picture(model: Path) -> None:
    """Write the model's picture: every sample scene, in styles that follow one another through the named ones."""
    card = ModelCard.read(model)
    styles = [np.array(style.values, np.float32) for style in read_swatches(model / SWATCHES_FILE)]
    tiles = []
    for index, path in enumerate(sorted(resource("samples").glob("*.oasis"))):
        labels = sample_labels(path.stem)
        chosen = [styles[(index * STYLES_OF_PICTURE + step) % len(styles)] for step in range(STYLES_OF_PICTURE)]
        pictures = [card.palette.colors[labels], *(photo(model, labels, style) for style in chosen)]
        tiles.append(grid([small(picture) for picture in pictures], 1, len(pictures)))
    tiles.sort(key=len)  # by height, so that neighbours in a row have the same
    rows = [grid(tiles[first : first + 2], 1, 2) for first in range(0, len(tiles), 2)]
    Image.fromarray(np.concatenate(rows)).save(model / PREVIEW_FILE, optimize=True)


def sample_labels(name: str) -> np.ndarray:
    """(H, W) uint8 class ids of a sample scene."""
    return read_project(resource("samples", f"{name}.oasis")).document.flatten()


def photo(model: Path, labels_HW: np.ndarray, noise_Z: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8: the label map rendered exactly, with one noise vector everywhere."""
    request = SynthesisRequest(
        1, str(model), labels_HW, np.zeros(labels_HW.shape, np.uint16), noise_Z[None], Quality.FINAL
    )
    return renderer.render(request, lambda: False).image_HW3


def small(picture_HW3: np.ndarray) -> np.ndarray:
    """The picture at the width of a tile, uint8."""
    height = round(WIDTH * picture_HW3.shape[0] / picture_HW3.shape[1])
    return np.asarray(Image.fromarray(picture_HW3.astype(np.uint8)).resize((WIDTH, height), Image.Resampling.LANCZOS))


def grid(tiles: list[np.ndarray], rows: int, columns: int) -> np.ndarray:
    """Tiles on a dark ground, row by row, each in the middle of a cell that the largest ones fill."""
    height, width = (max(tile.shape[axis] for tile in tiles) for axis in (0, 1))
    sheet = np.full((rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3), DARK, np.uint8)
    for index, tile in enumerate(tiles):
        row, column = divmod(index, columns)
        top = GAP + row * (height + GAP) + (height - tile.shape[0]) // 2
        left = GAP + column * (width + GAP) + (width - tile.shape[1]) // 2
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return sheet


renderer = EngineRenderer(default_library())

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
