from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from oasis_studio.core.disk.whole_files import read_json, read_table, read_text
from oasis_studio.errors import StudioError


@pytest.mark.parametrize(
    "write",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    ],
)
def test_text_of_other_systems(tmp_path: Path, write) -> None:
    text = '{"하늘": 1,\n "b": 2}\n'
    (tmp_path / "a.json").write_bytes(write(text))
    assert read_text(tmp_path / "a.json") == text and read_json(tmp_path / "a.json") == json.loads(text)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", r"no JSON \(line 1, column 1\)"),
        (b'{"a": 1,\n "b" 2}', r"no JSON \(line 2, column 6\)"),
        (b"[" * 100_000, "no JSON that can be read"),
        (b"9" * 5000, "no JSON that can be read"),
        (b"ok\n\xb0\xa1", r"no text in UTF-8 \(line 2\)"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(StudioError, match=rf"a\.json is {sentence}"):
        read_json(tmp_path / "a.json")
    with pytest.raises(StudioError, match="cannot be read"):
        read_json(tmp_path)


def test_halves_of_letters_become_question_marks(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(r'{"\ud800": ["a\udc00", "\ud83d\ude00", 1]}')
    assert read_json(tmp_path / "a.json") == {"?": ["a?", "\U0001f600", 1]}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_of_spreadsheets(tmp_path: Path, mark: str) -> None:
    rows = [["name", " r"], ["sky", "1"], ['"two\nlines"', "2"], ["short"]]
    text = "\r\n".join(mark.join(row) for row in rows) + "\r\n"
    (tmp_path / "a.csv").write_bytes(codecs.BOM_UTF8 + text.encode())
    assert read_table(tmp_path / "a.csv") == [
        {"name": "sky", "r": "1"},
        {"name": "two\nlines", "r": "2"},
        {"name": "short", "r": ""},
    ]
