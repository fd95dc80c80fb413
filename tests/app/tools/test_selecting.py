from __future__ import annotations

import numpy as np
import pytest

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.selecting import Selector
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.document.selection import select_class
from oasis_studio.core.history.document_commands import CropDocument, SetReference
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError


@pytest.fixture
def selector(session: Session) -> Selector:
    session.document.layers[0].labels[10:20, 10:20] = 1
    session.document.layers[0].labels[30:40, 40:50] = 1
    session.update_labels(session.document.bounds)
    return Selector(session)


def drag(selector: Selector, *points: tuple[float, float], control: bool = False, shift: bool = False) -> None:
    selector.press(*points[0], control=control, shift=shift)
    for point in points[1:]:
        selector.move(*point)
    selector.release(*points[-1])


def chosen(session: Session) -> np.ndarray:
    assert session.selection.current is not None
    return session.selection.current.mask_HW


def test_a_rectangle_takes_the_pixels_under_both_corners(selector: Selector, session: Session) -> None:
    session.choose_tool(ToolKind.SELECT_BOX)
    drag(selector, (30.5, 20.5), (10.2, 5.9))
    assert chosen(session)[5:21, 10:31].all() and chosen(session).sum() == 16 * 21
    assert selector.path == []


def test_shift_adds_control_subtracts_and_both_intersect(selector: Selector, session: Session) -> None:
    session.choose_tool(ToolKind.SELECT_BOX)
    drag(selector, (0, 0), (9, 9))
    drag(selector, (20, 0), (29, 9), shift=True)
    assert chosen(session).sum() == 200
    drag(selector, (0, 0), (29, 4), control=True)
    assert chosen(session).sum() == 100
    drag(selector, (0, 0), (9, 9), control=True, shift=True)
    assert chosen(session).sum() == 50


def test_a_click_beside_it_selects_nothing(selector: Selector, session: Session) -> None:
    session.choose_tool(ToolKind.SELECT_LASSO)
    drag(selector, (0, 0), (20, 0), (20, 20))
    assert session.selection.current
    drag(selector, (40, 40))
    assert session.selection.current is None


def test_a_region_or_the_whole_class_is_chosen_with_a_click(selector: Selector, session: Session) -> None:
    session.choose_tool(ToolKind.SELECT_REGION)
    drag(selector, (12, 12))
    assert chosen(session).sum() == 100
    session.tools.set_contiguous(False)
    drag(selector, (12, 12))
    assert chosen(session).sum() == 200
    drag(selector, (-5, 12))
    assert session.selection.current is None


def test_the_wand_takes_what_looks_alike_in_the_reference_photo(selector: Selector, session: Session) -> None:
    session.choose_tool(ToolKind.WAND)
    with pytest.raises(StudioError, match="no reference photo"):
        selector.press(5, 5)
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :20] = 200
    session.do(SetReference(Reference.fitted(image, 64, 48)))
    drag(selector, (5, 5))
    assert chosen(session)[:, :19].all() and not chosen(session)[:, 21:].any()


def test_escape_leaves_the_selection_as_it_was(selector: Selector, session: Session) -> None:
    session.choose_tool(ToolKind.SELECT_BOX)
    selector.press(0, 0)
    selector.move(20, 20)
    selector.cancel()
    selector.release(20, 20)
    assert session.selection.current is None


def test_another_size_has_no_selection(selector: Selector, session: Session) -> None:
    session.selection.choose(select_class(session.labels_HW, 1))
    session.do(CropDocument(Box(0, 0, 32, 32)))
    assert session.selection.current is None and session.labels_HW.shape == (32, 32)
    session.undo()
    assert session.labels_HW.shape == (48, 64)
