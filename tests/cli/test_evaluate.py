"""``oasis-studio evaluate`` hands its work to the training package."""

from __future__ import annotations

import pytest

from oasis_studio.cli import child, main


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    calls: list[tuple[str, ...]] = []

    def run_module(*arguments: str) -> int:
        calls.append(arguments)
        return 2

    monkeypatch.setattr(child, "run_module", run_module)
    return calls


def test_models_and_data_are_handed_on(started: list[tuple[str, ...]]) -> None:
    arguments = ["evaluate", "one", "two", "photos", "--limit", "50", "--all", "--json", "o.json", "--reader", "s"]
    assert main(arguments) == 2
    assert started == [("oasis_training.commands.evaluation", *arguments[1:])]
