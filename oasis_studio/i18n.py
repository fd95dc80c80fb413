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

_MARKS = {"de": str.maketrans(",.", ".,")}
"""How numbers differ from English ones."""

_language = "en"
_texts: gettext.NullTranslations = gettext.NullTranslations()
_names: gettext.NullTranslations = gettext.NullTranslations()
_originals: dict[str, str] = {}
"""English by translation, of what was looked up so far."""


def install(language: str, folder: Path) -> None:
    """Use the catalogues of ``language`` in ``folder``; what they do not have stays English."""
    texts, names = (
        gettext.translation(domain, folder, languages=[language], fallback=True) for domain in (_TEXTS, _NAMES)
    )
    speak(language, texts, names)


def speak(language: str, texts: gettext.NullTranslations, names: gettext.NullTranslations) -> None:
    """Use these translations of texts and of names."""
    global _language, _texts, _names
    _language, _texts, _names = language, texts, names
    _originals.clear()


def language() -> str:
    """Code of the language in use."""
    return _language


def _(text: str) -> str:
    """The translation of ``text`` in the chosen language."""
    translation = _texts.gettext(text)
    _originals[translation] = text
    return translation


def english(translation: str) -> str:
    """The text in the code that was translated like that; itself if there is none."""
    return _originals.get(translation, translation)


def ngettext(one: str, many: str, count: int) -> str:
    """The translation of ``one`` or ``many``, whichever ``count`` asks for."""
    return _texts.ngettext(one, many, count)


def local_name(name: str) -> str:
    """A name from a file that came with the program, in the chosen language; a person's own names are left alone."""
    return _names.gettext(name) if name else name  # the empty text is the catalogue's head


def marked(text: str) -> str:
    """The text as it is, for files; the catalogue of names has it, so :func:`local_name` translates it when shown."""
    return text


def decimal(value: float, places: int = 0) -> str:
    """A number for people, with so many digits behind the mark: "1,234.5", or "1.234,5" in German."""
    return f"{value:,.{places}f}".translate(_MARKS.get(_language, {}))
