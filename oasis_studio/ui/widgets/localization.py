"""The language and its conventions, given to Qt: fonts, numbers and dates, reading direction, Qt's own texts."""

from __future__ import annotations

import logging

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from oasis_studio.i18n import language
from oasis_studio.paths import resource

log = logging.getLogger(__name__)

_MONDAY = 1
_FAMILIES = {"ko": "OASIS Studio Sans KR", "ja": "OASIS Studio Sans JP", "zh_CN": "OASIS Studio Sans SC"}


def apply(app: QApplication) -> None:
    """Call it when the language is installed, before the first window."""
    locale = locale_of(language())
    QLocale.setDefault(locale)
    app.setLayoutDirection(locale.textDirection())
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, "qtbase", "_", folder):
        app.installTranslator(translator)
    for path in sorted(resource("fonts").glob("*.otf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            log.warning("the font %s cannot be used", path)


def locale_of(code: str) -> QLocale:
    """The system's own if it is of that language, since it knows the country, too.

    The words of its dates tell: its name is whatever the environment asks programs to speak, ours included.
    """
    system, wanted = QLocale.system(), QLocale(code)
    is_same = system.language() == wanted.language() and system.script() == wanted.script()
    return system if is_same and system.dayName(_MONDAY) == wanted.dayName(_MONDAY) else wanted


def families(system: str) -> list[str]:
    """The fonts for text in the chosen language, best first; ``system`` is that of the desktop.

    Where it is Korean, Japanese or Chinese ours comes first, so that Latin letters between match. A desktop that names
    no font, but only "Sans Serif", gets ours as well.
    """
    own = _FAMILIES.get(language())
    others = [family for family in _FAMILIES.values() if family != own]
    return [own, system, *others] if own else [system, *others]
