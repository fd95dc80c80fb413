import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import Lock, locked_mask
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.selection import select_box
from oasis_studio.core.history import commands
from oasis_studio.core.history.document_commands import (
    CropDocument,
    ScaleDocument,
    SetNotes,
    SetReference,
    TakeSnapshot,
)
from oasis_studio.core.history.style_commands import SetLocks
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.tools import cleanup, layer_steps
from oasis_studio.core.tools.transform import Placement, transform
from tests.core import painters

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
    seed = commands.SetSeed(7).apply(document)
    assert seed.seed and not seed.model and seed.restyles, "another seed is no other model"
    model = commands.SetModel("other", document.palette, 0).apply(document)
    assert model.model and not model.seed and model.restyles
    assert commands.ChangeLayer(layer.id, "Rename", name="x").apply(document).layers
    assert commands.ChangeLayer(layer.id, "Rename", name="y").apply(document).labels.is_empty
    assert commands.AddLayer(LabelLayer.blank("new", 40, 32), 0).apply(document).labels.is_empty
    assert SetReference(None).apply(document).reference and TakeSnapshot("a").apply(document).notes
    both = commands.Together("both", (SetNotes("x"), commands.SetSeed(3))).apply(document)
    assert both.notes and both.seed and not both.model and not both.size and both.labels.is_empty


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
