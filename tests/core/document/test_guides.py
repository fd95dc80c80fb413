from hypothesis import given
from hypothesis import strategies as st

from oasis_studio.core.document.guides import Guides
from oasis_studio.core.history.document_commands import CropDocument, ScaleDocument
from oasis_studio.core.history.guide_commands import SetGuides
from oasis_studio.core.history.history import History
from oasis_studio.core.pixels.box import Box
from tests.core import painters

GUIDES = Guides((4, 20), (10,))


def test_a_line_comes_moves_and_goes():
    assert Guides().moved(True, None, 7).moved(True, None, 3) == Guides((3, 7))
    assert GUIDES.moved(True, 4, 30) == Guides((20, 30), (10,))
    assert GUIDES.moved(True, 4, 20) == Guides((20,), (10,))
    assert GUIDES.moved(False, 10, None) == Guides((4, 20))
    assert GUIDES and not Guides()


def test_a_point_goes_to_the_line_that_is_near():
    assert GUIDES.aimed((5.5, 11.0), 2) == (4, 10)
    assert GUIDES.aimed((6.5, 13.0), 2) == (6.5, 13.0)
    assert GUIDES.pull([(3, 0), (22, 0)], 3) == (1, 0)
    assert Guides((0, 3)).aimed((2.0, 0.0), 9) == (3, 0)


@given(st.integers(0, 60), st.floats(-2, 2), st.floats(-50, 50).filter(lambda way: abs(way) > 3))
def test_a_box_ends_at_the_line_whichever_way_it_is_drawn(line, miss, way):
    """The pixels under both corners belong to a box."""
    guides, start = Guides((line,)), line + way
    x, _y = guides.cornered((line + miss, 0), 2, (start, 0))
    last = int(x // 1)
    assert last == (line - 1 if way < 0 else line)


def test_a_box_begins_in_the_pixel_beside_the_line_where_the_mouse_is():
    assert int(GUIDES.cornered((3.6, 0), 2)[0]) == 3 and int(GUIDES.cornered((4.4, 0), 2)[0]) == 4


def test_guides_keep_their_places_when_the_canvas_changes_and_come_back():
    document, history = painters.document(40, 30), History()
    history.do(SetGuides(GUIDES), document)
    assert history.do(CropDocument(Box(10, 5, 30, 25)), document).guides
    assert document.guides == Guides((10,), (5,))
    history.do(ScaleDocument(40, 40), document)
    assert document.guides == Guides((20,), (10,))
    for _step in range(2):
        history.undo(document)
    assert document.guides == GUIDES
    history.undo(document)
    assert document.guides == Guides()
