import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.files.projects.openraster import read_openraster
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.errors import StudioError
from tests.core import painters

PALETTE = painters.palette(5)


def _png(rgba):
    stream = io.BytesIO()
    Image.fromarray(rgba).save(stream, "PNG")
    return stream.getvalue()


def _rgba(labels):
    return np.dstack([PALETTE.colors[labels], np.where(labels == UNPAINTED, 0, 255).astype(np.uint8)])


def _write(path, stack, files, size='w="40" h="32"'):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", f'<?xml version="1.0"?><image {size} version="0.0.3">{stack}</image>')
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _without_our_part(path):
    """As another program saves it: the layers' pixels and names, nothing of oasis/."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if not name.startswith("oasis/")}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 99), st.integers(0, 4), st.data())
def test_our_own_layers_come_back_exactly_from_their_colours(tmp_path_factory, seed, layers, data):
    document = painters.document(layers=layers, seed=seed)
    for layer in document.layers:
        layer.is_visible, layer.is_locked = data.draw(st.booleans()), data.draw(st.booleans())
        layer.opacity, layer.group = data.draw(st.sampled_from([0.25, 1.0])), data.draw(st.sampled_from(["", "far"]))
    path = tmp_path_factory.mktemp("ora") / "scene.ora"
    write_project(path, document)
    _without_our_part(path)
    with pytest.raises(StudioError, match=r"oasis/document\.json"):
        read_project(path)
    found = read_openraster(path, document.palette, "outdoor")
    assert (found.snapped_pixels, found.half_transparent_pixels, found.skipped) == (0, 0, [])
    found.document.seed = document.seed
    (head, after), (expected_head, before) = painters.state(found.document), painters.state(document)
    assert head == expected_head and [layer[1:] for layer in after] == [layer[1:] for layer in before]


def test_layers_in_stacks_lie_where_all_offsets_add_up_to(tmp_path):
    labels = np.random.default_rng(0).integers(0, 5, (6, 8)).astype(np.uint8)
    stack = """<stack><stack name="outer" x="10" y="2"><stack name="inner" visibility="hidden" x="-3">
    <layer src="data/a.png" x="-10" y="28" opacity="0.5"/></stack></stack>
    <layer name="base" src="data/a.png" x="3" y="4"/><filter/><text/></stack>"""
    found = read_openraster(_write(tmp_path / "a.ora", stack, {"data/a.png": _png(_rgba(labels))}), PALETTE, "m", 2)
    base, inner = found.document.layers
    assert (found.document.background, found.document.model) == (2, "m")
    assert base.name == "base" and np.array_equal(base.labels[4:10, 3:11], labels)
    assert (inner.name, inner.group, inner.is_visible, inner.opacity) == ("Layer 2", "outer / inner", False, 0.5)
    assert np.array_equal(inner.labels[30:, :5], labels[:2, 3:]) and (inner.labels[:30] == UNPAINTED).all()


def test_stray_colours_take_the_nearest_class_and_soft_edges_are_cut_in_the_middle(tmp_path):
    labels = np.zeros((32, 40), np.uint8)
    labels[:, 20:] = 3
    rgba = _rgba(labels)
    rgba[5, :7, 0] += 3
    rgba[6, :4, 3], rgba[7, :4, 3] = 200, 90
    rgba[8, :4] = (9, 9, 9, 0)
    path = _write(tmp_path / "a.ora", '<stack><layer src="a.png"/></stack>', {"a.png": _png(rgba)})
    found = read_openraster(path, PALETTE, "m")
    labels[7:9, :4] = UNPAINTED
    assert np.array_equal(found.document.layers[0].labels, labels)
    assert (found.snapped_pixels, found.half_transparent_pixels) == (7, 8)


def test_layers_that_cannot_be_read_are_named(tmp_path):
    stack = """<stack><layer name="vector" src="a.svg"/><layer name="gone" src="b.png"/><layer name="none"/>
    <layer name="huge" src="huge.png"/><layer name="good" src="good.png"/></stack>"""
    files = {
        "a.svg": b"<svg/>",
        "good.png": _png(_rgba(np.zeros((32, 40), np.uint8))),
        "huge.png": painters.png_without_pixels(16000, 16000, color_type=6),
    }
    found = read_openraster(_write(tmp_path / "a.ora", stack, files), PALETTE, "m")
    assert found.skipped == ["huge", "none", "gone", "vector"]
    assert [layer.name for layer in found.document.layers] == ["good"]


DEEP = "<stack>" * 100 + "</stack>" * 100


@pytest.mark.parametrize(
    ("stack", "size", "sentence"),
    [
        ("<stack/>", 'w="20000" h="20000"', "20000×20000"),
        ("<stack/>", 'w="wide" h="9"', "damaged"),
        ("<stack/>", 'w="1e999" h="9"', "damaged"),
        ("<stack>", 'w="40" h="32"', "damaged"),
        ('<stack><layer x="1e9" src="a.png"/></stack>', 'w="40" h="32"', "damaged"),
        (DEEP, 'w="40" h="32"', "damaged"),
        ("<stack>" + "<layer/>" * 1001 + "</stack>", 'w="40" h="32"', "too many layers"),
        ("<stack>" + "<layer/>" * 65 + "</stack>", 'w="8192" h="8192"', "more than a project may hold"),
    ],
)
def test_stacks_that_cannot_be_opened(tmp_path, stack, size, sentence):
    with pytest.raises(StudioError, match=sentence):
        read_openraster(_write(tmp_path / "a.ora", stack, {}, size), PALETTE, "m")


def test_entities_are_not_expanded(tmp_path):
    path = tmp_path / "a.ora"
    bomb = '<!DOCTYPE image [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><image w="40" h="32"><stack name="&b;"/></image>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("stack.xml", bomb)
    with pytest.raises(StudioError, match="damaged"):
        read_openraster(path, PALETTE, "m")


def test_no_openraster_file_at_all(tmp_path):
    (tmp_path / "a.ora").write_bytes(b"text")
    with pytest.raises(StudioError, match="damaged"):
        read_openraster(tmp_path / "a.ora", PALETTE, "m")
    with zipfile.ZipFile(tmp_path / "a.ora", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(StudioError, match=r"stack\.xml"):
        read_openraster(tmp_path / "a.ora", PALETTE, "m")
    with pytest.raises(StudioError, match="cannot be read"):
        read_openraster(tmp_path / "none.ora", PALETTE, "m")


def test_any_flipped_byte_is_a_studio_error_or_a_document(tmp_path):
    path = tmp_path / "a.ora"
    write_project(path, painters.document())
    whole, random = path.read_bytes(), np.random.default_rng(0)
    for at in random.integers(0, len(whole), 150):
        data = bytearray(whole)
        data[at] ^= int(random.integers(1, 256))
        path.write_bytes(bytes(data))
        try:
            found = read_openraster(path, PALETTE, "m")
        except StudioError:
            continue
        assert all(np.isin(layer.labels, [0, 1, 2, 3, 4, UNPAINTED]).all() for layer in found.document.layers)
