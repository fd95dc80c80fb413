"""The canvases lie so that the drawing is largest, or as the person wants them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt

from oasis_studio.app.session.settings import Settings, read_settings, settings_file, write_settings
from oasis_studio.ui.canvas.stacking import is_larger_above
from tests.app import scene
from tests.ui.desk import Desk


@pytest.mark.parametrize(
    ("drawing", "room", "is_above"),
    [
        ((1536, 1024), (860, 600), False),
        ((2048, 512), (860, 600), True),
        ((512, 512), (860, 600), False),
        ((512, 512), (700, 1300), True),
        ((512, 1024), (860, 600), False),
    ],
)
def test_the_drawing_is_shown_as_large_as_it_can_be(
    drawing: tuple[int, int], room: tuple[int, int], is_above: bool
) -> None:
    assert is_larger_above(QSize(*drawing), QSize(*room), False) is is_above


def test_near_the_border_the_canvases_do_not_jump_back_and_forth() -> None:
    drawing = QSize(800, 400)
    flips = [is_larger_above(drawing, QSize(width, 620), False) for width in range(400, 1600, 10)]
    kept = [is_larger_above(drawing, QSize(width, 620), True) for width in range(400, 1600, 10)]
    assert any(kept) and sum(kept) > sum(flips) and all(kept[place] for place, flip in enumerate(flips) if flip)


def test_the_way_they_lie_can_be_chosen_and_is_remembered(desk: Desk) -> None:
    desk.trigger("view.labels")
    desk.trigger("view.stack_above")
    assert desk.labels.isVisible() and desk.photo.isVisible()
    top, below = (canvas.mapToGlobal(canvas.rect().topLeft()) for canvas in (desk.labels, desk.photo))
    assert top.x() == below.x() and top.y() < below.y()
    assert read_settings().canvas_stacking == "above"
    desk.trigger("view.stack_beside")
    left, right = (canvas.mapToGlobal(canvas.rect().topLeft()) for canvas in (desk.labels, desk.photo))
    assert left.y() == right.y() and left.x() < right.x()


def test_a_wide_drawing_has_its_photo_below(desk: Desk) -> None:
    desk.session.open(scene.document(400, 60))
    assert desk.window.canvases._splitter.orientation() is Qt.Orientation.Vertical


def test_a_way_that_does_not_exist_is_the_automatic_one() -> None:
    write_settings(Settings(theme="light"))
    settings_file().write_text('canvas_stacking = "diagonal"\n', encoding="utf-8")
    assert read_settings().canvas_stacking == "auto"
