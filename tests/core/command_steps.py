"""Every undoable thing a person can do, drawn by hypothesis: each takes ``draw`` and a document, and gives a command.

A command of ``STEPS`` is not applied yet, one of ``STROKES`` is; None means that there was nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import ColorTag, LabelLayer
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.reference import Blend, Reference
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.files.projects.results import open_scene
from oasis_studio.core.history import commands
from oasis_studio.core.history.document_commands import (
    CropDocument,
    RemoveSnapshot,
    ScaleDocument,
    SetNotes,
    SetReference,
    TakeSnapshot,
)
from oasis_studio.core.history.guide_commands import SetGuides
from oasis_studio.core.history.history import Command
from oasis_studio.core.history.result_commands import ChangeResults, RemoveResults, RestoreScene, restore_styles
from oasis_studio.core.history.style_commands import SetLocks, SetStyles, StepStyles
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.tip_shape import TipShape
from oasis_studio.core.tools import (
    BrushTool,
    EllipseTool,
    EraserTool,
    FillTool,
    LassoTool,
    LineTool,
    PathTool,
    PolygonTool,
    PolylineTool,
    RectangleTool,
    Tip,
    ToolOptions,
    cleanup,
    layer_steps,
    region_steps,
)
from oasis_studio.core.tools.transform import Placement, transform
from tests.core import painters
from tests.core.drawn_styles import styles

Draw = Callable[[st.SearchStrategy], object]
Step = Callable[[Draw, Document], Command | None]

TOOLS = [
    *(BrushTool, EraserTool, LineTool, FillTool, RectangleTool, EllipseTool),
    *(LassoTool, PolygonTool, PolylineTool),
]
NAMES = ["far", "near"]
_sizes = st.integers(16, 60)


# -- with a tool in hand ----------------------------------------------------------------------------------------------


def paint(draw, document):
    """Any tool, with a selection, protected classes, symmetry, smoothing, snapping and pressure, or without."""
    tool, options, layer = draw(st.sampled_from(TOOLS))(), _options(draw, document), _layer(draw, document)
    tool.press(*_point(draw), document, layer, options, draw(st.floats(0, 1)))
    for _move in range(draw(st.integers(0, 3))):
        tool.move(*_point(draw), draw(st.floats(0, 1)))
        if isinstance(tool, PathTool):
            tool.release(*_point(draw))
            tool.press(*_point(draw), document, layer, options)
    return tool.release(*_point(draw)) or tool.finish()


def move(draw, document):
    scale = st.floats(0.2, 3)
    placement = Placement(
        *(draw(st.integers(-30, 30)), draw(st.integers(-30, 30)), draw(scale), draw(scale)),
        draw(st.sampled_from([0.0, 90.0, 180.0, 31.5])),
        *(draw(st.booleans()), draw(st.booleans()), draw(st.booleans())),
    )
    return transform(_layer(draw, document), placement, draw(st.sampled_from([None, _selection(draw, document)])))


def _options(draw, document):
    shape = TipShape("drawn", np.random.default_rng(draw(st.integers(0, 9))).random((7, 5)) < 0.6)
    return ToolOptions(
        draw(st.integers(0, len(document.palette) - 1)),
        draw(st.integers(1, 20)),
        draw(st.sampled_from(Tip)),
        draw(st.sampled_from([None, _selection(draw, document)])),
        draw(st.frozensets(st.integers(0, 3), max_size=2)),
        *(draw(st.booleans()), draw(st.floats(0, 1)), draw(st.booleans()), draw(st.booleans())),
        gap=draw(st.integers(0, 8)),
        shape=draw(st.sampled_from([None, None, shape])),
    )


def _point(draw):
    return draw(st.floats(-10, 50)), draw(st.floats(-10, 42))


def _layer(draw, document) -> LabelLayer:
    return draw(st.sampled_from(document.layers))


def _selection(draw, document) -> Selection:
    share = draw(st.sampled_from([0.3, 0.8]))
    random = np.random.default_rng(draw(st.integers(0, 9)))
    return Selection(random.random((document.height, document.width)) < share)


# -- layers -----------------------------------------------------------------------------------------------------------


def fill_the_selection(draw, document):
    """Or erase it."""
    layer, chosen = _layer(draw, document), _selection(draw, document).mask_HW
    label = draw(st.sampled_from([UNPAINTED, 0, len(document.palette) - 1]))
    return layer_steps.repaint(layer, np.where(chosen, np.uint8(label), layer.labels), "Fill selection")


def add_a_layer(draw, document):
    """An empty one, an imported or a pasted one."""
    added = LabelLayer.blank("new", document.width, document.height)
    added.labels[3 : draw(st.sampled_from([3, 9]))] = len(document.palette) - 1
    return commands.AddLayer(added, draw(st.integers(0, len(document.layers))))


def remove_a_layer(draw, document):
    return commands.RemoveLayer(_layer(draw, document).id)


def reorder(draw, document):
    return commands.MoveLayer(_layer(draw, document).id, draw(st.integers(0, len(document.layers) - 1)))


def change_a_layer(draw, document):
    return commands.ChangeLayer(
        _layer(draw, document).id,
        "Change",
        draw(st.sampled_from([None, "x"])),
        draw(st.sampled_from([None, True, False])),
        draw(st.sampled_from([None, True, False, False])),
        draw(st.sampled_from([None, 0.5])),
        draw(st.sampled_from([None, *NAMES])),
        draw(st.sampled_from([None, *ColorTag])),
    )


def clean_up(draw, document):
    clean = draw(st.sampled_from([cleanup.remove_specks, cleanup.smooth_edges, cleanup.fill_holes]))
    return clean(_layer(draw, document), draw(st.integers(1, 9)))


def duplicate(draw, document):
    return layer_steps.duplicate(document, _layer(draw, document).id)


def lift(draw, document):
    return layer_steps.lift(
        document, _layer(draw, document).id, _selection(draw, document), "part", draw(st.booleans())
    )


def merge_down(draw, document):
    return layer_steps.merge_down(document, _layer(draw, document).id)


def flatten(_draw, document):
    return layer_steps.flatten(document)


def group(draw, document):
    members = draw(st.lists(st.sampled_from([layer.id for layer in document.layers]), unique=True))
    return layer_steps.group(document, members, draw(st.sampled_from(NAMES)))


def ungroup(draw, document):
    return layer_steps.ungroup(document, draw(st.sampled_from(NAMES)))


def change_a_group(draw, document):
    """Hide or show, lock or unlock it."""
    what = draw(st.sampled_from(["is_visible", "is_locked"]))
    return layer_steps.change_group(document, draw(st.sampled_from(NAMES)), "Group", **{what: draw(st.booleans())})


# -- the document -----------------------------------------------------------------------------------------------------


def change_the_seed(draw, _document):
    return commands.SetSeed(draw(st.integers(0, 99)))


def change_the_model(draw, _document):
    table = np.random.default_rng(draw(st.integers(0, 9))).integers(0, 4, 256).astype(np.uint8)
    return commands.SetModel("other", painters.palette(4), 1, draw(st.sampled_from([None, table])))


def crop(draw, _document):
    left, top = draw(st.integers(-20, 20)), draw(st.integers(-20, 20))
    return CropDocument(Box(left, top, left + draw(_sizes), top + draw(_sizes)))


def resize(draw, _document):
    return ScaleDocument(draw(_sizes), draw(_sizes))


def lay_a_photo_under(draw, document):
    """Or take it away, or show it otherwise."""
    one = Reference.fitted(painters.photo(seed=draw(st.integers(0, 9))), document.width, document.height)
    return SetReference(draw(st.sampled_from([None, one, replace(one, blend=Blend.MULTIPLY, opacity=0.2)])))


def label_a_photo(draw, document):
    """Its labels, those to be checked on a layer of their own, and the photo under them."""
    photo = lay_a_photo_under(draw, document)
    layers = [add_a_layer(draw, document) for _layer in range(draw(st.integers(1, 2)))]
    return commands.Together("Labels from a photo", (*layers, photo))


def take_a_note(draw, _document):
    return SetNotes(draw(st.text(max_size=5)))


def set_guides(draw, document):
    """One comes, moves or goes."""
    is_upright = draw(st.booleans())
    lines = document.guides.xs if is_upright else document.guides.ys
    old = draw(st.sampled_from([None, *lines]))
    new = draw(st.none() | st.integers(0, document.width if is_upright else document.height))
    return SetGuides(document.guides.moved(is_upright, old, new))


def take_a_snapshot(draw, _document):
    return TakeSnapshot(draw(st.text(max_size=5)))


def remove_a_snapshot(draw, document):
    return RemoveSnapshot(draw(_places(document.snapshots))) if document.snapshots else None


def restore_a_snapshot(draw, document):
    return layer_steps.restore(document, draw(st.sampled_from(document.snapshots))) if document.snapshots else None


def change_results(draw, document):
    """A star, a name, or both, for one or two."""
    ids = _results(draw, document)
    star, name = draw(st.sampled_from([None, True, False])), draw(st.sampled_from([None, "", "evening"]))
    return ChangeResults(ids, "Star", star, name) if ids else None


def remove_results(draw, document):
    ids = _results(draw, document)
    return RemoveResults(ids) if ids else None


def restore_a_scene(draw, document):
    """One of the results, or of another drawing: another size, other classes."""
    scenes = [open_scene(result) for result in document.results]
    other = painters.document(draw(_sizes), draw(_sizes), layers=1)
    other.model, other.palette = "other", painters.palette(6)
    return RestoreScene.of(document, draw(st.sampled_from([*scenes, other])))


def restore_the_styles_of_a_scene(draw, document):
    if not document.results:
        return None
    scene = open_scene(draw(st.sampled_from(document.results)))
    return restore_styles(document, RegionMap(document), scene)


def _results(draw, document) -> frozenset[int]:
    ids = [result.id for result in document.results]
    return draw(st.frozensets(st.sampled_from(ids), min_size=1, max_size=2)) if ids else frozenset()


def _places(entries) -> st.SearchStrategy[int]:
    return st.integers(0, len(entries) - 1)


# -- regions ----------------------------------------------------------------------------------------------------------


def style_a_region(draw, document):
    return SetStyles({_key(draw, document): draw(styles())})


def step_through_styles(draw, document):
    return StepStyles((_key(draw, document),), draw(st.integers(-2, 2)))


def lock_a_region(draw, document):
    """Or change its feather."""
    key, image = _key(draw, document), painters.photo(document.width, document.height, draw(st.integers(0, 9)))
    return None if key == WHOLE_IMAGE else SetLocks({key: Lock.of(RegionMap(document).mask(key), image, 4)})


def unlock_all(_draw, document):
    return SetLocks(dict.fromkeys(document.locks))


def split_a_region(draw, document):
    return region_steps.split(document, RegionMap(document), _key(draw, document))


def cut_a_region(draw, document):
    """By a line from the left to the right."""
    ends = [(x, draw(st.floats(-5, 40))) for x in (-1.0, document.width + 1.0)]
    return region_steps.cut(document, RegionMap(document), _key(draw, document), ends)


def join_regions(draw, document):
    regions = RegionMap(document)
    label = draw(st.integers(0, len(document.palette) - 1))
    return region_steps.join(document, regions, [each.key for each in regions.regions if each.key.label == label])


def _key(draw, document) -> RegionKey:
    return draw(st.sampled_from([*(region.key for region in RegionMap(document).regions), WHOLE_IMAGE]))


STROKES: dict[str, Step] = {step.__name__: step for step in (paint, move)}
NEED_LAYERS: tuple[Step, ...] = (
    *(fill_the_selection, remove_a_layer, reorder, change_a_layer, clean_up, duplicate, lift, merge_down, group),
    *(cut_a_region, split_a_region, join_regions),
)
STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        *(*NEED_LAYERS, add_a_layer, flatten, ungroup, change_a_group, change_the_seed, change_the_model, crop, resize),
        *(lay_a_photo_under, label_a_photo, take_a_note, take_a_snapshot, remove_a_snapshot, restore_a_snapshot),
        *(set_guides, change_results, remove_results, restore_a_scene, restore_the_styles_of_a_scene),
        *(style_a_region, step_through_styles, lock_a_region, unlock_all),
    )
}
