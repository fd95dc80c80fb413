"""Regions that are probably mislabelled, found in the background and opened from a list."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from oasis_studio.app.training import dataset_doctor
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.ui.docks.dataset import PhotoList
from tests.app import scene
from tests.ui.desk import Desk

WIDTH, HEIGHT = 60, 40
FOUND = {
    "regions": [
        {"name": "photo1", "class": "tree", "reads": "water", "score": 0.9, "share": 0.1, "point": [50, 30]},
        {"name": "elsewhere/photo9", "class": "sky", "reads": "tree", "score": 0.8, "share": 0.5, "point": [1, 1]},
        {"name": "photo0", "class": "water", "reads": "sky", "score": 0.4, "share": 0.2, "point": [5, 5]},
    ]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos; two have label maps of sky with a square of trees at the lower right."""
    made = tmp_path / "holiday"
    (made / "images").mkdir(parents=True)
    (made / "labels").mkdir()
    (made / "classes.json").write_text(json.dumps(scene.SMALL.to_json()))
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    labels[25:35, 45:55] = labels[2:8, 2:8] = 1
    for number in range(3):
        pixels = np.full((HEIGHT, WIDTH, 3), 60 * number + 40, np.uint8)
        Image.fromarray(pixels).save(made / "images" / f"photo{number}.png")
        if number < 2:
            write_labels(made / "labels" / f"photo{number}.png", labels, scene.SMALL)
    return made


@pytest.fixture
def reads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model reads photos."""
    card = desk.session.card
    assert card is not None
    critic = replace(card, capabilities=Capabilities(has_critic=True))
    monkeypatch.setattr(desk.session, "read_card", lambda: setattr(desk.session, "card", critic))


def answer(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(dataset_doctor, "doctor_command", lambda _folder, _model: [sys.executable, "-c", program])


def panel(desk: Desk) -> PhotoList:
    found = desk.window.findChild(PhotoList)
    assert found is not None
    return found


def search(desk: Desk, folder: Path, qtbot: QtBot) -> None:
    desk.window.labelling.open_folder(folder)
    desk.trigger("label.mistakes")
    qtbot.waitUntil(lambda: not desk.studio.doctor.is_running, timeout=60_000)


@pytest.mark.usefixtures("reads")
def test_a_suspect_is_opened_and_selected(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    answer(monkeypatch, f"print({json.dumps(FOUND)!r})")
    search(desk, folder, qtbot)
    suspects = panel(desk).suspects
    assert suspects.items.isVisibleTo(desk.window) and not panel(desk).items.isVisibleTo(panel(desk))
    texts = [suspects.items.item(row).text() for row in range(suspects.items.count())]
    assert texts == ["tree → water · photo1.png", "water → sky · photo0.png"]
    suspects.items.itemClicked.emit(suspects.items.item(0))
    assert desk.session.title == "photo1.png"
    selection = desk.session.selection.current
    assert selection is not None and selection.mask_HW.sum() == 100 and selection.mask_HW[30, 50]


@pytest.mark.usefixtures("reads")
def test_what_was_mended_meanwhile_is_opened_without_a_selection(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    answer(monkeypatch, f"print({json.dumps(FOUND)!r})")
    search(desk, folder, qtbot)
    items = panel(desk).suspects.items
    items.itemClicked.emit(items.item(1))
    assert desk.session.title == "photo0.png" and desk.session.selection.current is None, "it is sky, not water"
    panel(desk).suspects.back_button.click()
    assert desk.studio.doctor.suspects is None and panel(desk).items.isVisibleTo(panel(desk))


@pytest.mark.usefixtures("reads")
def test_progress_is_shown_and_it_can_be_cancelled(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    told = 'import sys; print(\'{"done": 1, "total": 2}\', file=sys.stderr, flush=True); sys.stdin.read(); '
    answer(monkeypatch, told + "import threading; threading.Event().wait()")
    desk.window.labelling.open_folder(folder)
    desk.trigger("label.mistakes")
    suspects = panel(desk).suspects
    qtbot.waitUntil(lambda: "1 of 2" in suspects.state.text(), timeout=60_000)
    assert suspects.bar.isVisibleTo(suspects) and not desk.window.actions_by_id["label.mistakes"].isEnabled()
    suspects.cancel_button.click()
    assert not desk.studio.doctor.is_running and panel(desk).items.isVisibleTo(panel(desk))
    assert desk.window.actions_by_id["label.mistakes"].isEnabled()


@pytest.mark.usefixtures("reads")
def test_failures_are_said(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, no_dialogs: list[str]
) -> None:
    answer(monkeypatch, "import sys; print('error: No pairs here.', file=sys.stderr); sys.exit(2)")
    search(desk, folder, qtbot)
    answer(monkeypatch, "print('[]')")
    search(desk, folder, qtbot)
    assert no_dialogs == ["No pairs here.", "The doctor gave no readable answer."]
    assert not panel(desk).suspects.isVisibleTo(panel(desk))


@pytest.mark.usefixtures("reads")
def test_closing_the_folder_ends_it(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    answer(monkeypatch, f"print({json.dumps(FOUND)!r})")
    search(desk, folder, qtbot)
    desk.trigger("label.close")
    assert desk.studio.doctor.suspects is None and not panel(desk).suspects.isVisibleTo(panel(desk))


def test_without_a_critic_the_reason_is_said(desk: Desk, folder: Path) -> None:
    action = desk.window.actions_by_id["label.mistakes"]
    assert not action.isEnabled() and "Open a folder" in action.toolTip()
    desk.window.labelling.open_folder(folder)
    assert not action.isEnabled() and "without a discriminator" in action.toolTip()
    for path in (folder / "labels").iterdir():
        path.unlink()
    desk.studio.labelling.changed.emit()
    assert "None of these photos is labelled yet" in action.toolTip()


@pytest.mark.usefixtures("reads")
def test_the_real_doctor_reads_the_folder(
    desk: Desk, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    card = desk.session.card
    assert card is not None
    classes = len(scene.SMALL)
    generator = Generator(GeneratorConfig(classes, noise=4, widths=(8, 8, 8), hidden=4))
    critic = Discriminator(DiscriminatorConfig(classes, (8, 8), (8, 8)))
    place = tmp_path / "home" / "models" / card.id
    place.mkdir(parents=True)
    write_model(place, replace(card, palette=scene.SMALL), generator, critic)
    monkeypatch.setenv("OASIS_STUDIO_HOME", str(tmp_path / "home"))
    search(desk, folder, qtbot)
    found = desk.studio.doctor.suspects
    assert found is not None and all(0 <= suspect.index < 2 for suspect in found)
    for suspect in found:
        desk.studio.doctor.look_at(suspect)
        selection = desk.session.selection.current
        assert selection is not None and selection.mask_HW[suspect.point[1], suspect.point[0]]
