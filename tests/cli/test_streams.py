"""A console or pipe that cannot show a letter ends nothing: every entry point says what it has to say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ENTRY_POINTS = {
    "help": ("oasis_studio", "--help"),
    "list": ("oasis_studio", "model", "list"),
    "show": ("oasis_studio", "model", "show", "outdoor"),
    "wrong use": ("oasis_studio", "render"),
    "error": ("oasis_studio", "render", "없다.png", "-o", "out.png", "--model", "outdoor"),
    "language": ("oasis_studio", "--language", "한국어", "model", "list"),
    "check": ("oasis_studio", "dataset", "check", "없다"),
    "train": ("oasis_training", "없다.json"),
    "datasets": ("oasis_training.commands.datasets", "check", "없다"),
    "evaluation": ("oasis_training.commands.evaluation", "outdoor", "없다"),
    "calibration": ("oasis_training.commands.calibration", "outdoor", "없다"),
    "relabel": ("oasis_training.commands.relabel", "없다", "out", "--model", "outdoor"),
    "fine-tuning": ("oasis_training.commands.fine_tuning", "없다", "--title", "t", "--out", "out"),
}


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_what_cannot_be_encoded_ends_nothing(name: str, encoding: str, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "OASIS_STUDIO_LANGUAGE": "ko"}
    command = [sys.executable, "-m", *ENTRY_POINTS[name]]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    assert done.returncode in (0, 2) and b"UnicodeEncodeError" not in said and b"Traceback" not in said, said
    assert b"?" in said or "없다".encode() in said, "the rest of it is still said"


def test_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/p\xff\xfe.png"
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "OASIS_STUDIO_LANGUAGE": "en"}
    command = [sys.executable, "-m", "oasis_studio", "render", name, "-o", "out.png", "--model", "outdoor"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == 2 and b"Traceback" not in done.stderr and b"error:" in done.stderr
