"""Themes that can be read."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessibilityHints, QColor, QStyleHints
from PySide6.QtWidgets import QApplication

from oasis_studio.app.session import settings
from oasis_studio.ui.docks.class_chip import ClassChip
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.roles import CONTRAST, CONTRAST_LIGHT, DARK, LIGHT, THEMES, Roles
from tests.ui.desk import Desk


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("roles", THEMES.values())
def test_text_is_readable_wherever_it_stands(roles: Roles) -> None:
    for ground in (roles.window, roles.panel, roles.raised, roles.selected):
        assert contrast(roles.text, ground) >= 7
    for ground in (roles.window, roles.panel, roles.raised):
        assert contrast(roles.dim, ground) >= 4.5, ground
    for role in (roles.good, roles.danger, roles.warning):
        assert contrast(role, roles.window) >= 4.5, role
    assert contrast(roles.on_accent, roles.accent) >= 4.5


@pytest.mark.parametrize("roles", [CONTRAST, CONTRAST_LIGHT])
def test_high_contrast_is_pure_and_every_word_in_it_has_seven_to_one(roles: Roles) -> None:
    pure = {"#000000", "#ffffff"}
    assert {roles.window, roles.panel, roles.raised, roles.canvas, roles.text, roles.on_accent} == pure
    for word in (roles.text, roles.dim, roles.accent, roles.warning, roles.danger, roles.good):
        for ground in (roles.window, roles.panel, roles.raised, roles.hover, roles.selected, roles.canvas):
            assert contrast(word, ground) >= 7, (word, ground)
    assert contrast(roles.on_accent, roles.accent) >= 7
    for edge in (roles.line, roles.outline, roles.accent):
        assert contrast(edge, roles.panel) >= 4.5, edge


def test_every_role_is_a_colour() -> None:
    for roles in THEMES.values():
        assert all(QColor(color).isValid() for color in asdict(roles).values())


def test_switching_the_theme_repaints_the_window(desk: Desk, qapp: QApplication) -> None:
    dark = desk.window.grab().toImage()
    desk.trigger("view.light")
    assert desk.studio.settings.theme == "light" and theme.roles() is LIGHT
    light = desk.window.grab().toImage()
    corner = QColor(light.pixel(2, 2)).name(), QColor(dark.pixel(2, 2)).name()
    assert corner == (LIGHT.window, DARK.window)
    desk.trigger("view.dark")
    assert desk.window.grab().toImage() == dark


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_can_be_chosen_and_has_its_pictures(desk: Desk, qapp: QApplication, name: str) -> None:
    assert set(settings.THEMES) == {*THEMES, "system"}
    desk.trigger(f"view.{name}")
    assert theme.name() == name and settings.read_settings().theme == name
    sheet = qapp.styleSheet()
    pictures = re.findall(r'url\("(.+?)"\)', sheet)
    assert len(pictures) == 2 and all(Path(picture).is_file() for picture in pictures)
    assert "$" not in sheet.partition("*/")[2]


def test_the_keyboards_place_is_seen_in_high_contrast(desk: Desk) -> None:
    """As a ring around a button and a class."""
    desk.trigger("view.contrast")
    ring = QColor(CONTRAST.accent).rgb()
    for kind in (IconButton, ClassChip):
        widget = next(each for each in desk.window.findChildren(kind) if each.isVisible() and each.isEnabled())
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        image = widget.grab().toImage()
        middle = image.height() // 2
        assert ring in (image.pixel(0, middle), image.pixel(1, middle)), widget.objectName()


@pytest.mark.parametrize("is_light", [True, False])
@pytest.mark.parametrize("wants", [True, False])
def test_the_systems_wishes_are_followed(
    desk: Desk, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, is_light: bool, wants: bool
) -> None:
    desk.trigger("view.system")
    scheme = Qt.ColorScheme.Light if is_light else Qt.ColorScheme.Dark
    monkeypatch.setattr(QStyleHints, "colorScheme", lambda _hints: scheme)
    level = Qt.ContrastPreference.HighContrast if wants else Qt.ContrastPreference.NoPreference
    monkeypatch.setattr(QAccessibilityHints, "contrastPreference", lambda _hints: level)
    qapp.styleHints().accessibility().contrastPreferenceChanged.emit(level)
    expected = {(True, True): CONTRAST_LIGHT, (True, False): LIGHT, (False, True): CONTRAST, (False, False): DARK}
    assert theme.roles() is expected[is_light, wants]


def test_an_unknown_theme_is_dark(qapp: QApplication) -> None:
    theme.apply(qapp, "pink")
    assert theme.roles() is DARK
