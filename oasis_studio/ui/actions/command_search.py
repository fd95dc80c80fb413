"""Finding a command by a few letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class FoundCommand:
    """Something that can be done. ``group`` is where it stands in the menus, ``keys`` what triggers it."""

    title: str
    group: str
    keys: str
    run: Callable[[], object]
    english: str = ""
    """The title in English: found by it, too, whatever the language."""
    words: str = ""
    """Others by which it is found."""
    refusal: str = ""
    """Why it cannot be done now, "" where it can."""


def search(commands: list[FoundCommand], text: str) -> list[FoundCommand]:
    """Those that have every word of ``text``, the best first; without any, those that have its letters in order.

    Commands that cannot be done now come after those that can.
    A word at the beginning of a word counts more than one inside, the title more than the group.
    """
    words = text.lower().split()
    if not words:
        return list(commands)
    scored = [
        (bool(each.refusal), score, place)
        for place, each in enumerate(commands)
        if (score := _score(each, words)) is not None
    ]
    if not scored:
        letters = "".join(words)
        return [each for each in commands if any(_has_in_order(title, letters) for title in _titles(each))]
    return [commands[place] for _is_refused, _score_, place in sorted(scored)]


def _score(command: FoundCommand, words: list[str]) -> int | None:
    """0 for the best match, None where a word is missing."""
    total = 0
    for word in words:
        scores = [score for title in _titles(command) if (score := _score_in(title, word)) is not None]
        if scores:
            total += min(scores)
        elif word in command.group.lower() or word == command.keys.lower() or word in command.words.lower():
            total += 4
        else:
            return None
    return total


def _score_in(title: str, word: str) -> int | None:
    if title.startswith(word):
        return 0
    if any(part.startswith(word) for part in title.split()):
        return 1
    return 2 if word in title else None


def _titles(command: FoundCommand) -> set[str]:
    return {command.title.lower(), command.english.lower() or command.title.lower()}


def _has_in_order(text: str, letters: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
