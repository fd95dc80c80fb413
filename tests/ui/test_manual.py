"""The manual names nothing that does not exist.

Its markup, in every page of every language (English is checked word by word):

``**File > Save**``      a command, as the menus lead to it; without dots at its end
``<kbd>Ctrl+S</kbd>``    a key; right behind a command, in brackets, it is the key of that command
``*Layers*``             a text of the window: a panel, a dialog, a field, a button, a class, a sample
````oasis-studio …````   a command line: verbs and options
````text````             other code: a file's ending, a folder, a variable, as it stands in the program's sources
``[text](page.md#part)`` a link to a page, a heading, a file of the repository, or a picture
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QMenu

from oasis_studio.cli import child, program, train
from oasis_studio.core.program import manual
from oasis_studio.core.program.manual import Page
from oasis_studio.paths import resource
from tests.ui.desk import Desk

ROOT = Path(__file__).parents[2]
PAGES = [each for each in manual.pages() if each.topic != "python"]
"""The page on Python shows code, which has a test of its own."""
GESTURES = {"Ctrl", "Shift", "Alt", "Space", "Enter", "Esc", "Backspace", "F1"}
"""Keys that are held or end a gesture: the canvases take them, not a command."""
MOST_BYTES, MOST_BYTES_IN_ALL = 60_000, 1_500_000
"""Of pictures."""

_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_BOLD = re.compile(r"\*\*([^*\n]+?)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*([^*\n]+?)\*(?![*\w])")
_CODE = re.compile(r"`([^`\n]+)`")
_KEY = re.compile(r"<kbd>([^<]+)</kbd>")
_COMMAND_AND_KEY = re.compile(r"\*\*([^*]+ > [^*]+)\*\* \(<kbd>([^<]+)</kbd>")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.topic)


def unbroken(page: Page) -> str:
    """Its text without fenced code, every paragraph in one line."""
    return re.sub(r"(?<!\n)\n *(?![\n|#>\-\d ])", " ", _FENCED.sub("", page.text))


def bare(title: str) -> str:
    return re.sub(r" ?\(&[^&]\)", "", title).replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…").strip()


def commands(desk: Desk) -> dict[str, list[str]]:
    """The keys of every command by its path through the menus."""
    found: dict[str, list[str]] = {}

    def walk(menu: QMenu, path: str) -> None:
        for action in menu.actions():
            if action.isSeparator():
                continue
            place = f"{path} > {bare(action.text())}" if path else bare(action.text())
            found[place] = [key.toString() for key in action.shortcuts()]
            inner = next((each for each in menus if each.menuAction() is action), None)
            if inner is not None:
                inner.aboutToShow.emit()
                walk(inner, place)

    bar = desk.window.menuWidget()
    assert bar is not None
    menus = bar.findChildren(QMenu)
    for top in [each for each in menus if each.parent() is not None and not isinstance(each.parent(), QMenu)]:
        walk(top, bare(top.title()))
    return found


@pytest.fixture
def languages(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """packaging/languages.py, which finds all texts of the program."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    yield importlib.import_module("languages")
    for name in ("folder", "languages"):
        sys.modules.pop(name, None)


def window_texts(languages: ModuleType) -> set[str]:
    found: set[str] = set()
    for _place, _line, text in languages.texts():
        found.update(bare(each) for each in (text if isinstance(text, tuple) else (text,)))
    cards = resource("models").glob("*/model.json")
    found |= {json.loads(card.read_text(encoding="utf-8"))["name"] for card in cards}
    return found | {text for _place, _line, text in languages.names()}


def sources() -> str:
    folders = ("oasis_studio", "training/oasis_training")
    return "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))


def command_lines(page: Page) -> Iterator[str]:
    for block in _FENCED.findall(page.text):
        yield from (line for line in block.splitlines() if line.startswith("oasis-studio"))
    yield from (code for code in _CODE.findall(unbroken(page)) if code.startswith("oasis-studio"))


def entered(module: str) -> ModuleType:
    """What ``python -m`` runs."""
    found = importlib.import_module(module)
    return importlib.import_module(f"{module}.__main__") if hasattr(found, "__path__") else found


def test_commands_and_their_keys(desk: Desk) -> None:
    known = commands(desk)
    assert len(known) > 150
    keys = {key for each in known.values() for key in each} | GESTURES
    keys |= {key for spec in desk.window.actions_by_id.specs for key in spec.keys}
    for page in PAGES:
        text = unbroken(page)
        named = [name for name in _BOLD.findall(text) if " > " in name]
        assert [name for name in named if name not in known] == [], page.topic
        assert [key for key in _KEY.findall(text) if key not in keys] == [], page.topic
        wrong = [(name, key) for name, key in _COMMAND_AND_KEY.findall(text) if key not in known[name]]
        assert wrong == [], page.topic


def test_texts_of_the_window(languages: ModuleType) -> None:
    known = window_texts(languages)
    for page in PAGES:
        text = _BOLD.sub("", unbroken(page))
        assert [name for name in _ITALIC.findall(text) if name.rstrip("…") not in known] == [], page.topic


def test_command_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    handed: list[tuple[str, tuple[str, ...]]] = []

    def note(module: str, *arguments: str) -> int:
        handed.append((module, arguments))
        return 0

    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(child, "run_module", note)
    monkeypatch.setattr(train, "run_module", note)
    groups = {"model", "dataset"}
    helps: dict[tuple[str, ...], str] = {}
    for page in PAGES:
        for line in command_lines(page):
            words = re.split(r" {2,}", line)[0].split()[1:]
            verb = tuple(words[: 2 if words and words[0] in groups else 1])
            verb = () if not verb or verb[0].startswith("-") else verb
            if verb not in helps:
                handed.clear()
                assert program.main([*verb, "--help"], selftest=lambda: 0) == 0, line
                for module, arguments in handed:
                    with pytest.raises(SystemExit):
                        entered(module).main(list(arguments))
                helps[verb] = capsys.readouterr().out
            offered = set(_OPTION.findall(helps[verb]))
            assert set(_OPTION.findall(line)) <= offered, f"{page.topic}: {line}"
    assert len(helps) > 8


@each_page
def test_code_stands_in_the_sources(page: Page) -> None:
    written = sources()
    for code in _CODE.findall(unbroken(page)):
        if code.startswith("oasis-studio"):
            continue
        if code.startswith("python3 "):
            assert (ROOT / code.split()[1]).is_file(), code
            continue
        for word in re.findall(r"[^\s/]+", code):
            assert word in written or word.lstrip("-").replace("-", "_") in written, code


@pytest.mark.parametrize("page", manual.pages(), ids=lambda page: page.topic)
def test_links_lead_somewhere(page: Page) -> None:
    for link in page.links:
        path, _hash, anchor = link.partition("#")
        assert "://" not in link, f"{link}: the manual is read where there is no network"
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {manual.anchor_of(heading) for heading in headings}, link


def test_the_index_links_every_page() -> None:
    files = {path.stem for path in resource("manual", "en").glob("*.md")}
    assert files == {each.topic for each in manual.pages()}
    for path in resource("manual").glob("*/*.md"):
        assert path.stem in files, f"{path}: English has no such page"


def test_pictures_are_shown_and_small() -> None:
    shown = {(page.path.parent / link).resolve() for page in manual.pages() for link in page.links}
    pictures = sorted(resource("manual", "pictures").iterdir())
    assert pictures
    assert [path.name for path in pictures if path.resolve() not in shown] == []
    assert [path.name for path in pictures if path.stat().st_size > MOST_BYTES] == []
    assert sum(path.stat().st_size for path in pictures) <= MOST_BYTES_IN_ALL


def test_the_manual_goes_into_wheels_and_installers() -> None:
    """Both take the folder of resources as a whole."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert packed["resources"] == "oasis_studio/_resources"
    assert '(str(ROOT / "resources"), "resources")' in (ROOT / "packaging" / "oasis_studio.spec").read_text()
