import numpy as np
import pytest

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.lock import Lock, locked_mask
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.history.history import History
from oasis_studio.core.history.style_commands import SetLocks, SetStyles
from oasis_studio.core.tools import region_steps
from oasis_studio.errors import StudioError
from tests.core import painters


@pytest.fixture
def islands():
    """Three parts of class 1 on one layer, the middle one the largest, with a style; and its key."""
    document = painters.blank(60, 32)
    for left, right in ((2, 10), (15, 40), (45, 50)):
        document.layers[0].labels[5:20, left:right] = 1
    key = RegionKey(document.layers[0].id, 1)
    SetStyles({key: RegionStyle(OwnSeed(5))}).apply(document)
    return document, key


def test_every_part_becomes_a_layer_with_the_style_and_undo_brings_it_back(islands):
    document, key = islands
    before, flat, history = painters.state(document), document.flatten(), History()
    history.do(region_steps.split(document, RegionMap(document), key), document)
    assert len(document.layers) == 3 and np.array_equal(document.flatten(), flat)
    regions = [region for region in RegionMap(document).regions if region.key.label == 1]
    assert sorted(region.area for region in regions) == [15 * 5, 15 * 8, 15 * 25]
    assert all(document.styles[region.key].style.source == OwnSeed(5) for region in regions)
    history.undo(document)
    assert painters.state(document) == before


def test_two_regions_of_one_layer_are_split_in_one_step(islands):
    document, key = islands
    layer = document.layers[0]
    layer.labels[22:30, 2:10] = layer.labels[22:30, 30:40] = 2
    layer.labels[12:14, 20:24] = 2  # inside the box that the other one changes
    other = RegionKey(layer.id, 2)
    before, flat, history = painters.state(document), document.flatten(), History()
    history.do(region_steps.split(document, RegionMap(document), key, other), document)
    assert history.undo_count == 1 and np.array_equal(document.flatten(), flat)
    areas = {label: sorted(r.area for r in RegionMap(document).regions if r.key.label == label) for label in (1, 2)}
    assert len(areas[1]) == 3 and areas[2] == [8, 64, 80]
    assert len({layer.id for layer in document.layers}) == len(document.layers) == 5
    history.undo(document)
    assert painters.state(document) == before
    history.redo(document)
    assert np.array_equal(document.flatten(), flat)


def test_a_region_in_one_piece_does_not_keep_others_from_being_split(islands):
    document, key = islands
    document.layers[0].labels[22:30, 2:10] = 2
    whole = RegionKey(document.layers[0].id, 2)
    command = region_steps.split(document, RegionMap(document), whole, key)
    command.apply(document)
    assert len(document.layers) == 3
    with pytest.raises(StudioError, match="one piece"):
        region_steps.split(document, RegionMap(document), whole)


def test_parts_are_joined_again(islands):
    document, key = islands
    flat = document.flatten()
    region_steps.split(document, RegionMap(document), key).apply(document)
    keys = [region.key for region in RegionMap(document).regions if region.key.label == 1]
    region_steps.join(document, RegionMap(document), keys).apply(document)
    regions = [region for region in RegionMap(document).regions if region.key.label == 1]
    assert len(regions) == 1 and len(document.layers) == 1 and np.array_equal(document.flatten(), flat)
    assert document.styles[regions[0].key].style.source == OwnSeed(5)


def test_joined_parts_stay_locked(islands):
    document, key = islands
    region_steps.split(document, RegionMap(document), key).apply(document)
    regions, photo = RegionMap(document), painters.photo(60, 32)
    keys = [region.key for region in regions.regions if region.key.label == 1]
    SetLocks({each: Lock.of(regions.mask(each), photo) for each in keys[:2]}).apply(document)
    kept = locked_mask(document.locks.values(), 32, 60)
    region_steps.join(document, regions, keys).apply(document)
    (lock,) = document.locks.values()
    assert lock.holds(photo) and np.array_equal(locked_mask([lock], 32, 60), kept)
    assert [region.key for region in RegionMap(document).regions if region.key in document.locks]


def test_a_stroke_cuts_a_region_and_loses_no_pixel(islands):
    document, key = islands
    flat = document.flatten()
    history = History()
    history.do(region_steps.cut(document, RegionMap(document), key, [(25.0, 0.0), (30.0, 31.0)]), document)
    regions = [region for region in RegionMap(document).regions if region.key.label == 1]
    assert sum(region.area for region in regions) == 15 * 38 and np.array_equal(document.flatten(), flat)
    assert len(regions) == 2 and len(document.layers) == 2, "islands that the stroke does not divide stay together"
    history.undo(document)
    assert len(document.layers) == 1


def test_what_cannot_be_divided_says_so(islands):
    document, key = islands
    regions = RegionMap(document)
    with pytest.raises(StudioError, match="does not divide"):
        region_steps.cut(document, regions, key, [(20.0, 8.0), (25.0, 12.0)])
    document.layers[0].is_locked = True
    with pytest.raises(StudioError, match="locked"):
        region_steps.split(document, regions, key)
    with pytest.raises(StudioError, match="one piece"):
        region_steps.split(document, regions, RegionKey(BACKGROUND_LAYER, 0))


def test_the_background_can_be_cut(islands):
    document, _key = islands
    key = RegionKey(BACKGROUND_LAYER, 0)
    region_steps.cut(document, RegionMap(document), key, [(-1.0, 26.0), (61.0, 26.0)]).apply(document)
    assert (document.flatten()[31] == 0).all() and document.layers[0].labels[31, 0] == 0
    assert RegionMap(document).area(RegionKey(document.layers[0].id, 0)) > 200


def test_joining_takes_two_of_one_class(islands):
    document, key = islands
    regions = RegionMap(document)
    with pytest.raises(StudioError, match="two regions"):
        region_steps.join(document, regions, [key])
    with pytest.raises(StudioError, match="one class"):
        region_steps.join(document, regions, [key, RegionKey(BACKGROUND_LAYER, 0)])


def test_very_many_specks_make_no_more_layers_than_allowed():
    document = painters.blank(200, 200)
    document.layers[0].labels[::3, ::3] = 1
    document.layers[0].labels[100:110, 100:110] = 1
    flat = document.flatten()
    key = RegionKey(document.layers[0].id, 1)
    region_steps.split(document, RegionMap(document), key).apply(document)
    assert len(document.layers) == region_steps.MOST_PARTS and np.array_equal(document.flatten(), flat)
    assert (document.layers[0].labels != UNPAINTED).sum() > 4000
