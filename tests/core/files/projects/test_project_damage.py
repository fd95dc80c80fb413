"""Projects that are damaged, or from somewhere else: one sentence each, and nothing is unpacked that is too large."""

import zipfile

import numpy as np
import pytest

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import Brushed, Origin, OwnSeed, Paint, RegionStyle, StoredVector
from oasis_studio.core.files.pictures import png
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.history.style_commands import SetLocks, SetStyles
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from tests.core import painters
from tests.core.files.small_projects import image_of, repacked


def test_a_file_that_is_no_zip_or_cut_off(saved):
    whole = saved.read_bytes()
    for data in (b"", b"no zip", whole[:100], whole[: len(whole) // 2], whole[:-10]):
        saved.write_bytes(data)
        with pytest.raises(StudioError, match="damaged"):
            read_project(saved)


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none.oasis", tmp_path):
        with pytest.raises(StudioError, match="cannot be read"):
            read_project(path)


def test_any_flipped_byte_is_a_studio_error_or_harmless(saved):
    whole = saved.read_bytes()
    random = np.random.default_rng(0)
    for at in random.integers(0, len(whole), 150):
        data = bytearray(whole)
        data[at] ^= int(random.integers(1, 256))
        saved.write_bytes(bytes(data))
        try:
            document = read_project(saved).document
        except StudioError:
            continue
        assert all(np.isin(layer.labels, [0, 1, 2, 3, 4, UNPAINTED]).all() for layer in document.layers)


def test_another_zip_says_what_is_missing(tmp_path):
    path = tmp_path / "other.ora"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(StudioError, match=r"oasis/document\.json"):
        read_project(path)


def test_a_newer_version_is_named_as_such(saved):
    repacked(saved, {"oasis/document.json": lambda data: data.update(version=6, program="OASIS Studio 9")})
    with pytest.raises(StudioError, match=r"newer version.*OASIS Studio 9"):
        read_project(saved)


def test_locked_pixels_changed_in_the_file_are_noticed(tmp_path):
    document, path = painters.document(), tmp_path / "scene.oasis"
    key = RegionMap(document).regions[0].key
    SetLocks({key: Lock.of(RegionMap(document).mask(key), image_of(document))}).apply(document)
    write_project(path, document)
    lock = next(iter(read_project(path).document.locks.values()))
    assert lock.is_intact and lock.holds(image_of(document))
    changed = lock.pixels_hw3.copy()
    changed[lock.mask_hw] ^= 1
    repacked(path, {"oasis/lock-0.png": png.encode_image(changed)})
    assert not next(iter(read_project(path).document.locks.values())).is_intact


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["styles"][0].update(styles=[]),
        lambda d: d["styles"][0].update(index=2),
        lambda d: d["styles"][0].update(layer=7),
        lambda d: d["styles"][0]["styles"][1].update(strength=1.3),
        lambda d: d["styles"][0]["styles"][1].update(paints=[{}] * 7),
        lambda d: d["styles"][0]["styles"][1].update(source={"kind": "seed", "seed": -1}),
        lambda d: d["styles"][0]["styles"][1]["source"].update(values=[float("nan")]),
        lambda d: d["styles"][0]["styles"][1]["source"].update(origin="nowhere"),
        lambda d: d["styles"][0]["styles"][1]["paints"][0]["shape"].update(file=1),
        lambda d: d["styles"][0]["styles"][1]["paints"][0]["shape"].update(box=[0, 0, 2**15, 4]),
        lambda d: d["styles"][0]["styles"][1]["paints"][0]["shape"].update(box=[0, 0, 5, 4]),
        lambda d: d["locks"][0].update(sha256="no"),
        lambda d: d["locks"][0].update(feather=33),
        lambda d: d["locks"][0].update(box=[0, 0, 41, 32]),
        lambda d: d.update(locks=d["locks"] * 2),
        lambda d: d.update(styles=[3]),
    ],
)
def test_regions_with_wrong_values_are_damaged(tmp_path, change):
    document, path = painters.document(), tmp_path / "scene.oasis"
    key = RegionMap(document).regions[0].key
    brushed = Brushed(Box(0, 0, 4, 4), np.full((4, 4), 9, np.uint8))
    vector = StoredVector((0.5, -1.0), "model", Origin.PHOTO, "sea.jpg")
    SetStyles({key: RegionStyle(vector, 1.0, (Paint(OwnSeed(1), brushed),))}).apply(document)
    SetLocks({key: Lock.of(RegionMap(document).mask(key), image_of(document))}).apply(document)
    write_project(path, document)
    with pytest.raises(StudioError, match=r"damaged"):
        read_project(repacked(path, {"oasis/document.json": change}))


def test_a_reference_photo_of_an_impossible_size_is_not_decoded(tmp_path):
    document, path = painters.document(), tmp_path / "scene.oasis"
    document.reference = Reference(painters.photo(), Box(0, 0, 9, 9))
    write_project(path, document)
    with pytest.raises(StudioError, match=r"reference\.png has 9000×9000"):
        read_project(repacked(path, {"oasis/reference.png": painters.png_without_pixels(9000, 9000, color_type=2)}))
    with pytest.raises(StudioError, match=r"no oasis/reference\.png"):
        read_project(repacked(path, {"oasis/reference.png": None}))


def test_unknown_class_ids_are_named_and_counted(saved):
    labels = np.zeros((32, 40), np.uint8)
    labels[0, :3] = 7
    repacked(saved, {"oasis/layer-1.png": png.encode_labels(labels, painters.palette(9))})
    with pytest.raises(StudioError, match=r"layer-1\.png.*7 \(3 pixels\)"):
        read_project(saved)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("layers"),
        lambda d: d.update(version="1"),
        lambda d: d.update(seed=-1),
        lambda d: d.update(seed=True),
        lambda d: d.update(background=5),
        lambda d: d.update(width=1.5),
        lambda d: d["layers"][0].update(opacity=float("nan")),
        lambda d: d["layers"][0].update(opacity=10**400),
        lambda d: d["layers"][0].update(is_visible="yes"),
        lambda d: d["layers"][0].update(labels="../../secret.png"),
        lambda d: d.update(layers={}),
        lambda d: d.update(model="outdoor"),
        lambda d: d.update(notes=None),
        lambda d: d.update(version=5, guides=None),
        lambda d: d.update(version=5, guides={"x": [1]}),
        lambda d: d.update(version=5, guides={"x": [1.5], "y": []}),
        lambda d: d.update(version=5, guides={"x": [], "y": [10**6]}),
        lambda d: d.update(snapshots=[{"name": "a"}]),
        lambda d: d.update(reference={}),
        lambda d: d.update(reference={"box": [0, 0, 0, 9], "opacity": 0.5, "is_visible": True}),
        lambda d: d.update(reference={"box": [0, 0, 2**21, 9], "opacity": 0.5, "is_visible": True}),
        lambda d: d.update(reference={"box": [0, 0, 9, 9, 9], "opacity": 0.5, "is_visible": True}),
        lambda d: d["layers"][0].update(color_tag="beige"),
        lambda d: d["layers"][0].pop("group"),
        lambda d: d.update(version=1, layers=[3]),
    ],
)
def test_a_manifest_with_wrong_values_is_damaged(saved, change):
    with pytest.raises(StudioError, match="damaged"):
        read_project(repacked(saved, {"oasis/document.json": change}))


@pytest.mark.parametrize("text", [b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_manifest_that_is_no_document_is_damaged(saved, text):
    with pytest.raises(StudioError, match="damaged"):
        read_project(repacked(saved, {"oasis/document.json": text}))


def test_a_document_of_an_impossible_size(saved):
    repacked(saved, {"oasis/document.json": lambda data: data.update(width=20000, height=20000)})
    with pytest.raises(StudioError, match="20000×20000"):
        read_project(saved)


def test_layers_of_another_size_are_not_decoded(saved):
    with pytest.raises(StudioError, match="8000×8000 pixels instead of 40×32"):
        read_project(repacked(saved, {"oasis/layer-0.png": painters.png_without_pixels(8000, 8000)}))


def test_more_layers_than_memory_are_refused(saved):
    def bomb(data):
        data.update(width=8192, height=8192, layers=data["layers"] * 50)

    with pytest.raises(StudioError, match="more than a project may hold"):
        read_project(repacked(saved, {"oasis/document.json": bomb}))
    huge = Document(8192, 8192, painters.palette(), "outdoor", [LabelLayer("a", np.zeros((1, 1), np.uint8))] * 65)
    with pytest.raises(StudioError, match="65 layers") as caught:
        write_project(saved, huge)
    assert "64" in caught.value.hint


def test_an_entry_that_unpacks_to_more_than_it_may(saved):
    with pytest.raises(StudioError, match=r"too large.*document\.json"):
        read_project(repacked(saved, {"oasis/document.json": b" " * (4 * 2**20 + 1)}))


def test_missing_labels_are_named(saved):
    with pytest.raises(StudioError, match=r"layer-1\.png"):
        read_project(repacked(saved, {"oasis/layer-1.png": None}))
