import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core import cleanup, commands, layer_steps
from oasis_studio.core.box import Box
from oasis_studio.core.document_commands import (
    CropDocument,
    RemoveSnapshot,
    ScaleDocument,
    SetNotes,
    SetReference,
    TakeSnapshot,
)
from oasis_studio.core.history import History
from oasis_studio.core.layer import ColorTag, LabelLayer
from oasis_studio.core.lock import Lock, locked_mask
from oasis_studio.core.palette import UNPAINTED
from oasis_studio.core.reference import Reference
from oasis_studio.core.region_key import WHOLE_IMAGE
from oasis_studio.core.regions import RegionMap
from oasis_studio.core.selection import Selection, select_box
from oasis_studio.core.style_commands import SetLocks, SetStyles, StepStyles
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
)
from oasis_studio.core.transform import Placement, transform
from tests.core import painters
from tests.core.drawn_styles import styles

TOOLS = [
    *(BrushTool, EraserTool, LineTool, FillTool, RectangleTool, EllipseTool),
    *(LassoTool, PolygonTool, PolylineTool),
]


def _point(draw):
    return draw(st.floats(-10, 50)), draw(st.floats(-10, 42))


def _step(draw, document, history):
    """One random step, as a person could do it."""
    kinds = ["add", "seed", "model", "crop", "scale", "photo", "notes", "snapshot", "restore", "flatten"]
    kinds += ["style", "style", "step", "lock", "unlock"]
    if document.layers:
        kinds += ["stroke", "stroke", "remove", "move", "change", "clean", "transform", "merge", "lift", "group"]
    kind = draw(st.sampled_from(kinds))
    layer = draw(st.sampled_from(document.layers)) if document.layers else None
    if kind in ("stroke", "transform"):
        command = _stroke(draw, document, layer) if kind == "stroke" else _transform(draw, document, layer)
        if command:
            history.record(command)
        return
    command = _document_step(draw, kind, document) or _layer_step(draw, kind, document, layer)
    command = command or _region_step(draw, kind, document)
    if command is None and kind in ("add", "seed", "model", "remove", "move", "change"):
        command = _command(draw, kind, document, layer)
    if command:
        history.do(command, document)


def _options(draw, document):
    mask = np.random.default_rng(draw(st.integers(0, 9))).random((document.height, document.width)) < 0.8
    return ToolOptions(
        draw(st.integers(0, len(document.palette) - 1)),
        draw(st.integers(1, 20)),
        draw(st.sampled_from(Tip)),
        draw(st.sampled_from([None, Selection(mask)])),
        draw(st.frozensets(st.integers(0, 3), max_size=2)),
        *(draw(st.booleans()), draw(st.floats(0, 1)), draw(st.booleans()), draw(st.booleans())),
        gap=draw(st.integers(0, 8)),
    )


def _stroke(draw, document, layer):
    tool, options = draw(st.sampled_from(TOOLS))(), _options(draw, document)
    tool.press(*_point(draw), document, layer, options, draw(st.floats(0, 1)))
    for _move in range(draw(st.integers(0, 3))):
        tool.move(*_point(draw), draw(st.floats(0, 1)))
        if isinstance(tool, PathTool):
            tool.release(*_point(draw))
            tool.press(*_point(draw), document, layer, options)
    return tool.release(*_point(draw)) or tool.finish()


def _transform(draw, document, layer):
    scale = st.floats(0.2, 3)
    placement = Placement(
        *(draw(st.integers(-30, 30)), draw(st.integers(-30, 30)), draw(scale), draw(scale)),
        draw(st.sampled_from([0.0, 90.0, 180.0, 31.5])),
        *(draw(st.booleans()), draw(st.booleans()), draw(st.booleans())),
    )
    return transform(layer, placement, _options(draw, document).selection)


def _region_step(draw, kind, document):
    keys = [*(region.key for region in RegionMap(document).regions), WHOLE_IMAGE]
    key = draw(st.sampled_from(keys))
    if kind == "style":
        return SetStyles({key: draw(styles())})
    if kind == "step":
        return StepStyles((key,), draw(st.integers(-2, 2)))
    if kind == "lock" and key != WHOLE_IMAGE:
        image = painters.photo(document.width, document.height, draw(st.integers(0, 9)))
        return SetLocks({key: Lock.of(RegionMap(document).mask(key), image, draw(st.integers(0, 32)))})
    return SetLocks(dict.fromkeys(document.locks)) if kind == "unlock" else None


def _document_step(draw, kind, document):
    sizes = st.integers(16, 60)
    if kind == "crop":
        left, top = draw(st.integers(-20, 20)), draw(st.integers(-20, 20))
        return CropDocument(Box(left, top, left + draw(sizes), top + draw(sizes)))
    if kind == "scale":
        return ScaleDocument(draw(sizes), draw(sizes))
    if kind == "photo":
        one = Reference.fitted(painters.photo(seed=draw(st.integers(0, 9))), document.width, document.height)
        return SetReference(draw(st.sampled_from([None, one])))
    if kind == "notes":
        return SetNotes(draw(st.text(max_size=5)))
    if kind == "snapshot":
        return TakeSnapshot(draw(st.text(max_size=5)))
    if kind == "restore" and document.snapshots:
        index = draw(st.integers(0, len(document.snapshots) - 1))
        return draw(st.sampled_from([RemoveSnapshot(index), layer_steps.restore(document, document.snapshots[index])]))
    return layer_steps.flatten(document) if kind == "flatten" else None


def _layer_step(draw, kind, document, layer):
    if kind == "clean":
        clean = draw(st.sampled_from([cleanup.remove_specks, cleanup.smooth_edges, cleanup.fill_holes]))
        return clean(layer, draw(st.integers(1, 9)))
    if kind == "merge":
        return layer_steps.merge_down(document, layer.id) if layer is not document.layers[0] else None
    if kind == "lift":
        half = select_box(Box(0, 0, 20, 16), document.width, document.height)
        steps = [layer_steps.lift(document, layer.id, half, "part", draw(st.booleans()))]
        return draw(st.sampled_from([*steps, layer_steps.duplicate(document, layer.id)]))
    if kind == "group":
        members = draw(st.lists(st.sampled_from([each.id for each in document.layers]), unique=True))
        return layer_steps.group(document, members, draw(st.sampled_from(["far", "near"])))
    return None


def _command(draw, kind, document, layer):
    places = st.integers(0, len(document.layers) - (kind == "move"))
    if kind == "add":
        added = LabelLayer.blank("new", document.width, document.height)
        added.labels[3:9] = 2
        return commands.AddLayer(added, draw(places))
    if kind == "seed":
        return commands.SetSeed(draw(st.integers(0, 99)))
    if kind == "model":
        table = np.array(draw(st.lists(st.integers(0, 3), min_size=256, max_size=256)), np.uint8)
        return commands.SetModel("other", painters.palette(4), 1, draw(st.sampled_from([None, table])))
    if kind == "remove":
        return commands.RemoveLayer(layer.id)
    if kind == "move":
        return commands.MoveLayer(layer.id, draw(places))
    return commands.ChangeLayer(
        layer.id,
        "Change",
        name=draw(st.sampled_from([None, "x"])),
        opacity=draw(st.sampled_from([None, 0.5])),
        color_tag=draw(st.sampled_from([None, *ColorTag])),
    )


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_undo_of_everything_is_the_start_and_redo_of_everything_the_end(data):
    document, history = painters.document(), History()
    start = painters.state(document)
    for _step_number in range(data.draw(st.integers(1, 8))):
        _step(data.draw, document, history)
    end = painters.state(document)
    assert np.array_equal(document.flatten(), painters.flatten(document))
    for _round in range(2):
        while history.can_undo:
            history.undo(document)
        assert painters.state(document) == start
        while history.can_redo:
            history.redo(document)
        assert painters.state(document) == end


COMMANDS = {
    "patch": lambda d: commands.PaintPatch(
        d.layers[0].id,
        Box(2, 3, 9, 8),
        d.layers[0].labels[3:8, 2:9].copy(),
        np.full((5, 7), 4, np.uint8),
        "Paint",
    ),
    "add": lambda d: commands.AddLayer(LabelLayer("new", d.layers[0].labels.copy()), 3),
    "remove": lambda d: commands.RemoveLayer(d.layers[1].id),
    "move": lambda d: commands.MoveLayer(d.layers[0].id, 2),
    "hide": lambda d: commands.ChangeLayer(d.layers[2].id, "Hide", is_visible=False),
    "model": lambda d: commands.SetModel("other", painters.palette(2), 1, np.ones(256, np.uint8)),
    "transform": lambda d: _undone(transform(d.layers[2], Placement(5, -3, 1.5, 0.7, 20)), d),
    "specks": lambda d: cleanup.remove_specks(d.layers[2], 4),
    "lift": lambda d: _with_order(layer_steps.lift(d, d.layers[0].id, select_box(Box(3, 3, 20, 20), 40, 32), "x"), d),
    "group": lambda d: layer_steps.group(d, [d.layers[0].id, d.layers[2].id], "x"),
}


def _undone(command, document):
    command.revert(document)
    return command


def _with_order(command, document):
    """Followed by something that is seen: the lifted pixels alone look as before."""
    return commands.Together("", (command, commands.MoveLayer(command.commands[-1].layer.id, 3)))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_box_of_a_change_holds_every_pixel_that_looks_different_now(name):
    document = painters.document(layers=3)
    command = COMMANDS[name](document)
    for act in (command.apply, command.revert):
        before = document.flatten()
        change = act(document)
        different = before != document.flatten()
        assert different.any()
        different[change.labels.slices] = False
        assert not different.any()


@pytest.mark.parametrize("command", [CropDocument(Box(5, 3, 30, 40)), ScaleDocument(50, 20)])
def test_a_new_size_is_a_change_of_everything(command):
    document = painters.document()
    for act in (command.apply, command.revert):
        change = act(document)
        assert change.size and change.layers and change.labels == document.bounds


def test_what_the_command_says_it_changed():
    document = painters.document()
    layer = document.layers[0]
    assert commands.SetSeed(7).apply(document).synthesis
    assert commands.ChangeLayer(layer.id, "Rename", name="x").apply(document).layers
    assert commands.ChangeLayer(layer.id, "Rename", name="y").apply(document).labels.is_empty
    assert commands.AddLayer(LabelLayer.blank("new", 40, 32), 0).apply(document).labels.is_empty
    assert SetReference(None).apply(document).reference and TakeSnapshot("a").apply(document).notes
    both = commands.Together("both", (SetNotes("x"), commands.SetSeed(3))).apply(document)
    assert both.notes and both.synthesis and not both.size and both.labels.is_empty


def test_a_class_map_leaves_unpainted_pixels_unpainted():
    document = painters.document()
    unpainted = document.layers[0].labels == UNPAINTED
    commands.SetModel("other", painters.palette(2), 0, np.zeros(256, np.uint8)).apply(document)
    assert np.array_equal(document.layers[0].labels == UNPAINTED, unpainted)
    assert not document.layers[0].labels[~unpainted].any()


def test_classes_that_become_one_keep_all_that_is_locked():
    document, photo = painters.document(), painters.photo(40, 32)
    regions = RegionMap(document)
    keys = [region.key for region in regions.regions if region.key.layer_id == document.layers[1].id][:3]
    SetLocks({key: Lock.of(regions.mask(key), photo, 3) for key in keys}).apply(document)
    kept, before = locked_mask(document.locks.values(), 32, 40), painters.state(document)
    command = commands.SetModel("other", painters.palette(2), 0, np.zeros(256, np.uint8))
    command.apply(document)
    (lock,) = document.locks.values()
    assert lock.is_intact and lock.holds(photo) and np.array_equal(locked_mask([lock], 32, 40), kept)
    command.revert(document)
    assert painters.state(document) == before


def test_a_smaller_palette_leaves_no_unknown_class():
    document = painters.document()
    TakeSnapshot("kept").apply(document)
    command = commands.SetModel("other", painters.palette(2), 1)
    before = painters.state(document)
    command.apply(document)
    assert all(np.isin(layer.labels, [0, 1, UNPAINTED]).all() for layer in document.layers)
    assert set(np.unique(document.snapshots[0].labels_HW)) <= {0, 1}
    command.revert(document)
    assert painters.state(document) == before


def test_size_counts_the_arrays_a_step_keeps():
    document = painters.document()
    remove = commands.RemoveLayer(document.layers[0].id)
    remove.apply(document)
    assert remove.size_bytes == 40 * 32
    assert COMMANDS["patch"](document).size_bytes == 2 * 5 * 7


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_a_layer_that_goes_changes_the_box_around_its_pixels(data):
    document = painters.blank(200, 150)
    layer = document.layers[0]
    layer.labels[:] = UNPAINTED
    assert commands.RemoveLayer(layer.id).apply(document).labels.is_empty
    document.layers.append(layer)
    points = data.draw(st.lists(st.tuples(st.integers(0, 149), st.integers(0, 199)), min_size=1, max_size=4))
    for row, column in points:
        layer.labels[row, column] = 1
    rows, columns = zip(*points, strict=True)
    around = Box(min(columns), min(rows), max(columns) + 1, max(rows) + 1)
    assert commands.RemoveLayer(layer.id).apply(document).labels == around
