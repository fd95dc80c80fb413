"""Examples in docstrings and in the manual do what they show."""

from __future__ import annotations

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from oasis_studio import api
from oasis_studio.paths import resource

MODULES = ["oasis_studio.api", *(f"oasis_studio.api.{each.name}" for each in pkgutil.iter_modules(api.__path__))]
_TRAINING = "## Train"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.failed == 0


def test_what_should_have_examples_has_some() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    shown = sum(len(test.examples) for name in MODULES for test in finder.find(import_module(name)))
    assert shown >= 15


def blocks(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def page() -> tuple[str, str]:
    """What comes before the trainings, and the rest."""
    before, heading, after = resource("manual", "en", "python.md").read_text(encoding="utf-8").partition(_TRAINING)
    assert heading
    return before, after


def test_the_page_of_the_manual(place: Path) -> None:
    names: dict[str, Any] = {}
    found = blocks(page()[0])
    assert len(found) >= 6
    for block in found:
        exec(compile(block, "python.md", "exec"), names)
    assert (place / "meadow.png").is_file() and (place / "meadow.oasis").is_file()


@pytest.mark.slow
def test_the_trainings_on_the_page(place: Path) -> None:
    names: dict[str, Any] = {}
    exec("from oasis_studio.api import *", names)
    found = blocks(page()[1])
    assert len(found) >= 3
    for block in found:
        exec(compile(block, "python.md", "exec"), names)
