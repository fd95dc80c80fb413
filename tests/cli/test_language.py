"""The command line and the processes it starts speak the person's language."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def said(*arguments: str, **variables: str) -> tuple[str, str, int]:
    """What a fresh Python prints: the texts of the command line are looked up when its modules are imported."""
    environment = os.environ | {"OASIS_STUDIO_LANGUAGE": "", "PYTHONIOENCODING": "utf-8"} | variables
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, env=environment, timeout=120)
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def test_help_is_korean_where_that_is_asked_for() -> None:
    shown, _errors, code = said("oasis_studio", "--language", "ko", "--help")
    assert code == 0
    assert "레이블 맵" in shown and "─ 명령 ─" in shown
    assert "Paint a label map" not in shown


@pytest.mark.parametrize(
    ("variables", "start"),
    [({"OASIS_STUDIO_LANGUAGE": "de"}, "Fehler: "), ({"LANGUAGE": "", "LC_ALL": "ja_JP.UTF-8"}, "エラー: ")],
)
def test_errors_follow_the_environment(variables: dict[str, str], start: str) -> None:
    _shown, errors, code = said("oasis_studio", "model", "show", "nothing-like-it", **variables)
    assert code == 2
    assert errors.startswith(start)


def test_a_tool_of_the_trainer_speaks_like_the_program_that_starts_it() -> None:
    _shown, errors, code = said("oasis_training.commands.datasets", "check", "nowhere", OASIS_STUDIO_LANGUAGE="ko")
    assert code == 2
    assert errors.startswith("오류: ")


def test_a_language_that_is_not_there_ends_with_a_sentence() -> None:
    _shown, errors, code = said("oasis_studio", "--language", "klingon", OASIS_STUDIO_LANGUAGE="en")
    assert code == 2
    assert "klingon" in errors and "Traceback" not in errors
