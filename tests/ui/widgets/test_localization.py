"""The window in other languages: fonts, direction, commands found by their English names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from oasis_studio import i18n
from oasis_studio.core.program.language import use_language
from oasis_studio.ui.actions.actions import plain
from oasis_studio.ui.actions.command_search import FoundCommand, search
from oasis_studio.ui.widgets import localization


@pytest.fixture(autouse=True)
def english_afterwards(qapp: QApplication) -> Iterator[None]:
    yield
    i18n.install("en", Path("nowhere"))
    localization.apply(qapp)
    QLocale.setDefault(QLocale.c())


def test_korean_comes_with_a_font_of_its_own(qapp: QApplication) -> None:
    use_language("ko", "", {})
    localization.apply(qapp)
    first = localization.families("Sans")[0]
    assert first in QFontDatabase.families()
    assert QFontDatabase.WritingSystem.Korean in QFontDatabase.writingSystems(first)
    assert QLocale().language() == QLocale.Language.Korean
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight


def test_dates_are_in_the_language_that_was_chosen_not_in_that_of_the_systems_dates() -> None:
    code = "from oasis_studio.ui.widgets.localization import locale_of; print(ascii(locale_of('ko').dayName(1)))"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LC_")}
    environment |= {"LANG": "C.UTF-8", "LANGUAGE": "ko"}
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.strip() == ascii("월요일")


def test_elsewhere_the_systems_font_comes_first() -> None:
    use_language("de", "", {})
    assert localization.families("Sans")[0] == "Sans"
    assert len(localization.families("Sans")) == 4


@pytest.mark.parametrize(
    ("title", "shown"),
    [("&File", "File"), ("파일(&F)", "파일"), ("열기(&O)…", "열기…"), ("A && B", "A & B"), ("Size (px)", "Size (px)")],
)
def test_menu_letters_are_no_part_of_a_name(title: str, shown: str) -> None:
    assert plain(title) == shown


def test_a_command_is_found_by_its_english_name_too() -> None:
    commands = [
        FoundCommand("채우기", "그리기", "", print, "Fill"),
        FoundCommand("내보내기", "파일", "", print, "Export"),
    ]
    assert [found.english for found in search(commands, "exp")] == ["Export"]
    assert [found.english for found in search(commands, "채우")] == ["Fill"]
    assert [found.english for found in search(commands, "xpt")] == ["Export"]
