"""Translation of user-visible text through gettext.

Modules say ``from oasis_studio.i18n import _``; the language is chosen once, at start, by :func:`install`.
"""

from __future__ import annotations

import gettext
from pathlib import Path

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def install(language: str, folder: Path) -> None:
    """Use the catalogue of ``language`` in ``folder``; without one the text stays English."""
    global _catalogue
    _catalogue = gettext.translation("oasis_studio", folder, languages=[language], fallback=True)


def _(text: str) -> str:
    """The translation of ``text`` in the chosen language."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The translation of ``one`` or ``many``, whichever ``count`` asks for."""
    return _catalogue.ngettext(one, many, count)
