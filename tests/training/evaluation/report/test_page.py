"""The HTML report: whole, harmless and self-contained."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import torch
from oasis_training.evaluation.judgement import Column, Judgement
from oasis_training.evaluation.measures import measures
from oasis_training.evaluation.report.page import LARGE, page
from oasis_training.evaluation.report.scale import scale
from oasis_training.evaluation.resampling import Estimate

from tests.training.conftest import OUTDOOR
from tests.training.evaluation.conftest import Judged
from tests.training.evaluation.test_plain import noise

_VOID = {"meta", "img", "circle", "line"}


class Balance(HTMLParser):
    """Every element is closed by its own end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag


def test_a_report_of_a_real_judgement(judged: Judged) -> None:
    text = judged.page
    found = Balance(text)
    assert found.open == [] and found.sources
    assert all(source.startswith("data:image/") for source in found.sources)
    assert not re.search(r"https?://|url\(|@import", text)
    for words in ("KID-E", "Not comparable", "prefers-color-scheme", "one label map, several seeds", "one region anew"):
        assert words in text
    assert "IoU of" in text and ">tree<" not in text  # the data has none


def column(name: str, **values: float) -> Column:
    found = {key: Estimate(value, value - 1, value + 1) for key, value in values.items()}
    return Column(name, "model", noise(9, 32), found)


def test_names_are_no_markup_and_missing_numbers_no_trouble() -> None:
    photos = replace(column("photos", kid_e=0.0, fd_e=1.0), kind="photos")
    odd = column("<script>alert(1)</script>", kid_e=3.0, fd_e=float("nan"))
    names = tuple(f'a"{index}' for index in range(9))
    text = page(Judgement("d&ata", OUTDOOR, names, 32, (photos, odd), ()), torch.zeros(9, 32, 32, dtype=torch.long))
    assert "<script>" not in text and "&lt;script&gt;" in text and "d&amp;ata" in text
    assert Balance(text).open == []
    assert "<b>3.000</b><span>KID-E" in text


def test_the_large_figures_are_measures() -> None:
    assert set(LARGE) <= {measure.key for measure in measures()}


def test_the_scale_spans_what_was_found() -> None:
    measure = next(entry for entry in measures() if entry.key == "kid_e")
    photos = replace(column("photos", kid_e=0.0), kind="photos")
    drawn = scale([photos, column("one", kid_e=5.0), column("two", kid_e=10.0)], measure)
    places = [float(x) for x in re.findall(r'circle cx="([\d.]+)"', drawn)]
    assert places == pytest.approx([8, 100, 192])
    assert scale([photos], measure) == "" and scale([photos, photos], measure) == ""
