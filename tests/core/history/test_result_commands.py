import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import NO_TRAIL, OwnSeed, RegionStyle
from oasis_studio.core.files.projects.results import open_scene, pack_scene
from oasis_studio.core.history.commands import ChangeLayer, MoveLayer, SetModel
from oasis_studio.core.history.document_commands import TakeSnapshot
from oasis_studio.core.history.result_commands import ChangeResults, RemoveResults, RestoreScene, restore_styles
from oasis_studio.core.history.style_commands import SetLocks, SetStyles
from tests.core import painters


def styled():
    """Two layers with styles, a lock and a seed of 7."""
    document = painters.document(seed=7)
    regions = RegionMap(document)
    keys = [region.key for region in regions.regions][:3]
    SetStyles({key: RegionStyle(OwnSeed(100 + place)) for place, key in enumerate(keys)}).apply(document)
    SetStyles({WHOLE_IMAGE: RegionStyle(strength=0.5)}).apply(document)
    SetLocks({keys[0]: Lock.of(regions.mask(keys[0]), painters.photo(40, 32), 4)}).apply(document)
    return document


def unlocked():
    """The same without its lock."""
    document = styled()
    SetLocks(dict.fromkeys(document.locks)).apply(document)
    return document


def test_a_scene_comes_back_in_a_drawing_of_another_size_with_other_classes():
    document = styled()
    result = painters.kept(document)
    flat = document.flatten()
    other = painters.document(60, 20, layers=3)
    other.notes, other.background = "mine", 3
    TakeSnapshot("kept").apply(other)
    SetModel("other", painters.palette(2), 1).apply(other)
    before = painters.state(other)
    command = RestoreScene.of(other, open_scene(result))
    change = command.apply(other)
    assert change.size and change.seed and change.model and change.styles and change.locks and change.layers
    assert np.array_equal(other.flatten(), flat) and (other.model, other.seed) == ("outdoor", 7)
    assert pack_scene(other) == result.scene, "everything that makes the photo"
    assert other.notes == "mine" and other.snapshots[0].labels_HW.shape == (32, 40)
    command.revert(other)
    assert painters.state(other) == before


def test_what_has_no_style_in_the_scene_has_none_afterwards():
    document = painters.document()
    result = painters.kept(document)
    SetStyles({WHOLE_IMAGE: RegionStyle(OwnSeed(5)), RegionKey(BACKGROUND_LAYER, 0): RegionStyle(OwnSeed(6))}).apply(
        document
    )
    key = RegionMap(document).regions[0].key
    SetLocks({key: Lock.of(RegionMap(document).mask(key), painters.photo(40, 32))}).apply(document)
    RestoreScene.of(document, open_scene(result)).apply(document)
    assert pack_scene(document) == result.scene and not document.locks


def test_a_locked_region_keeps_its_style():
    document = styled()
    scene = open_scene(painters.kept(document))
    (locked,) = document.locks
    mine = RegionStyle(OwnSeed(9))
    SetStyles({locked: mine}).apply(document)
    restore_styles(document, RegionMap(document), scene).apply(document)
    assert document.styles[locked].style == mine


def test_styles_go_to_the_regions_that_are_still_there():
    document = unlocked()
    scene = open_scene(painters.kept(document))
    wanted = {key: trail.style for key, trail in document.styles.items()}
    labels = document.flatten()
    MoveLayer(document.layers[0].id, 1).apply(document)
    new = LabelLayer.blank("new", 40, 32)
    new.labels[:9] = 4
    document.layers.append(new)
    mine = RegionStyle(OwnSeed(9))
    SetStyles({**dict.fromkeys(wanted, RegionStyle()), RegionKey(new.id, 4): mine}).apply(document)
    document.seed = 1
    before = document.flatten()
    command = restore_styles(document, RegionMap(document), scene)
    command.apply(document)
    there = {region.key for region in RegionMap(document).regions}
    assert document.seed == 7 and np.array_equal(document.flatten(), before) and (before != labels).any()
    for key, style in wanted.items():
        if key in there or key == WHOLE_IMAGE:
            assert document.styles[key].style == style, "layers are told by their names, not by their places"
    assert document.styles[RegionKey(new.id, 4)].style == mine, "the scene does not know it"
    command.revert(document)
    assert document.styles[WHOLE_IMAGE].style == RegionStyle() and document.seed == 1


def test_a_layer_that_was_renamed_is_told_by_its_place():
    document = unlocked()
    scene = open_scene(painters.kept(document))
    for layer in document.layers:
        ChangeLayer(layer.id, "Rename", name=f"other {layer.name}").apply(document)
    wanted = {key: trail.style for key, trail in document.styles.items()}
    SetStyles(dict.fromkeys(wanted, RegionStyle())).apply(document)
    restore_styles(document, RegionMap(document), scene).apply(document)
    assert {key: document.styles.get(key, NO_TRAIL).style for key in wanted} == wanted


def test_stars_and_names_change_nothing_else_and_deleting_is_taken_back():
    document = painters.document()
    document.results = tuple(painters.kept(document, seed) for seed in range(3))
    first, second, third = document.results
    star = ChangeResults(frozenset({first.id, third.id}), "Star", is_starred=True)
    assert star.apply(document).results and star.size_bytes == 0
    assert [each.is_starred for each in document.results] == [True, False, True]
    assert document.results[0].photo is first.photo and document.results[1] is second
    remove = RemoveResults(frozenset({second.id}))
    remove.apply(document)
    assert remove.size_bytes == second.nbytes and len(document.results) == 2
    remove.revert(document)
    assert document.results[1] is second
    star.revert(document)
    assert document.results == (first, second, third)


def test_scenes_hold_what_is_hidden_and_unpainted():
    document = painters.document(layers=3)
    document.layers[2].is_visible, document.layers[2].group = False, "far"
    scene = open_scene(painters.kept(document))
    assert [layer.is_visible for layer in scene.layers] == [True, True, False] and scene.layers[2].group == "far"
    assert (scene.layers[2].labels == UNPAINTED).any()
    assert np.array_equal(scene.layers[2].labels, document.layers[2].labels)
