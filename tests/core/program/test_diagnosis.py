"""The report for whoever helps: enough to understand, nothing private."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from oasis_studio.app.session.settings import Settings, settings_file, write_settings
from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.diagnosis import write_diagnosis
from oasis_studio.errors import StudioError
from oasis_studio.paths import home


def test_it_holds_versions_settings_and_log_but_no_names_of_files(tmp_path: Path) -> None:
    write_settings(Settings(theme="light", recent_files=["/secret/place.oasis"]), settings_file())
    home("logs").mkdir(parents=True, exist_ok=True)
    (home("logs") / "oasis-studio.log").write_text(f"could not read {Path.home()}/drawing\n", encoding="utf-8")
    path = tmp_path / "report.zip"
    write_diagnosis(path, default_library(), {"device": "cpu"})
    with zipfile.ZipFile(path) as archive:
        facts = json.loads(archive.read("facts.json"))
        assert facts["device"] == "cpu" and facts["packages"]["numpy"][0].isdigit()
        assert json.loads(archive.read("settings.json")) == {"theme": "light"}
        assert archive.read("logs/oasis-studio.log").decode() == "could not read ~/drawing\n"
        assert b"secret" not in b"".join(archive.read(name) for name in archive.namelist())


def test_settings_that_cannot_be_read_are_no_obstacle(tmp_path: Path) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text("theme = ", encoding="utf-8")
    write_diagnosis(tmp_path / "report.zip", default_library())
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert "not readable" in json.loads(archive.read("settings.json"))


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="could not be saved"):
        write_diagnosis(tmp_path / "missing" / "report.zip", default_library())
