"""``oasis-studio evaluate`` hands its work to the training package."""

from __future__ import annotations

import pytest

from oasis_studio.cli import evaluate, main
from tests.cli.test_model import Capture, fails


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    calls: list[tuple[str, ...]] = []

    def run_module(*arguments: str) -> int:
        calls.append(arguments)
        return 2

    monkeypatch.setattr(evaluate, "run_module", run_module)
    return calls


def test_models_and_data_are_handed_on(started: list[tuple[str, ...]]) -> None:
    arguments = ["evaluate", "one", "two", "photos", "--limit", "50", "--all", "--json", "o.json", "--segmenter", "s"]
    assert main(arguments) == 2
    expected = ("judge", "--limit=50", "--json=o.json", "--all", "--segmenter=s", "--", "one", "two", "photos")
    assert started == [("oasis_training.evaluation", *expected)]


def test_a_segmenter_is_trained_by_the_same_verb(started: list[tuple[str, ...]], capsys: Capture) -> None:
    assert main(["evaluate", "--train-segmenter", "photos", "--budget", "20m", "--recipe", "r.json", "--resume"]) == 2
    expected = ("segmenter", "--recipe=r.json", "--budget=20m", "--resume", "--", "photos")
    assert started == [("oasis_training.evaluation", *expected)]
    fails(["evaluate", "--train-segmenter", "one", "photos"], capsys, "takes DATA alone")
    fails(["evaluate", "one", "photos", "--budget", "5m"], capsys, "belong to --train-segmenter")
