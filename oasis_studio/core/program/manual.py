"""The manual: its pages in order, one by its topic, and a search through all of them.

Pages are Markdown files, ``resources/manual/LANGUAGE/TOPIC.md``. The index links all others, in the order in which
they are read. What a language lacks is told in English.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import resource

INDEX = "index"
"""Topic of the page that lists the others."""

FIRST_LANGUAGE = "en"
"""It has every page."""

_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)\)")
_ENTRY = re.compile(r"^- \[[^\]]+\]\(([a-z-]+)\.md\)$", re.MULTILINE)
"""Of the index."""
_HEADING = re.compile(r"^(#{1,4}) (.+)$", re.MULTILINE)
_MARKS = re.compile(r"[*`|]+|</?kbd>|^[#>-]+ |^```.*$|-{3,}", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PASSED_OVER = frozenset({
    "a", "all", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has", "have", "how",
    "i", "in", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "so", "that", "the", "there", "they",
    "this", "to", "was", "what", "when", "where", "which", "with", "you", "your",
})  # fmt: skip
_SATURATION, _SHORTNESS = 1.2, 0.6
"""k1 and b of BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009)."""
_HEADING_WEIGHT, _TITLE_WEIGHT = 5, 3
"""So many times does a word count that stands in the heading of a section, or in the title of its page."""
_EXCERPT = 160


@dataclass(frozen=True)
class Section:
    """What stands under one heading. ``anchor`` is the heading's place in a link, "" for the top of the page."""

    topic: str
    title: str
    heading: str
    anchor: str
    text: str
    """Without markup."""


@dataclass(frozen=True)
class Page:
    """One page. ``text`` is Markdown; its links are relative to ``path``."""

    topic: str
    title: str
    path: Path
    text: str

    @property
    def links(self) -> list[str]:
        """Where its links and pictures lead, as they are written."""
        return [target for _text, target in _LINK.findall(self.text)]

    @property
    def sections(self) -> list[Section]:
        """Its parts in order; the first begins with the title."""
        found, start, heading, anchor = [], 0, self.title, ""
        for match in [*_HEADING.finditer(self.text), None]:
            body = self.text[start : match.start() if match else None]
            if start:
                found.append(Section(self.topic, self.title, heading, anchor, plain(body)))
            if match:
                anchor = anchor_of(match[2]) if start else ""
                start, heading = match.end(), plain(match[2])
        return found


@dataclass(frozen=True)
class Found:
    """A section that has the words searched for, and the part of it that shows them."""

    section: Section
    score: float
    excerpt: str


def pages(language: str = FIRST_LANGUAGE) -> list[Page]:
    """All pages in the order of the index, which comes first."""
    return list(_pages(language))


def page(topic: str, language: str = FIRST_LANGUAGE) -> Page:
    """The page on ``topic``; StudioError if the manual has none."""
    for each in _pages(language):
        if each.topic == topic:
            return each
    raise StudioError(_("The manual has no page “{topic}”.").format(topic=topic))


def search(text: str, language: str = FIRST_LANGUAGE) -> list[Found]:
    """Sections that have words of ``text``, the best first; none for a text without words.

    A section that has more of the words, rarer ones, or has them in its heading comes earlier. Words count in
    any of their usual forms, and the last one may be unfinished.
    """
    wanted = list(dict.fromkeys(_words(text)))
    sections, bags, lengths = _bags(language)
    if not wanted or not sections:
        return []
    mean = sum(lengths) / len(lengths)
    scores = [0.0] * len(sections)
    for number, word in enumerate(wanted):
        is_last = number == len(wanted) - 1
        counts = [_count(bag, word, is_last) for bag in bags]
        holders = sum(1 for count in counts if count)
        rarity = math.log(1 + (len(sections) - holders + 0.5) / (holders + 0.5))
        for place, count in enumerate(counts):
            size = 1 - _SHORTNESS + _SHORTNESS * lengths[place] / mean
            scores[place] += rarity * count * (_SATURATION + 1) / (count + _SATURATION * size)
    ranked = sorted((place for place in range(len(sections)) if scores[place] > 0), key=lambda place: -scores[place])
    return [Found(sections[place], scores[place], _excerpt(sections[place].text, wanted)) for place in ranked]


def plain(markdown: str) -> str:
    """The words of ``markdown`` without its marks, in one line."""
    return " ".join(_MARKS.sub(" ", _LINK.sub(r"\1", markdown)).split())


def anchor_of(heading: str) -> str:
    """What a link to ``heading`` has behind its #, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", _LINK.sub(r"\1", heading).lower()).strip().replace(" ", "-")


@lru_cache
def _pages(language: str) -> tuple[Page, ...]:
    folder = resource("manual", FIRST_LANGUAGE)
    first = _read(folder / f"{INDEX}.md")
    topics = _ENTRY.findall(first.text)
    return tuple(_read(_told(topic, language)) for topic in dict.fromkeys([INDEX, *topics]))


def _told(topic: str, language: str) -> Path:
    own = resource("manual", language, f"{topic}.md")
    return own if own.is_file() else resource("manual", FIRST_LANGUAGE, f"{topic}.md")


def _read(path: Path) -> Page:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StudioError(_("The manual has no page “{topic}”.").format(topic=path.stem)) from error
    title = _HEADING.search(text)
    return Page(path.stem, plain(title[2]) if title else path.stem, path, text)


@lru_cache
def _bags(language: str) -> tuple[list[Section], list[Counter[str]], list[int]]:
    """Every section but the index's, how often it has each word, and its length in words."""
    sections = [section for each in _pages(language) if each.topic != INDEX for section in each.sections]
    bags, lengths = [], []
    for section in sections:
        bag = Counter(_words(section.text))
        lengths.append(1 + sum(bag.values()))
        for text, weight in ((section.heading, _HEADING_WEIGHT), (section.title, _TITLE_WEIGHT)):
            for word in _words(text):
                bag[word] += weight
        bags.append(bag)
    return sections, bags, lengths


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text.lower()):
        if match[0] not in _PASSED_OVER:
            yield from _forms(match[0])


def _forms(word: str) -> Iterable[str]:
    """The stem of an English word; pairs of letters where words stand without spaces between them."""
    if _EAST_ASIAN.search(word):
        return [word[at : at + 2] for at in range(max(1, len(word) - 1))]
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return [word.removesuffix(ending)]
    return [word.removesuffix("e") if len(word) > 4 else word]


def _count(bag: Counter[str], word: str, may_go_on: bool) -> int:
    if bag[word] or not may_go_on or len(word) < 3:
        return bag[word]
    return max((count for other, count in bag.items() if other.startswith(word)), default=0)


def _excerpt(text: str, wanted: Iterable[str]) -> str:
    """The stretch of ``text`` around the first of the words."""
    places = [text.lower().find(word) for word in wanted]
    first = min((place for place in places if place >= 0), default=0)
    start = text.rfind(" ", 0, max(0, first - _EXCERPT // 3)) + 1
    end = text.find(" ", start + _EXCERPT)
    piece = text[start : end if end >= 0 else None]
    return ("…" if start else "") + piece + ("…" if end >= 0 else "")
