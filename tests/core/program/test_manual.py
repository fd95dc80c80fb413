"""The manual's pages and the search through them, in words that people use."""

from __future__ import annotations

from pathlib import Path

import pytest

from oasis_studio.core.program import manual
from oasis_studio.errors import StudioError


@pytest.mark.parametrize(
    ("asked", "topic", "heading"),
    [
        ("how do I undo", "results", "How do I undo?"),
        ("undo", "results", "How do I undo?"),
        ("lock", "regions", "Lock the pixels"),
        ("out of memory", "trouble", "Out of memory"),
        ("my colours are wrong", "trouble", "My colours are wrong"),
        ("GPU", "graphics-card", "Use a graphics card"),
        ("how many photos", "training", "What you need"),
        ("film", "tutorial-film", "Tutorial: moving water behind a locked house"),
        ("swatch", "words", "Swatch"),
        ("published weights", "models", "Published weights of OASIS and SPADE"),
    ],
)
def test_what_people_ask_is_among_the_first_answers(asked: str, topic: str, heading: str) -> None:
    found = [(each.section.topic, each.section.heading) for each in manual.search(asked)[:6]]
    assert (topic, heading) in found


@pytest.mark.parametrize("asked", ["how do I undo", "lock", "out of memory", "my colours are wrong", "GPU"])
def test_an_answer_shows_a_word_that_was_asked(asked: str) -> None:
    first = manual.search(asked)[0]
    shown = f"{first.section.heading} {first.excerpt}".lower()
    assert any(word in shown for word in asked.lower().split() if word not in ("how", "do", "i", "my", "are", "of"))
    assert first.section.text.replace(" ", "") != ""
    assert len(first.excerpt) < 300


def test_the_best_answer_comes_first() -> None:
    scores = [each.score for each in manual.search("train on photos")]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


@pytest.mark.parametrize("asked", ["", "  ", "?!", "the of and", "xyzzy"])
def test_nothing_is_found_for_nothing(asked: str) -> None:
    assert manual.search(asked) == []


def test_the_last_word_may_be_unfinished() -> None:
    assert manual.search("variat")[0].section.topic == manual.search("variations")[0].section.topic


def test_pages_come_in_the_order_of_the_index() -> None:
    topics = [each.topic for each in manual.pages()]
    assert topics[:2] == ["index", "start"]
    assert len(topics) == len(set(topics)) > 15
    assert all(each.title and each.text.startswith(f"# {each.title}") for each in manual.pages())


def test_a_page_by_its_topic() -> None:
    assert manual.page("trouble").title == "When something is wrong"
    with pytest.raises(StudioError, match="no-such-page"):
        manual.page("no-such-page")


def test_a_language_without_a_page_has_the_english_one() -> None:
    assert manual.page("words", "xx").path == manual.page("words").path


def test_a_page_of_another_language_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, title in (("en", "Words"), ("ko", "낱말")):
        (tmp_path / "manual" / language).mkdir(parents=True)
        (tmp_path / "manual" / language / "words.md").write_text(f"# {title}\n\n{title}.", encoding="utf-8")
    index = "# Manual\n\n- [Words](words.md)\n"
    (tmp_path / "manual" / "en" / "index.md").write_text(index, encoding="utf-8")
    monkeypatch.setattr(manual, "resource", lambda *parts: tmp_path.joinpath(*parts))
    forget()
    try:
        assert [each.title for each in manual.pages("ko")] == ["Manual", "낱말"]
        assert [each.section.topic for each in manual.search("낱말", "ko")] == ["words"]
        assert manual.search("낱말", "en") == []
    finally:
        forget()


def forget() -> None:
    manual._pages.cache_clear()
    manual._bags.cache_clear()


def test_sections_have_the_anchors_of_their_links() -> None:
    sections = {each.heading: each for each in manual.page("regions").sections}
    assert sections["Lock the pixels"].anchor == "lock-the-pixels"
    assert sections["Regions, styles, locks and variations"].anchor == ""
    assert "**" not in sections["Lock the pixels"].text and "kbd" not in sections["Lock the pixels"].text
