"""``oasis-studio benchmark`` prints a table and writes its numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oasis_studio.cli import main


def test_a_table_for_people_and_numbers_for_programs(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "numbers.json"
    assert main(["benchmark", "--model", "small", "--quick", "--size", "64", "--json", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "plain network, fp32" in shown and "is faster here" in shown
    rows = {row["variant"]: row for row in json.loads(out.read_text())}
    assert rows["plain network, fp32"]["ratio_cpu"] == 1
    assert rows["engine fp32"]["max_error"] < 1e-4
    assert {"case", "variant", "ratio_cpu", "ratio_wall", "wall_ms", "max_error", "psnr"} <= rows["engine bf16"].keys()
    assert "engine int8" not in rows, "weights that nobody trained do not bear it"


def test_a_wrong_model_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "--model", "nowhere"]) == 2
    assert capsys.readouterr().err.startswith("error: ")
