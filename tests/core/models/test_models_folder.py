"""Models live where the person said, for every part of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from oasis_studio.core.models.library import default_library
from oasis_studio.core.models.models_folder import choose_models_folder
from oasis_studio.errors import StudioError
from oasis_studio.paths import MODELS_NOTE, home
from tests.app.scene import SMALL, card


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OASIS_STUDIO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_models_are_found_in_the_chosen_folder_and_nothing_else_moves(own_home: Path, tmp_path: Path) -> None:
    assert home("models") == own_home / "models"
    elsewhere = tmp_path / "large disk" / "모델"
    choose_models_folder(elsewhere)
    assert home("models") == elsewhere and elsewhere.is_dir() and home("runs") == own_home / "runs"
    (elsewhere / "mine").mkdir()
    card("mine", "Mine", SMALL).write(elsewhere / "mine")
    assert "mine" in [each.id for each in default_library().cards()]
    choose_models_folder(None)
    assert home("models") == own_home / "models" and (elsewhere / "mine").is_dir()


def test_a_folder_that_cannot_be_written_is_refused_and_the_old_one_stays(own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StudioError) as caught:
        choose_models_folder(tmp_path / "file")
    assert caught.value.message == f"Nothing can be written into {tmp_path / 'file'}."
    assert home("models") == own_home / "models"


@pytest.mark.parametrize("content", [b"", b"models", b"\xff\xfe\x00"])
def test_a_broken_note_counts_as_none(own_home: Path, content: bytes) -> None:
    home("settings").mkdir(parents=True)
    (home("settings") / MODELS_NOTE).write_bytes(content)
    assert home("models") == own_home / "models"
