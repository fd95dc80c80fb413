import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core import commands
from oasis_studio.core.box import Box
from oasis_studio.core.history import History
from oasis_studio.core.layer import LabelLayer
from oasis_studio.core.palette import UNPAINTED
from oasis_studio.core.tools import BrushTool, EllipseTool, EraserTool, FillTool, LineTool, RectangleTool, ToolOptions
from tests.core import painters

TOOLS = [BrushTool, EraserTool, LineTool, FillTool, RectangleTool, EllipseTool]


def _point(draw):
    return draw(st.floats(-10, 50)), draw(st.floats(-10, 42))


def _step(draw, document, history):
    """One random step, as a person could do it."""
    kinds = ["add", "seed", "model"] + (["stroke", "stroke", "remove", "move", "change"] if document.layers else [])
    kind = draw(st.sampled_from(kinds))
    layer = draw(st.sampled_from(document.layers)) if document.layers else None
    if kind == "stroke":
        tool = draw(st.sampled_from(TOOLS))()
        layer.is_visible, layer.is_locked = True, False
        tool.press(*_point(draw), document, layer, ToolOptions(draw(st.integers(0, 4)), draw(st.integers(1, 20))))
        for _move in range(draw(st.integers(0, 3))):
            tool.move(*_point(draw))
        command = tool.release(*_point(draw))
        if command:
            history.record(command)
        return
    history.do(_command(draw, kind, document, layer), document)


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
        layer.id, "Change", name=draw(st.sampled_from([None, "x"])), opacity=draw(st.sampled_from([None, 0.5]))
    )


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_undo_of_everything_is_the_start_and_redo_of_everything_the_end(data):
    document, history = painters.document(), History()
    start = painters.state(document)
    for _step_number in range(data.draw(st.integers(1, 8))):
        _step(data.draw, document, history)
    end = painters.state(document)
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
}


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


def test_what_the_command_says_it_changed():
    document = painters.document()
    layer = document.layers[0]
    assert commands.SetSeed(7).apply(document).synthesis
    assert commands.ChangeLayer(layer.id, "Rename", name="x").apply(document).layers
    assert commands.ChangeLayer(layer.id, "Rename", name="y").apply(document).labels.is_empty
    assert commands.AddLayer(LabelLayer.blank("new", 40, 32), 0).apply(document).labels.is_empty


def test_a_class_map_leaves_unpainted_pixels_unpainted():
    document = painters.document()
    unpainted = document.layers[0].labels == UNPAINTED
    commands.SetModel("other", painters.palette(2), 0, np.zeros(256, np.uint8)).apply(document)
    assert np.array_equal(document.layers[0].labels == UNPAINTED, unpainted)
    assert not document.layers[0].labels[~unpainted].any()


def test_a_smaller_palette_leaves_no_unknown_class():
    document = painters.document()
    command = commands.SetModel("other", painters.palette(2), 1)
    before = painters.state(document)
    command.apply(document)
    assert all(np.isin(layer.labels, [0, 1, UNPAINTED]).all() for layer in document.layers)
    command.revert(document)
    assert painters.state(document) == before


def test_size_counts_the_arrays_a_step_keeps():
    document = painters.document()
    remove = commands.RemoveLayer(document.layers[0].id)
    remove.apply(document)
    assert remove.size_bytes == 40 * 32
    assert COMMANDS["patch"](document).size_bytes == 2 * 5 * 7
