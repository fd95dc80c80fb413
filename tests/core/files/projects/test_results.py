"""Kept photos: packed, in project files, and damaged there."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.files.projects import results
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.files.projects.results import digest_of, made_result, open_photo, open_scene, pack_scene
from oasis_studio.core.history.document_commands import SetNotes, TakeSnapshot
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.errors import StudioError
from tests.core import painters
from tests.core.files.small_projects import repacked

LIST = "oasis/results.json"


@pytest.fixture
def document():
    found = painters.document()
    found.results = (painters.kept(found), painters.kept(found, 1, is_lossless=True, is_automatic=True))
    return found


@pytest.fixture
def kept(tmp_path, document):
    path = tmp_path / "scene.oasis"
    write_project(path, document)
    return path


def smooth(width=300, height=200):
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 255 // width, y * 255 // height, (x + y) % 256]).astype(np.uint8)


def test_the_photo_is_kept_well_or_exactly():
    document = painters.document(300, 200)
    image = smooth()
    small, exact = (made_result(document, image, "Outdoor", "", 5, is_lossless) for is_lossless in (False, True))
    assert not small.is_lossless and exact.is_lossless
    assert np.array_equal(open_photo(exact), image)
    assert np.abs(open_photo(small).astype(int) - image).mean() < 2
    assert small.digest == exact.digest == digest_of(image) != digest_of(image[::-1])
    for result in (small, exact):
        assert open_photo(result, 96).shape == (64, 96, 3)
        assert (result.width, result.height, result.seed, result.made_at) == (300, 200, 0, 5)


def test_the_classes_are_named_from_the_largest_to_the_smallest():
    document = painters.document(layers=0)
    document.layers = painters.document(layers=1).layers
    document.layers[0].labels[:] = 255
    document.layers[0].labels[:4] = 3
    document.layers[0].labels[4, :2] = 1
    assert painters.kept(document).classes == ("class 0", "class 3", "class 1")


def test_a_scene_is_what_makes_the_photo_and_nothing_else(document):
    packed = pack_scene(document)
    SetNotes("x").apply(document)
    TakeSnapshot("a").apply(document)
    SetStyles({WHOLE_IMAGE: RegionStyle(OwnSeed(2))}).apply(document)
    SetStyles({WHOLE_IMAGE: RegionStyle()}).apply(document)
    assert pack_scene(document) == packed
    SetStyles({WHOLE_IMAGE: RegionStyle(OwnSeed(2))}).apply(document)
    scene = open_scene(painters.kept(document))
    assert not scene.results and not scene.snapshots and not scene.notes
    assert scene.styles[WHOLE_IMAGE].styles == (RegionStyle(OwnSeed(2)),)


def test_a_file_without_results_is_one_of_version_3(tmp_path, kept):
    write_project(tmp_path / "plain.oasis", painters.document())
    for path, version in ((tmp_path / "plain.oasis", 3), (kept, 4)):
        with zipfile.ZipFile(path) as archive:
            assert json.loads(archive.read("oasis/document.json"))["version"] == version
            assert (LIST in archive.namelist()) == (version == 4)


def test_results_are_read_back_with_new_ids_in_their_order(kept, document):
    found = read_project(kept)
    again = read_project(kept).document.results
    assert not found.skipped and painters.state(found.document)[0] == painters.state(document)[0]
    ids = [each.id for each in (*found.document.results, *again)]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.pop("seed"),
        lambda entry: entry.update(seed=-1),
        lambda entry: entry.update(is_starred="yes"),
        lambda entry: entry.update(photo="../../secret.jpg"),
        lambda entry: entry.update(photo="oasis/result-9.jpg"),
        lambda entry: entry.update(scene="oasis/result-0.jpg"),
        lambda entry: entry.update(width=41),
        lambda entry: entry.update(classes=[3]),
        lambda entry: entry.update(model="outdoor"),
        lambda entry: entry.update(made_at=float("nan")),
        lambda entry: entry.clear(),
    ],
)
def test_a_damaged_result_is_left_out_and_everything_else_opens(kept, document, change):
    repacked(kept, {LIST: lambda data: change(data["results"][0])})
    found = read_project(kept)
    assert [each.photo for each in found.document.results] == [document.results[1].photo]
    assert found.skipped == "1 kept photo in scene.oasis is damaged and was left out."
    assert np.array_equal(found.document.flatten(), document.flatten())


@pytest.mark.parametrize("entry", ["oasis/result-1.png", "oasis/result-1.oasis"])
@pytest.mark.parametrize("data", [None, b"", b"no picture and no drawing", painters.png_without_pixels(9000, 9000)])
def test_a_result_whose_files_are_damaged_is_left_out(kept, document, entry, data):
    found = read_project(repacked(kept, {entry: data}))
    assert [each.photo for each in found.document.results] == [document.results[0].photo] and "1 kept" in found.skipped


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b'{"results": 3}', b'{"results": {}}', b"[" * 100_000])
def test_a_damaged_list_loses_the_results_alone(kept, document, text):
    found = read_project(repacked(kept, {LIST: text}))
    assert not found.document.results and found.skipped.startswith("The kept photos in scene.oasis")
    assert np.array_equal(found.document.flatten(), document.flatten())


def test_a_flipped_byte_in_a_photo_is_noticed(kept, document):
    whole = kept.read_bytes()
    at = whole.index(document.results[0].photo) + 300
    kept.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    found = read_project(kept)
    assert len(found.document.results) == 1 and found.skipped


def test_more_bytes_than_may_be_are_left_out(kept, document, monkeypatch):
    monkeypatch.setattr(results, "_MAX_BYTES", document.results[0].nbytes)
    assert len(read_project(kept).document.results) == 1


def test_a_damaged_scene_and_a_damaged_photo_are_told_when_they_are_opened(document):
    result = document.results[0]
    broken = result.scene.replace(b"\x89PNG", b"\x88PNG", 1)
    for damaged in (b"x", result.scene[:-9], broken):
        with pytest.raises(StudioError, match="The drawing that belongs to this photo is damaged"):
            open_scene(replace(result, scene=damaged))
    for damaged in (b"", b"x" * 200, result.photo[:200]):
        with pytest.raises(StudioError, match="The kept photo"):
            open_photo(replace(result, photo=damaged))
