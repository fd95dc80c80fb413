"""Two themes that can be read."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from oasis_studio.ui import theme
from oasis_studio.ui.roles import DARK, LIGHT, Roles
from tests.ui.desk import Desk


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("roles", [DARK, LIGHT])
def test_text_is_readable_wherever_it_stands(roles: Roles) -> None:
    for ground in (roles.window, roles.panel, roles.raised, roles.selected):
        assert contrast(roles.text, ground) >= 7
    for ground in (roles.window, roles.panel, roles.raised):
        assert contrast(roles.dim, ground) >= 4.5, ground
    for role in (roles.good, roles.danger, roles.warning):
        assert contrast(role, roles.window) >= 4.5, role
    assert contrast(roles.on_accent, roles.accent) >= 4.5


def test_every_role_is_a_colour() -> None:
    for roles in (DARK, LIGHT):
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


def test_an_unknown_theme_is_dark(qapp: QApplication) -> None:
    theme.apply(qapp, "pink")
    assert theme.roles() is DARK
