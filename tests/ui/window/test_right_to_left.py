"""The window in a language that is 40 % longer and runs from right to left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMenuBar,
    QWidget,
)

from oasis_studio import i18n
from oasis_studio.core.program.language import use_language
from oasis_studio.core.program.pseudo_language import PSEUDO, pseudo
from oasis_studio.ui.canvas.pane import Pane
from oasis_studio.ui.widgets import localization
from tests.journeys.cut_texts import cut_texts
from tests.ui.desk import Desk

TURNED = "\u202b"
AS_IT_IS = {" Small   ▾"}
"""The name of a model, on the button that chooses one."""


@pytest.fixture(params=[PSEUDO])
def turned(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    use_language(request.param, "", {})
    localization.apply(qapp)
    yield
    i18n.install("en", Path("nowhere"))
    localization.apply(qapp)
    QLocale.setDefault(QLocale.c())


def test_fields_and_menu_letters_are_kept_and_the_rest_is_longer() -> None:
    assert "{count}" in pseudo("{count} pixels")
    assert "&Open" in pseudo("&Open…")
    assert len(pseudo("Open…")) >= 1.4 * len("Open…")
    assert pseudo("") == ""


def test_the_window_runs_from_right_to_left(turned: None, desk: Desk) -> None:
    window = desk.window
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    bar = window.menuWidget()
    assert bar.mapTo(window, bar.findChildren(QMenuBar)[0].geometry().center()).x() > window.width() / 2


def test_every_word_in_the_window_was_translated(turned: None, desk: Desk) -> None:
    """Letters that are shown without the marks came round the catalogues."""
    for dock in desk.window.findChildren(QDockWidget):
        dock.show()
    QApplication.processEvents()
    left = {text for text in texts(desk.window) if re.search(r"[A-Za-z]{2}", text) and TURNED not in text}
    assert left <= AS_IT_IS


@pytest.mark.parametrize("turned", [PSEUDO, "de", "ja", "ko", "zh_CN"], indirect=True)
def test_no_word_of_the_window_is_cut(turned: None, desk: Desk) -> None:
    desk.window.resize(1280, 720)
    QApplication.processEvents()
    assert cut_texts(desk.window) == []
    bar = desk.window.menuWidget().findChildren(QMenuBar)[0]
    assert all(bar.rect().contains(bar.actionGeometry(action)) for action in bar.actions())


def texts(window: QWidget) -> Iterator[str]:
    for action in window.findChildren(QAction):
        yield action.text()
        yield action.toolTip()
    for widget in window.findChildren(QWidget):
        yield from (widget.toolTip(), widget.accessibleName(), widget.windowTitle())
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget.text()
        if isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(row) for row in range(widget.count()))


def test_rulers_stay_where_the_picture_counts_from(turned: None, desk: Desk) -> None:
    desk.trigger("view.rulers")
    QApplication.processEvents()
    above, beside = next(
        pane.ruled.rulers for pane in desk.window.findChildren(Pane) if desk.labels in pane.findChildren(QWidget)
    )
    assert beside.mapTo(desk.window, QPoint(0, 0)).x() < desk.labels.mapTo(desk.window, QPoint(0, 0)).x()
    assert above.width() == desk.labels.width() and beside.height() == desk.labels.height()
