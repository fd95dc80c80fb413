"""One look for the whole program: font, palette and style sheet from the roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from oasis_studio.paths import resource
from oasis_studio.ui.widgets import localization
from oasis_studio.ui.widgets.roles import DARK, THEMES, Roles

_PROPERTY = "oasis_theme"
FONT_PIXELS = 13


def apply(app: QApplication, name: str) -> None:
    """Dress the program in a theme of THEMES or "system" (what the desktop has now); unknown names are dark."""
    name = shown_name(app, name)
    roles = THEMES[name]
    app.setProperty(_PROPERTY, name)
    app.setStyle("Fusion")
    app.setFont(_font())
    app.setPalette(_palette(roles))
    pictures = {key: resource("icons", f"{key}-{name}.svg").as_posix() for key in ("chevron", "check")}
    sheets = ["studio.qss", *(["contrast.qss"] if roles.has_outlines else [])]
    sheet = "".join(resource("themes", file).read_text(encoding="utf-8") for file in sheets)
    app.setStyleSheet(Template(sheet).substitute(asdict(roles), **pictures))


def shown_name(app: QApplication, name: str) -> str:
    """A key of THEMES: what :func:`apply` makes of a name now."""
    if name == "system":
        is_light = app.styleHints().colorScheme() == Qt.ColorScheme.Light
        if _wants_contrast():
            return "contrast-light" if is_light else "contrast"
        return "light" if is_light else "dark"
    return name if name in THEMES else "dark"


def follow_system(take: Callable[[], object]) -> None:
    """Call ``take``, a method of a QObject, when the desktop becomes dark or light or wants more contrast or less."""
    _hints().colorSchemeChanged.connect(take)
    if hasattr(QStyleHints, "accessibility"):
        _hints().accessibility().contrastPreferenceChanged.connect(take)


def _wants_contrast() -> bool:
    """Does the desktop ask for high contrast? Qt knows since 6.10."""
    if not hasattr(QStyleHints, "accessibility"):
        return False
    return _hints().accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


@cache
def _hints() -> QStyleHints:
    """The one object for good: without a reference to it, PySide takes what it owns for deleted."""
    return QGuiApplication.styleHints()


def name() -> str:
    """The theme in use, a key of THEMES."""
    app = QApplication.instance()
    return str(app.property(_PROPERTY)) if app else "dark"


def roles() -> Roles:
    """The colours of the theme in use."""
    app = QApplication.instance()
    return THEMES.get(str(app.property(_PROPERTY)) if app else "dark", DARK)


def _font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setFamilies(localization.families(font.family()))
    font.setPixelSize(FONT_PIXELS)
    if hasattr(font, "setFeature"):
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _palette(roles: Roles) -> QPalette:
    palette = QPalette()
    group = QPalette.ColorRole
    for role, color in {
        group.Window: roles.window,
        group.Base: roles.raised,
        group.AlternateBase: roles.panel,
        group.Button: roles.raised,
        group.WindowText: roles.text,
        group.Text: roles.text,
        group.ButtonText: roles.text,
        group.BrightText: roles.text,
        group.PlaceholderText: roles.dim,
        group.ToolTipBase: roles.raised,
        group.ToolTipText: roles.text,
        group.Highlight: roles.accent,
        group.HighlightedText: roles.on_accent,
        group.Link: roles.accent,
    }.items():
        palette.setColor(role, QColor(color))
    for role in (group.WindowText, group.Text, group.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(roles.dim))
    return palette
