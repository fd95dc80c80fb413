import numpy as np
import pytest
from psd_tools import PSDImage

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.files.projects import psd
from oasis_studio.core.files.projects.psd import write_psd
from oasis_studio.errors import StudioError
from tests.core import painters


@pytest.fixture
def document():
    found = painters.document(layers=3)
    found.layers[0].name = "ferne Hügel 山"
    found.layers[1].is_visible, found.layers[1].opacity = False, 0.5
    found.layers[2].labels[:] = UNPAINTED
    found.layers[2].labels[5:9, 7:12] = 3
    return found


def _pixels(layer, document):
    """(H, W, 4) of a layer on the whole canvas."""
    canvas = np.zeros((document.height, document.width, 4), np.uint8)
    left, top, right, bottom = layer.bbox
    canvas[top:bottom, left:right] = np.asarray(layer.topil().convert("RGBA"))
    return canvas


@pytest.mark.parametrize("has_photo", [True, False])
def test_photo_labels_and_a_mask_of_every_region(tmp_path, document, has_photo):
    path, photo = tmp_path / "scene.psd", painters.photo(40, 32)
    write_psd(path, document, photo if has_photo else None)
    found = PSDImage.open(path)
    names = [layer.name for layer in found]
    assert names == (["Photo"] if has_photo else []) + ["Labels", "Regions"]
    seen = photo if has_photo else document.palette.colors[document.flatten()]
    assert np.array_equal(np.asarray(found.topil().convert("RGB")), seen)
    if has_photo:
        assert np.array_equal(_pixels(found[0], document)[..., :3], photo)
    labels, regions = found[-2], found[-1]
    assert labels.visible != has_photo and not regions.visible
    assert [layer.name for layer in labels] == [layer.name for layer in document.layers]
    assert [layer.visible for layer in labels] == [True, False, True] and labels[1].opacity == 128
    for made, layer in zip(labels, document.layers, strict=True):
        painted, pixels = layer.labels != UNPAINTED, _pixels(made, document)
        assert np.array_equal(pixels[..., 3], painted * 255)
        assert np.array_equal(pixels[painted][:, :3], document.palette.colors[layer.labels[painted]])
    masks = {made.name: _pixels(made, document)[..., 3] for made in regions}
    assert len(masks) == 5 + 5 + 1
    for layer in document.layers:
        for label in set(np.unique(layer.labels)) - {UNPAINTED}:
            assert np.array_equal(masks[f"{layer.name} · class {label}"], (layer.labels == label) * 255)


def test_nothing_painted_and_no_layers(tmp_path):
    for document in (painters.blank(), painters.document(layers=0)):
        write_psd(tmp_path / "a.psd", document)
        assert len(list(PSDImage.open(tmp_path / "a.psd").descendants())) == 2 + len(document.layers)


def test_what_no_file_can_hold_and_what_the_disk_refuses(tmp_path, document, monkeypatch):
    with pytest.raises(StudioError, match="does not exist"):
        write_psd(tmp_path / "none" / "a.psd", document)
    monkeypatch.setattr(psd, "MOST_LAYERS", 5)
    with pytest.raises(StudioError, match="11 regions"):
        write_psd(tmp_path / "a.psd", document)
    assert not list(tmp_path.iterdir())


def test_a_very_long_name_is_cut(tmp_path, document):
    document.layers[0].name = "x" * 300
    write_psd(tmp_path / "a.psd", document)
    names = [layer.name for layer in PSDImage.open(tmp_path / "a.psd").descendants()]
    assert "x" * 255 in names
