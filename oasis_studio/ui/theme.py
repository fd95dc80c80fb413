"""One look for the whole program: font, palette and style sheet from the roles."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from oasis_studio.paths import resource
from oasis_studio.ui import localization
from oasis_studio.ui.roles import DARK, THEMES, Roles

_PROPERTY = "oasis_theme"
FONT_PIXELS = 13


def apply(app: QApplication, name: str) -> None:
    """Dress the program in the theme "dark", "light" or "system" (what the desktop has now); unknown names are dark."""
    name = shown_name(app, name)
    roles = THEMES[name]
    app.setProperty(_PROPERTY, name)
    app.setStyle("Fusion")
    app.setFont(_font())
    app.setPalette(_palette(roles))
    pictures = {key: resource("icons", f"{key}-{name}.svg").as_posix() for key in ("chevron", "check")}
    sheet = resource("themes", "studio.qss").read_text(encoding="utf-8")
    app.setStyleSheet(Template(sheet).substitute(asdict(roles), **pictures))


def shown_name(app: QApplication, name: str) -> str:
    """ "dark" or "light": what :func:`apply` makes of a name now."""
    if name == "system":
        return "light" if app.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"
    return name if name in THEMES else "dark"


def name() -> str:
    """The theme in use, "dark" or "light"."""
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
