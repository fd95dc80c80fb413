"""Finding a command by a few letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class FoundCommand:
    """Something that can be done now. ``group`` is where it stands in the menus, ``keys`` what triggers it."""

    title: str
    group: str
    keys: str
    run: Callable[[], object]


def search(commands: list[FoundCommand], text: str) -> list[FoundCommand]:
    """Those that have every word of ``text``, the best first; without any, those that have its letters in order.

    A word at the beginning of a word counts more than one inside, the title more than the group.
    """
    words = text.lower().split()
    if not words:
        return list(commands)
    scored = [(score, place) for place, each in enumerate(commands) if (score := _score(each, words)) is not None]
    if not scored:
        letters = "".join(words)
        return [each for each in commands if _has_in_order(each.title.lower(), letters)]
    return [commands[place] for _score_, place in sorted(scored)]


def _score(command: FoundCommand, words: list[str]) -> int | None:
    """0 for the best match, None where a word is missing."""
    title, group = command.title.lower(), command.group.lower()
    total = 0
    for word in words:
        if title.startswith(word):
            total += 0
        elif any(part.startswith(word) for part in title.split()):
            total += 1
        elif word in title:
            total += 2
        elif word in group or word == command.keys.lower():
            total += 4
        else:
            return None
    return total


def _has_in_order(text: str, letters: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
