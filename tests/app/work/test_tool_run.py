from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.errors import StudioError

COUNTS = """
import json, sys
for n in range(3):
    print(json.dumps({"done": n + 1, "total": 3}), file=sys.stderr)
print(json.dumps({"pairs": 7}))
"""
REFUSES = 'import sys; print("a warning", file=sys.stderr); print("error: No.\\nTry that.", file=sys.stderr); exit(2)'


def tool(program: str) -> ToolRun:
    return ToolRun([sys.executable, "-c", program])


def test_progress_and_the_result_are_told(qtbot: QtBot) -> None:
    run = tool(COUNTS)
    steps: list[tuple[int, int]] = []
    run.progressed.connect(lambda done, total: steps.append((done, total)))
    with qtbot.waitSignal(run.finished, timeout=20_000) as told:
        run.start()
    assert told.args == ['{"pairs": 7}\n'] and steps == [(1, 3), (2, 3), (3, 3)]


def test_an_expected_failure_keeps_sentence_and_hint(qtbot: QtBot) -> None:
    run = tool(REFUSES)
    with qtbot.waitSignal(run.failed, timeout=20_000) as told:
        run.start()
    assert told.args is not None
    error = told.args[0]
    assert isinstance(error, StudioError) and (error.message, error.hint) == ("No.", "Try that.")


@pytest.mark.parametrize("program", ["raise KeyError('x')", "import os; os.abort()"])
def test_a_crash_is_one_sentence_and_its_text_goes_to_the_log(program: str, qtbot: QtBot) -> None:
    run = tool(program)
    with qtbot.waitSignal(run.failed, timeout=20_000) as told:
        run.start()
    assert told.args is not None and "KeyError" not in told.args[0].message


def test_cancelling_ends_it_and_tells_no_failure(qtbot: QtBot) -> None:
    run = tool("import sys; sys.stderr.write('{\"done\": 1}\\n'); sys.stderr.flush(); import time; time.sleep(60)")
    failures: list[object] = []
    run.failed.connect(failures.append)
    with qtbot.waitSignal(run.progressed, timeout=20_000):
        run.start()
    with qtbot.waitSignal(run.cancelled, timeout=20_000):
        run.cancel()
    assert not run.is_running and not failures


def test_what_cannot_be_started_is_told(qtbot: QtBot) -> None:
    run = ToolRun(["/no/such/program"])
    with qtbot.waitSignal(run.failed, timeout=20_000):
        run.start()


def test_what_a_tool_printed_is_not_kept_after_its_end(qtbot: QtBot) -> None:
    owner = QObject()
    for program in (COUNTS, REFUSES):
        run = ToolRun([sys.executable, "-c", program], owner)
        run.start()
        qtbot.waitUntil(lambda: not owner.children(), timeout=20_000)
        assert not run.is_running
        run.cancel()
    ToolRun(["/no/such/program"], owner).start()
    qtbot.waitUntil(lambda: not owner.children(), timeout=20_000)
