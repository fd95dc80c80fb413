"""Translation of user-visible text through gettext.

Modules say ``from oasis_studio.i18n import _``; the language is chosen once, at start, by :func:`install`, and text is
looked up when it is shown. There are two catalogues: ``oasis_studio`` has the program's own words, ``oasis_names`` what
the files that come with it call things (classes, samples and their layers, swatches, the model card).
"""

from __future__ import annotations

import gettext
from pathlib import Path

LANGUAGES = {"en": "English", "de": "Deutsch", "ja": "日本語", "ko": "한국어", "zh_CN": "简体中文"}
"""The languages there are catalogues for, by code, each in its own words. The text in the code is English."""

_TEXTS, _NAMES = "oasis_studio", "oasis_names"

_language = "en"
_texts: gettext.NullTranslations = gettext.NullTranslations()
_names: gettext.NullTranslations = gettext.NullTranslations()


def install(language: str, folder: Path) -> None:
    """Use the catalogues of ``language`` in ``folder``; what they do not have stays English."""
    global _language, _texts, _names
    _language = language
    _texts, _names = (
        gettext.translation(domain, folder, languages=[language], fallback=True) for domain in (_TEXTS, _NAMES)
    )


def language() -> str:
    """Code of the language in use."""
    return _language


def _(text: str) -> str:
    """The translation of ``text`` in the chosen language."""
    return _texts.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The translation of ``one`` or ``many``, whichever ``count`` asks for."""
    return _texts.ngettext(one, many, count)


def local_name(name: str) -> str:
    """A name from a file that came with the program, in the chosen language; a person's own names are left alone."""
    return _names.gettext(name) if name else name  # the empty text is the catalogue's head
