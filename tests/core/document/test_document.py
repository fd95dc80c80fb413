import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.document.document import Document
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from tests.core import painters


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000), st.integers(0, 4), st.data())
def test_flatten_equals_a_painter_that_looks_at_every_pixel(seed, layers, data):
    document = painters.document(20, 17, layers, seed)
    document.background = 3
    for layer in document.layers:
        layer.is_visible = data.draw(st.booleans())
    assert np.array_equal(document.flatten(), painters.flatten(document))


def test_flatten_of_a_box_is_that_part_of_the_whole():
    document = painters.document()
    assert np.array_equal(document.flatten(Box(-5, 3, 20, 99)), document.flatten()[3:, :20])


@pytest.mark.parametrize("large", [1, 2**22])
def test_a_part_is_flattened_into_an_array_that_is_there(large, monkeypatch):
    monkeypatch.setattr("oasis_studio.core.document.document._WORTH_SHARING", large)
    document = painters.document(20, 17)
    labels, box = np.full((17, 20), 77, np.uint8), Box(3, 2, 11, 9)
    part = document.flatten(box, labels[box.slices])
    assert np.shares_memory(part, labels) and np.array_equal(labels[box.slices], document.flatten()[box.slices])
    labels[box.slices] = 77
    assert (labels == 77).all()


@pytest.mark.parametrize("processors", [1, 3, None])
def test_threads_share_a_large_document(processors, monkeypatch):
    monkeypatch.setattr("oasis_studio.core.document.document._WORTH_SHARING", 1)
    monkeypatch.setattr("oasis_studio.core.document.document._BAND", 40)
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    document = painters.document(20, 17, 4)
    assert np.array_equal(document.flatten(), painters.flatten(document))


@pytest.mark.parametrize("size", [(1, 1), (15, 64), (20000, 20000), (64, 8193)])
def test_a_document_of_an_impossible_size_is_refused_with_its_size(size):
    with pytest.raises(StudioError, match=f"{size[0]}×{size[1]}"):
        Document(*size, painters.palette(), "outdoor")


def test_a_copy_stays_as_it_was():
    document = painters.document()
    document.notes = "x"
    before, copy = painters.state(document), document.copy()
    document.layers[0].labels[:] = 1
    document.layers[1].name = "other"
    document.layers.pop()
    assert painters.state(copy) == before
