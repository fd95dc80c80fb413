from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from oasis_training.commands.evaluation import main

from tests.training.evaluation.own_files import Blue, Pooled, script


@dataclass(frozen=True)
class Judged:
    """What the command said: ``facts`` of its JSON file, its HTML ``page``, and what was ``shown`` in the terminal."""

    facts: dict[str, Any]
    page: str
    shown: str


@pytest.fixture(scope="session")
def judged(data: Path, model: Path, reader: Path, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """The tiny model, twice, on all pairs, with every measure there is."""
    folder = tmp_path_factory.mktemp("judged")
    inception, own = script(Pooled(), folder / "i.pt"), script(Blue(8), folder / "s.pt")
    file, page, shown = folder / "out.json", folder / "report.html", io.StringIO()
    places = [model, model, data / "pairs", "--all", "--classes", "outdoor8", "--reader", reader]
    options = ["--inception", inception, "--own-segmenter", own, "--json", file, "--report", page]
    with redirect_stdout(shown):
        assert main(["--device", "cpu", *map(str, [*places, *options])]) == 0
    return Judged(json.loads(file.read_text()), page.read_text(encoding="utf-8"), shown.getvalue())
