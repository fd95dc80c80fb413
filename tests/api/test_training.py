"""Trainings and judgements from scripts: what happens is told, what is cancelled is kept, what fails says why."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oasis_studio.api import Cancelled, StudioError, evaluate, fine_tune, open_model, processes, train
from oasis_studio.core.work.run_folder import is_running
from tests.api.conftest import RECIPE

LONG = RECIPE | {"phases": [{"size": 32, "images": 4_000_000, "batch": 4}]}


def test_a_training_tells_what_happens_and_its_model_renders(place: Path) -> None:
    told: list[dict[str, Any]] = []
    palette = json.loads((place / "photos" / "classes.json").read_text())
    trained = train(RECIPE | {"classes": palette}, place, place / "run", on_event=told.append, threads=1, device="cpu")
    kinds = [event["event"] for event in told]
    assert kinds[0] == "started" and kinds[-1] == "published" and "step" in kinds
    assert trained.folder == place / "run" and trained.images == 8 and trained.model == "run"
    assert open_model(trained.model).render(np.zeros((32, 32), np.uint8)).shape == (32, 32, 3)

    with pytest.raises(StudioError, match="There is a run in"):
        train("recipe.json", place, place / "run")
    columns = evaluate("run", "photos", limit=8, size=32, all_pairs=True, threads=1, on_event=told.append)["columns"]
    assert [column["kind"] for column in columns][:2] == ["photos", "model"]
    assert [event["text"] for event in told if event["event"] == "stage"][:2] == ["reading photos", "photos"]


def test_a_cancelled_training_is_saved_and_says_where_it_can_go_on(place: Path) -> None:
    seen = threading.Event()

    def watch(event: dict[str, Any]) -> None:
        if event["event"] == "step":
            seen.set()

    with pytest.raises(Cancelled, match=r"cancelled after \d+ images; it can go on from .*run\.$"):
        train(LONG, place, place / "run", on_event=watch, is_cancelled=seen.is_set, threads=1, install=False)
    assert (place / "run" / "state.json").is_file() and (place / "run" / "model" / "model.json").is_file()
    assert not is_running(place / "run")


def test_what_the_listener_raises_ends_the_training(place: Path) -> None:
    def fail(event: dict[str, Any]) -> None:
        raise ValueError(event["event"])

    with pytest.raises(ValueError, match="started"):
        train(LONG, place, place / "run", on_event=fail, threads=1)
    assert not is_running(place / "run")


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: train("nothing.json", "."), "Cannot read the recipe|cannot be read"),
    (lambda: train(RECIPE | {"fases": []}, ".", "run"), "fases"),
    (lambda: train(RECIPE | {"seed": {1, 2}}, ".", "run"), "cannot be written as JSON"),
    (lambda: train(RECIPE, "nowhere", "run"), "nowhere"),
    (lambda: train(RECIPE, ".", "run", start_from="nobody"), 'no model "nobody"'),
    (lambda: fine_tune("nobody", "photos", "Mine", "run"), 'no model "nobody"'),
    (lambda: fine_tune("outdoor", "photos", "Mine", "run", class_map={"lava": "sky"}), "lava"),
    (lambda: fine_tune("outdoor", "nowhere", "Mine", "run"), "nowhere"),
    (lambda: evaluate([], "photos"), "Say which models"),
    (lambda: evaluate("nobody", "photos"), 'no model "nobody"'),
    (lambda: evaluate("outdoor", "nowhere"), "nowhere"),
]


@pytest.mark.parametrize(("call", "sentence"), WRONG)
def test_what_cannot_be_done_says_so(place: Path, call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(StudioError, match=sentence) as told:
        call()
    assert not isinstance(told.value, Cancelled)
    assert str(told.value).endswith((".", "?")) and "\n" not in str(told.value)
    assert not (place / "run" / "model").exists()


def test_a_judgement_can_be_taken_back(place: Path) -> None:
    with pytest.raises(Cancelled, match="cancelled"):
        evaluate("outdoor", "photos", is_cancelled=lambda: True, report="page.html")
    assert not (place / "page.html").exists()


def script(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_a_process_that_breaks_is_told_with_its_last_words() -> None:
    with pytest.raises(StudioError, match="ended before it was done") as told:
        processes.run_to_end(script("raise SystemExit('out of luck')"), print, lambda: False)
    assert told.value.hint == "out of luck"
    with pytest.raises(StudioError, match="cannot be started"):
        processes.run_to_end(["/no/such/program"], print, lambda: False)


def test_text_between_the_events_is_passed_over_and_ctrl_c_waits_for_the_end() -> None:
    told: list[str] = []

    def take(event: dict[str, Any]) -> None:
        told.append(event["event"])
        if event["event"] == "step":
            raise KeyboardInterrupt

    text = """
import sys
print('just text'); print('[1]'); print('{"event": "step"}', flush=True)
sys.stdin.read()
print('{"event": "saved"}')
"""
    with pytest.raises(KeyboardInterrupt):
        processes.run_to_end(script(text), take, lambda: False)
    assert told == ["step", "saved"]
