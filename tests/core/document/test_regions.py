import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.pixels.box import Box
from tests.core import painters


def _naive(document):
    """{key: set of pixels}, one pixel after the other."""
    found = {}
    for row in range(document.height):
        for column in range(document.width):
            shown = [layer for layer in reversed(document.layers) if layer.is_visible]
            owner = next((layer for layer in shown if layer.labels[row, column] != UNPAINTED), None)
            key = (
                RegionKey(owner.id, int(owner.labels[row, column]))
                if owner
                else RegionKey(BACKGROUND_LAYER, document.background)
            )
            found.setdefault(key, set()).add((row, column))
    return found


def _check(regions, document):
    naive = _naive(document)
    assert {region.key: region.area for region in regions.regions} == {key: len(found) for key, found in naive.items()}
    for key, pixels in naive.items():
        assert set(zip(*(axis.tolist() for axis in np.nonzero(regions.mask(key))), strict=True)) == pixels
        row, column = next(iter(pixels))
        assert regions.at(column, row) == key and regions.area(key) == len(pixels)
    middles = [np.mean([row for row, _column in naive[region.key]]) for region in regions.regions]
    assert middles == sorted(middles), "in the order of the picture"


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 99), st.integers(0, 4), st.data())
def test_every_pixel_belongs_to_the_layer_that_shows(seed, layers, data):
    document = painters.document(20, 17, layers, seed)
    document.background = 2
    for layer in document.layers:
        layer.is_visible = data.draw(st.booleans())
    regions = RegionMap(document)
    _check(regions, document)
    for _edit in range(3):
        if document.layers:
            layer = data.draw(st.sampled_from(document.layers))
            left, top = data.draw(st.integers(0, 15)), data.draw(st.integers(0, 15))
            box = Box(left, top, left + 4, top + 3)
            layer.labels[box.slices] = data.draw(st.sampled_from([0, 3, UNPAINTED]))
            regions.update(document, box)
    _check(regions, document)


def test_a_number_keeps_its_meaning_while_others_come_and_go():
    document = painters.blank(16, 16)
    regions = RegionMap(document)
    document.layers[0].labels[:4] = 1
    regions.update(document, document.bounds)
    number = regions.number(RegionKey(document.layers[0].id, 1))
    document.layers[0].labels[:4] = 3
    regions.update(document, document.bounds)
    document.layers[0].labels[8:] = 1
    regions.update(document, document.bounds)
    assert regions.number(RegionKey(document.layers[0].id, 1)) == number
    assert [region.key.label for region in regions.regions] == [3, 0, 1]


def test_a_region_that_is_nowhere():
    regions = RegionMap(painters.blank())
    nowhere = RegionKey(10**6, 3)
    assert regions.box(nowhere).is_empty and not regions.mask(nowhere).any() and regions.area(nowhere) == 0
    assert regions.at(-1, 0) is regions.at(0, 32) is None and regions.number(nowhere) is None


def test_another_size_is_numbered_anew():
    document = painters.blank()
    regions = RegionMap(document)
    document.width, document.layers[0].labels = 50, np.zeros((32, 50), np.uint8)
    regions.update(document, Box(0, 0, 2, 2))
    assert regions.ids_HW.shape == (32, 50) and regions.regions[0].area == 32 * 50


def test_five_hundred_regions():
    document = Document(250, 20, painters.palette(250), "outdoor")
    for start in (0, 10):
        labels = np.full((20, 250), UNPAINTED, np.uint8)
        labels[start : start + 10] = np.arange(250)
        document.layers.append(LabelLayer("stripes", labels))
    assert [region.area for region in RegionMap(document).regions] == [10] * 500


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 99), st.integers(0, 3))
def test_a_blank_map_that_follows_box_by_box_is_the_whole_one(seed, layers):
    document = painters.document(20, 17, layers, seed)
    regions = RegionMap(document, is_blank=True)
    assert [(each.key.layer_id, each.area) for each in regions.regions] == [(BACKGROUND_LAYER, 20 * 17)]
    for top in range(0, 17, 5):
        regions.update(document, Box(0, top, 20, top + 5))
    _check(regions, document)


def test_an_edit_looks_at_nothing_outside_its_box():
    document = painters.blank(64, 48)
    regions, box = RegionMap(document), Box(10, 20, 30, 33)
    before = regions.ids_HW.copy()
    document.layers[0].labels[:] = 3  # outside the box, too: nobody said so
    regions.update(document, box)
    inside = regions.mask(RegionKey(document.layers[0].id, 3))
    assert inside[box.slices].all() and inside.sum() == box.width * box.height
    assert np.array_equal(regions.ids_HW[~inside], before[~inside])


def test_a_rough_box_is_near_the_real_one_and_finds_what_the_sample_misses():
    document = painters.blank(2000, 40)
    layer = document.layers[0]
    layer.labels[:, 501:1203], layer.labels[17, 1501] = 1, 2
    regions = RegionMap(document)
    rough, real = (found(RegionKey(layer.id, 1)) for found in (regions.rough_box, regions.box))
    assert real == Box(501, 0, 1203, 40) and max(abs(a - b) for a, b in zip(rough, real, strict=True)) < 8
    assert regions.rough_box(RegionKey(layer.id, 2)) == Box(1501, 17, 1502, 18)
    layer.labels[:, 501:900] = 0
    regions.update(document, Box(501, 0, 900, 40))
    assert abs(regions.rough_box(RegionKey(layer.id, 1)).left - 900) < 8
