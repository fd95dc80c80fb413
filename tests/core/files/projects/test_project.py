import io
import json
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.document.layer import ColorTag
from oasis_studio.core.document.lock import Lock, locked_mask
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.reference import Blend, Reference
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.files.pictures import png
from oasis_studio.core.files.projects.project import is_project, read_project, write_project
from oasis_studio.core.history.document_commands import TakeSnapshot
from oasis_studio.core.history.style_commands import SetLocks, SetStyles
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from tests.core import painters
from tests.core.drawn_styles import styles
from tests.core.files.small_projects import image_of, repacked, without_ids


@st.composite
def _documents(draw):
    width, height = draw(st.integers(16, 48)), draw(st.integers(16, 48))
    document = painters.document(width, height, draw(st.integers(0, 4)), draw(st.integers(0, 99)))
    document.background = draw(st.integers(0, 4))
    document.seed = draw(st.integers(0, MAX_SEED))
    document.model = draw(st.text(max_size=8))
    for layer in document.layers:
        layer.name = draw(st.text(max_size=12))
        layer.is_visible, layer.is_locked = draw(st.booleans()), draw(st.booleans())
        layer.opacity = draw(st.floats(0, 1))
        layer.group, layer.color_tag = draw(st.sampled_from(["", "far", "near"])), draw(st.sampled_from(ColorTag))
    for name in draw(st.lists(st.text(max_size=5), max_size=2)):
        TakeSnapshot(name).apply(document)
    document.notes = draw(st.text(max_size=20))
    xs, ys = (draw(st.sets(st.integers(0, side), max_size=3)) for side in (width, height))
    document.guides = Guides(tuple(sorted(xs)), tuple(sorted(ys)))
    if draw(st.booleans()):
        left, top = draw(st.integers(-50, 50)), draw(st.integers(-50, 50))
        box = Box(left, top, left + draw(st.integers(1, 99)), top + draw(st.integers(1, 99)))
        document.reference = Reference(painters.photo(), box, draw(st.floats(0, 1)), draw(st.booleans()))
        document.reference = replace(document.reference, blend=draw(st.sampled_from(Blend)))
    keys = [*(region.key for region in RegionMap(document).regions), WHOLE_IMAGE, RegionKey(0, 3)]
    for key in draw(st.lists(st.sampled_from(keys), max_size=4)):
        SetStyles({key: draw(styles())}).apply(document)
    for key in draw(st.lists(st.sampled_from(keys[:-2] or [WHOLE_IMAGE]), max_size=2)):
        SetLocks({key: Lock.of(RegionMap(document).mask(key), image_of(document), draw(st.integers(0, 32)))}).apply(
            document
        )
    results = [painters.kept(document, seed, is_lossless=bool(seed)) for seed in range(draw(st.integers(0, 2)))]
    document.results = tuple(replace(each, name=draw(st.text(max_size=5))) for each in results)
    return document


@settings(deadline=None, max_examples=25)
@given(_documents(), st.booleans())
def test_everything_written_is_read_back(tmp_path_factory, document, has_image):
    path = tmp_path_factory.mktemp("projects") / "scene.oasis"
    image = image_of(document) if has_image else None
    write_project(path, document, image, "ab" * 32)
    project = read_project(path)
    assert without_ids(project.document) == without_ids(document)
    assert (project.image_HW3 is not None) == has_image
    if image is not None:
        assert np.array_equal(project.image_HW3, image)
    project_again = path.with_name("again.oasis")
    write_project(project_again, project.document, project.image_HW3, "ab" * 32)
    assert project_again.read_bytes() == path.read_bytes()


def test_layers_of_an_opened_project_can_be_painted_and_have_ids_of_their_own(saved):
    one, two = read_project(saved).document, read_project(saved).document
    one.layers[0].labels[3, 3] = 1
    ids = [layer.id for document in (one, two) for layer in document.layers]
    assert len(set(ids)) == len(ids)


def test_it_is_an_openraster_file(tmp_path):
    document = painters.document(300, 400, layers=3)
    document.layers[0].name = "far & “wide”\x00"
    document.layers[1].labels[:50] = document.layers[1].labels[:, :20] = UNPAINTED
    document.layers[2].labels[:] = UNPAINTED
    document.layers[1].is_visible, document.layers[1].opacity, document.layers[2].is_locked = False, 0.5, True
    image = image_of(document)
    path = tmp_path / "scene.ora"
    write_project(path, document, image)
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.header_offset) == ("mimetype", zipfile.ZIP_STORED, 0)
        assert archive.read(first) == b"image/openraster"
        root = ElementTree.fromstring(archive.read("stack.xml"))
        assert (root.get("w"), root.get("h")) == ("300", "400")
        rows = root.findall("stack/layer")
        assert [row.get("name") for row in rows] == ["layer 2", "layer 1", "far & “wide”"]
        assert [row.get("visibility") for row in rows] == ["visible", "hidden", "visible"]
        assert [row.get("opacity") for row in rows] == ["1", "0.5", "1"]
        for row, layer in zip(rows, reversed(document.layers), strict=True):
            part = np.asarray(Image.open(io.BytesIO(archive.read(row.get("src", "")))).convert("RGBA"))
            x, y = int(row.get("x")), int(row.get("y"))
            assert part.shape == ((350, 280, 4) if layer.name == "layer 1" else part.shape)
            seen = np.zeros((400, 300, 4), np.uint8)
            seen[y : y + part.shape[0], x : x + part.shape[1]] = part
            painted = layer.labels != UNPAINTED
            assert np.array_equal(seen[..., 3], painted * 255)
            assert np.array_equal(seen[painted][:, :3], document.palette.colors[layer.labels[painted]])
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read("mergedimage.png")))), image)
        assert Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png"))).size == (192, 256)


def test_without_a_photo_the_merged_image_shows_the_label_map(saved):
    document = read_project(saved).document
    with zipfile.ZipFile(saved) as archive:
        merged = np.asarray(Image.open(io.BytesIO(archive.read("mergedimage.png"))).convert("RGB"))
    assert np.array_equal(merged, document.palette.colors[document.flatten()])


def test_a_failed_save_keeps_the_old_project(saved, monkeypatch):
    def fail(*_args):
        raise OSError(28, "No space left on device")

    before = saved.read_bytes()
    monkeypatch.setattr(png, "encode_labels", fail)
    with pytest.raises(StudioError, match="disk is full"):
        write_project(saved, painters.document(seed=5))
    assert saved.read_bytes() == before and list(saved.parent.iterdir()) == [saved]


def test_an_image_of_another_size_is_a_fault_of_the_program(tmp_path):
    with pytest.raises(ValueError, match="shape"):
        write_project(tmp_path / "a.oasis", painters.document(), np.zeros((3, 3, 3), np.uint8))


def test_a_project_of_version_1_opens_with_everything_it_had(saved):
    def as_in_version_1(data):
        data["version"] = 1
        for key in ("reference", "snapshots", "notes", "styles", "locks"):
            del data[key]
        for layer in data["layers"]:
            del layer["group"], layer["color_tag"]

    repacked(saved, {"oasis/document.json": as_in_version_1})
    assert without_ids(read_project(saved).document) == without_ids(painters.document())


def test_a_project_of_version_2_has_plain_regions(saved):
    def as_in_version_2(data):
        data["version"] = 2
        del data["styles"], data["locks"]

    repacked(saved, {"oasis/document.json": as_in_version_2})
    assert without_ids(read_project(saved).document) == without_ids(painters.document())


def test_a_file_says_the_oldest_version_that_reads_it_whole(tmp_path, saved):
    document = painters.document()
    document.guides = Guides((), (0, 17))
    write_project(tmp_path / "guided.oasis", document)
    for path, version in ((saved, 3), (tmp_path / "guided.oasis", 5)):
        with zipfile.ZipFile(path) as archive:
            assert json.loads(archive.read("oasis/document.json"))["version"] == version
    assert read_project(tmp_path / "guided.oasis").document.guides == document.guides


def test_regions_of_removed_layers_are_not_saved(tmp_path):
    document, path = painters.document(), tmp_path / "scene.oasis"
    SetStyles({RegionKey(10**6, 1): RegionStyle(OwnSeed(4)), RegionKey(0, 0): RegionStyle(OwnSeed(5))}).apply(document)
    write_project(path, document)
    assert [trail.style.source for trail in read_project(path).document.styles.values()] == [OwnSeed(5)]


def test_locks_outlive_their_layers(tmp_path):
    """What is locked on the screen is locked in the file: under the background, together with what that has."""
    document, path = painters.document(), tmp_path / "scene.oasis"
    masks = [np.zeros((32, 40), bool) for _lock in range(3)]
    for number, mask in enumerate(masks):
        mask[8 * number : 8 * number + 6, 3:30] = True
    keys = RegionKey(10**6, 1), RegionKey(10**6 + 1, 1), RegionKey(0, 1)
    locks = {key: Lock.of(mask, image_of(document), 2) for key, mask in zip(keys, masks, strict=True)}
    SetLocks(locks).apply(document)
    write_project(path, document)
    (key, lock), *others = read_project(path).document.locks.items()
    assert key == RegionKey(0, 1) and not others and lock.is_intact and lock.holds(image_of(document))
    assert np.array_equal(locked_mask([lock], 32, 40), np.logical_or.reduce(masks))


def test_groups_are_nested_for_other_programs(tmp_path):
    document = painters.document(layers=5)
    for layer, group in zip(document.layers, ["", "far", "far", "", "near"], strict=True):
        layer.group = group
    write_project(tmp_path / "scene.ora", document)
    with zipfile.ZipFile(tmp_path / "scene.ora") as archive:
        stack = ElementTree.fromstring(archive.read("stack.xml"))[0]
    assert [(row.tag, row.get("name"), len(row)) for row in stack] == [
        ("stack", "near", 1),
        ("layer", "layer 3", 0),
        ("stack", "far", 2),
        ("layer", "layer 0", 0),
    ]


def test_what_is_a_project(saved, tmp_path):
    assert is_project(saved)
    assert not is_project(repacked(saved, {"oasis/document.json": None}))
    with pytest.raises(StudioError):
        is_project(tmp_path / "none.oasis")
