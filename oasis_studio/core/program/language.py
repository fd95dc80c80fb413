"""Which language the program speaks."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, MutableMapping

from oasis_studio.core.program.pseudo_language import PSEUDO, PseudoTranslations
from oasis_studio.core.program.streams import replace_unencodable
from oasis_studio.errors import StudioError
from oasis_studio.i18n import LANGUAGES, _, install, speak
from oasis_studio.paths import resource

VARIABLE = "OASIS_STUDIO_LANGUAGE"
"""Tells the processes that this one starts, and may be set by a person."""

_LIBRARIES = "oasis_libraries"
_GNU = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_LONGEST = 2


def use_language(asked: str = "", stored: str = "", environ: MutableMapping[str, str] = os.environ) -> str:
    """Speak the language ``asked`` for (StudioError if there is none such), else that of the environment's variable,
    else the ``stored`` one, else the system's, else English; returns its code. Child processes will speak it too.
    Who asks for :data:`PSEUDO` gets it. From now on no text ends the program that a stream cannot encode.
    """
    replace_unencodable()
    if PSEUDO in (asked, environ.get(VARIABLE)):
        speak(PSEUDO, PseudoTranslations(), PseudoTranslations())
        environ[VARIABLE] = PSEUDO
        return PSEUDO
    if asked and not matching([asked]):
        languages = ", ".join(LANGUAGES)
        raise StudioError(
            _("There is no language “{name}” here.").format(name=asked), _("There are: {list}.").format(list=languages)
        )
    wanted = [asked, environ.get(VARIABLE, ""), stored]
    code = matching(name for name in wanted if name) or matching(_of_system(environ)) or "en"
    install(code, resource("locale"))
    environ[VARIABLE] = code
    _speak_in_libraries(code, environ)
    return code


def _speak_in_libraries(code: str, environ: MutableMapping[str, str]) -> None:
    """What typer and argparse look up is in our catalogues, too; Python asks the environment for the language."""
    environ["LANGUAGE"] = code
    gettext.bindtextdomain(_LIBRARIES, str(resource("locale")))
    gettext.textdomain(_LIBRARIES)


def matching(wanted: Iterable[str]) -> str:
    """The first of the ``wanted`` languages ("ko_KR.UTF-8", "zh-Hans-CN", "de") that is there, or ""."""
    return next((code for name in wanted if (code := _matching(name))), "")


def _matching(name: str) -> str:
    plain = name.partition(".")[0].partition("@")[0].replace("-", "_")
    language, *rest = plain.split("_")
    if language.lower() in ("c", "posix"):
        return "en"
    if language.lower() == "zh":
        is_traditional = {"TW", "HK", "MO", "HANT"} & {part.upper() for part in rest}
        return "" if is_traditional else "zh_CN"
    return language.lower() if language.lower() in LANGUAGES else ""


def _of_system(environ: Mapping[str, str]) -> list[str]:
    """What the person set for all programs, best first."""
    named = [name for key in _GNU for name in environ.get(key, "").split(":") if name]
    if named:
        return named
    if sys.platform == "win32":
        import ctypes
        import locale

        return [locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")]
    if sys.platform == "darwin":  # a program opened in Finder has no variables
        try:
            told = subprocess.run(
                ["defaults", "read", "-g", "AppleLanguages"], capture_output=True, text=True, timeout=_LONGEST
            )
        except (OSError, subprocess.TimeoutExpired):
            return []
        return [line.strip(' ",') for line in told.stdout.splitlines() if line.strip("() ")]
    return []
