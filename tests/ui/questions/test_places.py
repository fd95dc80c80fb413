"""Where file dialogs begin: each purpose has a folder of its own."""

from __future__ import annotations

from pathlib import Path

from oasis_studio.app.session.settings import Settings, read_settings
from oasis_studio.ui.questions.places import Places, Purpose
from tests.ui.desk import Desk


def test_every_purpose_has_the_folder_it_had_last(desk: Desk, tmp_path: Path) -> None:
    places = Places(desk.session, Settings())
    photos, labels = tmp_path / "photos", tmp_path / "labels"
    photos.mkdir()
    labels.mkdir()
    usual = places.folder()
    assert places.folder(Purpose.PHOTOS) == usual
    places.use(Purpose.PHOTOS, photos / "a.png")
    places.use(Purpose.LABELS, labels)
    assert places.folder(Purpose.PHOTOS) == photos and places.folder(Purpose.LABELS) == labels
    assert places.folder(Purpose.OTHER_PROGRAMS) == places.folder() == usual
    assert places.proposal(".png", Purpose.PHOTOS).parent == photos
    assert read_settings().folders == {"photos": str(photos), "labels": str(labels)}
    labels.rmdir()
    assert places.folder(Purpose.LABELS) == usual


def test_an_export_is_remembered_for_the_next_import(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], monkeypatch
) -> None:
    from oasis_studio.ui.questions import file_names

    target = tmp_path / "maps"
    target.mkdir()
    chosen["save"] = target / "one.png"
    desk.trigger("file.export_labels")
    asked: list[Path] = []
    monkeypatch.setattr(file_names, "ask_open", lambda *args: asked.append(args[-1]))
    desk.trigger("file.import")
    assert asked == [target]
