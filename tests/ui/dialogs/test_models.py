"""The manager of models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.errors import StudioError
from oasis_studio.ui.dialogs.import_model import ImportModelDialog
from oasis_studio.ui.dialogs.models import ModelsDialog
from oasis_studio.ui.questions import messages
from tests.app import scene


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    """ "small" and "other" come with the program, "mine" is the person's own."""
    made = scene.library(tmp_path / "models")
    own = tmp_path / "models" / "own" / "mine"
    own.mkdir(parents=True)
    scene.card("mine", "Mine", scene.SMALL).write(own)
    return made


@pytest.fixture
def dialog(library: ModelLibrary, qtbot: QtBot) -> Iterator[ModelsDialog]:
    made = ModelsDialog(library, "small")
    qtbot.addWidget(made)
    made.show()
    yield made
    made.done(0)


def choose(dialog: ModelsDialog, model_id: str) -> None:
    dialog.items.setCurrentRow([card.id for card in dialog._cards].index(model_id))


def test_the_model_in_use_is_shown_first_and_cannot_be_deleted(dialog: ModelsDialog) -> None:
    assert dialog.card is not None and dialog.card.id == "small" and dialog.items.count() == 3
    assert not dialog.use_button.isEnabled() and not dialog.delete_button.isEnabled()
    choose(dialog, "mine")
    assert dialog.use_button.isEnabled() and dialog.delete_button.isEnabled()
    assert dialog.details.name.text() == "Mine"


def test_using_a_model_tells_and_closes(dialog: ModelsDialog, qtbot: QtBot) -> None:
    choose(dialog, "other")
    with qtbot.waitSignal(dialog.use_wanted) as told:
        dialog.use_button.click()
    assert told.args == ["other"] and not dialog.isVisible()


def test_a_model_of_ones_own_gets_another_name(
    dialog: ModelsDialog, library: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dialog, "mine")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_rest, **_more: ("  My  meadow ", True))
    dialog.rename_button.click()
    assert library.find("mine")[1].name == "My meadow" and dialog.card is not None and dialog.card.id == "mine"


def test_names_that_are_none_and_models_of_the_program_are_refused(library: ModelLibrary) -> None:
    with pytest.raises(StudioError, match="needs a name"):
        library.rename("mine", "  ")
    with pytest.raises(StudioError, match="keeps its name"):
        library.rename("small", "Tiny")


def test_deleting_asks_first(dialog: ModelsDialog, library: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, True])
    monkeypatch.setattr(messages, "ask_delete_model", lambda _parent, _name: next(answers))
    choose(dialog, "mine")
    dialog.delete_button.click()
    assert dialog.items.count() == 3
    dialog.delete_button.click()
    assert dialog.items.count() == 2 and all(card.id != "mine" for card in library.cards())


def test_a_file_that_is_no_model_is_said(
    dialog: ModelsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    told: list[str] = []
    monkeypatch.setattr(messages, "show_error", lambda _parent, error: told.append(error.message))
    monkeypatch.setattr(ImportModelDialog, "exec", lambda _self: 1)
    broken = tmp_path / "broken.oasismodel"
    broken.write_bytes(b"no zip")
    dialog.install_file(broken)
    assert not dialog.install_button.isEnabled() and dialog.bar.isVisible()
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert len(told) == 1 and dialog.install_button.isEnabled() and not dialog.bar.isVisible()


def test_what_a_checkpoint_does_not_say_is_asked(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "latest_D.pth").touch()
    dialog = ImportModelDialog(tmp_path / "latest_G.pth")
    qtbot.addWidget(dialog)
    dialog.classes.setCurrentIndex(dialog.classes.findData("cityscapes"))
    dialog.name.setText("Streets")
    command = dialog.command()
    assert {"--name=Streets", "--classes=cityscapes", f"--discriminator={tmp_path / 'latest_D.pth'}"} <= set(command)
    assert not any(option.startswith("--encoder") for option in command)
    (tmp_path / "latest_E.pth").touch()
    dialog = ImportModelDialog(tmp_path / "latest_G.pth")
    qtbot.addWidget(dialog)
    assert f"--encoder={tmp_path / 'latest_E.pth'}" in dialog.command()
    shared = ImportModelDialog(tmp_path / "a.oasismodel")
    qtbot.addWidget(shared)
    assert shared.command()[-1] == str(tmp_path / "a.oasismodel") and len(shared.command()) == 7


def test_choosing_no_file_changes_nothing(dialog: ModelsDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_rest: ("", ""))
    dialog.install_button.click()
    assert dialog.items.count() == 3 and not dialog.bar.isVisible()
