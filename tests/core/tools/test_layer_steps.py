import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import ColorTag, LabelLayer
from oasis_studio.core.document.lock import Lock, locked_mask
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.selection import Selection, select_all
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.history.history import History
from oasis_studio.core.history.style_commands import SetLocks, SetStyles
from oasis_studio.core.tools import layer_steps
from oasis_studio.errors import StudioError
from tests.core import painters


@given(st.integers(0, 99), st.integers(1, 2))
def test_merging_down_and_flattening_keep_the_label_map(seed, index):
    document = painters.document(layers=3, seed=seed)
    seen, names = document.flatten(), [layer.name for layer in document.layers]
    layer_steps.merge_down(document, document.layers[index].id).apply(document)
    assert np.array_equal(document.flatten(), seen)
    del names[index]
    assert [layer.name for layer in document.layers] == names
    flat = layer_steps.flatten(document)
    assert flat is not None
    flat.apply(document)
    document.background = 4
    merged = document.layers[0].labels
    assert len(document.layers) == 1 and np.array_equal(merged[merged != UNPAINTED], seen[merged != UNPAINTED])
    assert (merged == UNPAINTED).any() and layer_steps.flatten(document) is None


def test_hidden_layers_survive_flattening():
    document = painters.document(layers=4)
    document.layers[1].is_visible = False
    hidden, seen = document.layers[1].labels.copy(), document.flatten()
    layer_steps.flatten(document).apply(document)
    assert [layer.name for layer in document.layers] == ["layer 0", "layer 1"]
    assert np.array_equal(document.layers[1].labels, hidden) and np.array_equal(document.flatten(), seen)


def test_what_cannot_be_merged_says_why():
    document = painters.document(layers=3)
    with pytest.raises(StudioError, match="no layer below “layer 0”"):
        layer_steps.merge_down(document, document.layers[0].id)
    document.layers[1].is_locked = True
    for action in (
        lambda: layer_steps.merge_down(document, document.layers[1].id),
        lambda: layer_steps.merge_down(document, document.layers[2].id),
        lambda: layer_steps.flatten(document),
        lambda: layer_steps.lift(document, document.layers[1].id, select_all(40, 32), "x"),
    ):
        with pytest.raises(StudioError, match="“layer 1” is locked"):
            action()


@pytest.mark.parametrize("cuts", [True, False])
def test_lifting_makes_a_layer_of_the_chosen_pixels(cuts):
    document, mask = painters.document(), np.zeros((32, 40), bool)
    mask[4:20, 6:30] = True
    old, seen = document.layers[0].labels.copy(), document.flatten()
    command = layer_steps.lift(document, document.layers[0].id, Selection(mask), "part", cuts)
    command.apply(document)
    assert [layer.name for layer in document.layers] == ["layer 0", "part", "layer 1"]
    assert np.array_equal(document.layers[1].labels, np.where(mask, old, UNPAINTED))
    assert np.array_equal(document.layers[0].labels, np.where(mask, UNPAINTED, old) if cuts else old)
    assert np.array_equal(document.flatten(), seen)
    mask[:] = old == UNPAINTED
    assert layer_steps.lift(document, document.layers[0].id, Selection(mask), "none") is None


def test_a_duplicate_is_a_layer_of_its_own():
    document = painters.document()
    document.layers[0].color_tag, document.layers[0].group = ColorTag.RED, "far"
    layer_steps.duplicate(document, document.layers[0].id).apply(document)
    copy = document.layers[1]
    assert (copy.name, copy.color_tag, copy.group) == ("layer 0 copy", ColorTag.RED, "far")
    copy.labels[:] = 3
    assert not (document.layers[0].labels == 3).all() and copy.id != document.layers[0].id


@settings(deadline=None)
@given(st.sets(st.integers(0, 5), min_size=1))
def test_grouping_brings_layers_together_below_the_highest(chosen):
    document = painters.document(layers=6)
    ids = [layer.id for layer in document.layers]
    layer_steps.group(document, [ids[i] for i in chosen], "far").apply(document)
    found = [ids.index(layer.id) for layer in document.layers]
    expected = [i for i in range(6) if i not in chosen]
    place = sum(i < max(chosen) for i in expected)
    assert found == expected[:place] + sorted(chosen) + expected[place:]
    assert [layer.group for layer in document.layers] == ["far" if i in chosen else "" for i in found]


def test_a_group_is_shown_locked_and_dissolved_as_one():
    document, history = painters.document(layers=3), History()
    ids = [layer.id for layer in document.layers]
    assert layer_steps.group(document, [], "x") is None and layer_steps.ungroup(document, "x") is None
    history.do(layer_steps.group(document, ids[:2], "far"), document)
    history.do(layer_steps.change_group(document, "far", "Hide group", is_visible=False), document)
    assert [layer.is_visible for layer in document.layers] == [False, False, True]
    history.do(layer_steps.ungroup(document, "far"), document)
    assert not any(layer.group for layer in document.layers)
    assert history.titles == ["Group layers", "Hide group", "Ungroup layers"]


# -- styles and locks of what is copied or becomes one --------------------------------------------------------------


@pytest.fixture
def styled():
    """Class 1 on two layers, the lower part the larger; both have styles and locks. The document and its photo."""
    document, photo = painters.blank(60, 32), painters.photo(60, 32)
    document.layers.append(LabelLayer.blank("b", 60, 32))
    document.layers[0].labels[:, 5:40], document.layers[1].labels[:, 30:50] = 1, 1
    document.layers[1].labels[:, 50:55] = 2
    lower, upper, other = (RegionKey(document.layers[n].id, label) for n, label in ((0, 1), (1, 1), (1, 2)))
    SetStyles({lower: RegionStyle(OwnSeed(5)), upper: RegionStyle(OwnSeed(6))}).apply(document)
    SetStyles({other: RegionStyle(OwnSeed(7))}).apply(document)
    regions = RegionMap(document)
    SetLocks({key: Lock.of(regions.mask(key), photo, 4) for key in (lower, upper)}).apply(document)
    return document, photo


def locked(document):
    return locked_mask(document.locks.values(), document.height, document.width)


@pytest.mark.parametrize(
    "step", [lambda document: layer_steps.merge_down(document, document.layers[1].id), layer_steps.flatten]
)
def test_layers_that_become_one_hand_over_styles_and_locks(styled, step):
    document, photo = styled
    before, kept, history = painters.state(document), locked(document), History()
    history.do(step(document), document)
    (layer,) = document.layers
    assert document.styles[RegionKey(layer.id, 1)].style.source == OwnSeed(5), "that of the larger"
    assert document.styles[RegionKey(layer.id, 2)].style.source == OwnSeed(7)
    (lock,) = document.locks.values()
    assert document.locks == {RegionKey(layer.id, 1): lock} and lock.is_intact and lock.holds(photo)
    assert np.array_equal(locked(document), kept)
    history.undo(document)
    assert painters.state(document) == before


def test_the_copy_of_a_layer_has_its_styles_and_takes_its_locks(styled):
    document, photo = styled
    history, before, old = History(), painters.state(document), document.layers[1].id
    history.do(layer_steps.duplicate(document, old), document)
    copy = document.layers[2]
    assert document.styles[RegionKey(copy.id, 1)].style.source == OwnSeed(6)
    assert RegionKey(old, 1) not in document.locks and document.locks[RegionKey(copy.id, 1)].holds(photo)
    history.undo(document)
    document.layers[1].is_visible = False
    layer_steps.duplicate(document, old).apply(document)
    assert not document.layers[2].is_visible and RegionKey(old, 1) in document.locks, "nobody sees the copy"
    document.layers.pop(2)
    document.layers[1].is_visible = True
    assert painters.state(document)[1] == before[1]


def test_plain_layers_hand_over_nothing():
    document = painters.document(layers=3)
    layer_steps.merge_down(document, document.layers[1].id).apply(document)
    layer_steps.flatten(document).apply(document)
    assert not document.styles and not document.locks
