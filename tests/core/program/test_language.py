"""Which language is spoken, and that the compiled catalogues are found."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from oasis_studio import i18n
from oasis_studio.core.classes.palette import SemanticClass
from oasis_studio.core.program.language import VARIABLE, matching, use_language
from oasis_studio.errors import StudioError


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    i18n.install("en", Path("nowhere"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ko", "ko"),
        ("ko_KR.UTF-8", "ko"),
        ("de-AT", "de"),
        ("JA_jp", "ja"),
        ("zh_CN.GB18030", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("zh_TW", ""),
        ("zh-Hant", ""),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
        ("en_GB@euro", "en"),
        ("fr_FR", ""),
        ("", ""),
        ("?", ""),
    ],
)
def test_names_of_systems_lead_to_the_languages_that_are_there(name: str, code: str) -> None:
    assert matching([name]) == code


def test_what_is_asked_for_beats_the_variable_beats_the_preference_beats_the_system() -> None:
    environ = {VARIABLE: "ja", "LANG": "ko_KR.UTF-8"}
    assert use_language("de", "zh_CN", dict(environ)) == "de"
    assert use_language("", "zh_CN", dict(environ)) == "ja"
    del environ[VARIABLE]
    assert use_language("", "zh_CN", dict(environ)) == "zh_CN"
    assert use_language("", "", dict(environ)) == "ko"
    assert use_language("", "", environ | {"LANGUAGE": "fr:de:ko"}) == "de"
    assert use_language("", "", {"LANG": "fr_FR"}) == "en"
    assert i18n.language() == "en"


def test_child_processes_speak_the_same() -> None:
    environ: dict[str, str] = {}
    use_language("ko", "", environ)
    assert use_language("", "", environ) == "ko"


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(StudioError, match="klingon") as refused:
        use_language("klingon", "", dict(os.environ))
    assert "ko" in refused.value.hint


def test_an_empty_name_and_names_of_the_persons_own_stay_as_they_are() -> None:
    use_language("ko", "", {})
    assert i18n.local_name("") == ""
    assert SemanticClass(0, "My own class", (0, 0, 0)).title == "My own class"


def test_numbers_have_the_marks_of_the_language() -> None:
    assert i18n.decimal(1234.5, 1) == "1,234.5"
    use_language("de", "", {})
    assert i18n.decimal(1234.5, 1) == "1.234,5"
    assert i18n.decimal(80) == "80"
