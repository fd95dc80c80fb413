from __future__ import annotations

import logging
from pathlib import Path

import pytest

from oasis_studio.app.session.settings import MOST_RECENT_FILES, Settings, read_settings, settings_file, write_settings


def test_what_is_written_is_read() -> None:
    settings = Settings(theme="light", language="ko", reduce_motion=True, brush_size=7, recent_files=["/a b.oasis"])
    settings.shortcuts = {"edit.undo": ["F1"], "tool.hand": []}
    write_settings(settings)
    assert read_settings() == settings


def test_only_what_differs_from_the_defaults_is_written() -> None:
    write_settings(Settings(theme="light", autosave_seconds=60))
    assert settings_file().read_text() == 'theme = "light"\n'


def test_without_a_file_there_are_defaults() -> None:
    assert not settings_file().exists() and read_settings() == Settings()


@pytest.mark.parametrize("text", ["theme = ", "\x00\x01", "[[["])
def test_a_damaged_file_gives_the_defaults(text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with caplog.at_level(logging.WARNING):
        assert read_settings(path) == Settings()
    assert "settings" in caplog.text


def test_wrong_entries_are_dropped_and_the_others_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        'theme = "pink"\nbrush_size = "big"\nreduce_motion = true\nunknown = 1\nrecent_files = [1]\n'
        'undo_megabytes = 1\nshortcuts = {"edit.undo" = "X"}\n'
    )
    assert read_settings(path) == Settings(reduce_motion=True, undo_megabytes=32)


def test_an_unwritable_place_loses_nothing_but_the_settings(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    write_settings(Settings(), blocker / "settings.toml")
    assert blocker.read_text() == "in the way"


def test_recent_files_are_few_and_each_is_there_once(tmp_path: Path) -> None:
    settings = Settings()
    for number in range(20):
        settings.remember(tmp_path / f"{number}.oasis")
    settings.remember(tmp_path / "15.oasis")
    assert len(settings.recent_files) == MOST_RECENT_FILES
    assert [Path(name).stem for name in settings.recent_files[:3]] == ["15", "19", "18"]
    settings.forget(tmp_path / "15.oasis")
    assert Path(settings.recent_files[0]).stem == "19"


def test_settings_of_one_start_are_not_stored(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    write_settings(Settings(theme="light"), path)
    write_settings(Settings(is_temporary=True), path)
    assert read_settings(path).theme == "light"
