"""The catalogues: in line with the code, as complete as is promised, compiled, and readable with our fonts."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from oasis_studio import i18n

pytest.importorskip("babel")

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
COMPLETE = {"ko": 1.0, "de": 0.99, "ja": 0.99, "zh_CN": 0.99}
"""The share of the texts that each language has at least. English is the text in the code."""
DOMAINS = ("oasis_studio", "oasis_names", "oasis_libraries")
CASES = [(language, domain) for language in COMPLETE for domain in DOMAINS]
FORMS = {"de": 2, "ko": 1, "ja": 1, "zh_CN": 1}


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """packaging/languages.py and packaging/fonts.py as build.py finds them."""
    sys.path.insert(0, str(PACKAGING))
    yield {name: importlib.import_module(name) for name in ("folder", "languages", "fonts")}
    sys.path.remove(str(PACKAGING))
    for name in ("folder", "languages", "fonts"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def catalogues(scripts: dict[str, ModuleType]) -> dict[tuple[str, str], Any]:
    return {case: scripts["languages"].read(*case) for case in CASES}


def test_every_language_that_can_be_chosen_has_catalogues(scripts: dict[str, ModuleType]) -> None:
    assert set(scripts["languages"].LANGUAGES) == set(COMPLETE) == set(i18n.LANGUAGES) - {"en"}


@pytest.mark.parametrize("domain", DOMAINS[:2])
def test_the_catalogues_have_the_texts_of_the_code_and_no_others(
    scripts: dict[str, ModuleType], catalogues: dict[tuple[str, str], Any], domain: str
) -> None:
    languages = scripts["languages"]
    found = languages.texts() if domain == "oasis_studio" else languages.names()
    wanted = {message if isinstance(message, str) else message[0] for _file, _line, message in found}
    for language in COMPLETE:
        there = {message_key(message) for message in messages(catalogues[language, domain])}
        assert there == wanted, "run packaging/build.py update"


@pytest.mark.parametrize(("language", "domain"), CASES)
def test_as_much_is_translated_as_is_promised(
    catalogues: dict[tuple[str, str], Any], language: str, domain: str
) -> None:
    found = messages(catalogues[language, domain])
    missing = [message_key(message) for message in found if not all(forms(message.string))]
    assert 1 - len(missing) / len(found) >= COMPLETE[language], f"{len(missing)} without translation: {missing[:20]}"


@pytest.mark.parametrize(("language", "domain"), CASES)
def test_fields_menu_letters_and_line_breaks_are_kept(
    catalogues: dict[tuple[str, str], Any], language: str, domain: str
) -> None:
    wrong = []
    for message in messages(catalogues[language, domain]):
        sources, translations = forms(message.id), forms(message.string)
        if not all(translations):
            continue
        if len(sources) > 1 and len(translations) != FORMS[language]:
            wrong.append((message_key(message), "another number of forms"))
        kept = [marks(source) for source in sources]
        wrong += [(message_key(message), text) for text in translations if marks(text) not in kept]
    assert not wrong


@pytest.mark.parametrize(("language", "domain"), CASES)
def test_what_the_program_reads_is_what_the_catalogues_say(
    scripts: dict[str, ModuleType], catalogues: dict[tuple[str, str], Any], language: str, domain: str
) -> None:
    languages = scripts["languages"]
    there = languages.source(language, domain).with_suffix(".mo").read_bytes()
    assert there == languages.compiled(catalogues[language, domain]), "run packaging/build.py compile"


@pytest.mark.parametrize(
    ("language", "weight"), [("ko", "regular"), ("ko", "bold"), ("ja", "regular"), ("zh_CN", "regular")]
)
def test_our_fonts_have_every_character_of_the_catalogues(
    scripts: dict[str, ModuleType], language: str, weight: str
) -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    fonts = scripts["fonts"]
    font = ttlib.TTFont(fonts.FONTS / f"studio-{language}-{weight}.otf")
    missing = {mark for mark in translated(scripts, language) if mark.isprintable()} - set(map(chr, font.getBestCmap()))
    assert not missing, "run packaging/build.py fonts"


def translated(scripts: dict[str, ModuleType], language: str) -> Iterator[str]:
    """Every character of a language's translations that its own script is written with."""
    for domain in DOMAINS:
        for message in scripts["languages"].read(language, domain):
            if message.id:
                yield from (mark for mark in "".join(forms(message.string)) if mark >= "\u0f00")


def messages(catalogue: Any) -> list[Any]:
    return [message for message in catalogue if message.id]


def message_key(message: Any) -> str:
    return forms(message.id)[0]


def forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def marks(text: str) -> tuple[list[str], int, int]:
    """What a translation has to keep."""
    return (
        sorted(re.findall(r"\{[^{}]*\}|%\(\w+\)[sr]|%s", text)),
        len(re.findall(r"&(?=[^\s&;])", text)),
        text.count("\n"),
    )
