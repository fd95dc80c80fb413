"""Models whose image has one style: where it comes from, and what their regions cannot do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.style import IMAGE_SEED, Mix, Origin, OwnSeed, StoredVector, slerp
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.files.projects.swatches import write_swatches
from oasis_studio.core.models.card import ModelCard
from oasis_studio.ui.docks.region_items import CAN_STYLE, STYLE
from oasis_studio.ui.docks.regions import RegionPanel
from oasis_studio.ui.docks.whole_style import WholeStyle
from oasis_studio.ui.questions import messages
from tests.app.scene import SMALL, card
from tests.ui.able_models import use
from tests.ui.desk import Desk

ONE_STYLE = "This model gives the whole image one style: regions cannot differ."
NO_STYLE = "This model has neither noise nor a style code: its photos have one style."


@pytest.fixture
def desk(able_desk: Desk) -> Desk:
    return able_desk


def parts(desk: Desk) -> tuple[RegionPanel, WholeStyle]:
    panel, whole = desk.window.findChild(RegionPanel), desk.window.findChild(WholeStyle)
    assert isinstance(panel, RegionPanel) and isinstance(whole, WholeStyle)
    panel.items.refresh()
    return panel, whole


def refused(desk: Desk, name: str) -> str:
    """The reason in the tooltip of a disabled command; "" if it is enabled."""
    action = desk.window.actions_by_id[name]
    return "" if action.isEnabled() else action.toolTip().split("\n", 1)[1]


def code(desk: Desk) -> list[float]:
    found = desk.renderer.requests[-1].style_code
    assert found is not None
    return found.tolist()


def test_the_list_gives_a_row_for_the_sentence_and_keeps_giving_it(desk: Desk) -> None:
    panel, _whole = parts(desk)
    roomy = panel.view.minimumHeight()
    use(desk, "coded")
    desk.session.regions.choose([desk.session.regions.all[0].key])
    narrow = panel.view.minimumHeight()
    assert 2 * narrow == roomy
    for keys in ((), [desk.session.regions.all[0].key]):
        desk.session.regions.choose(keys)
        assert panel.view.minimumHeight() == narrow, "choosing a region does not give the row back"
    use(desk, "small")
    desk.session.regions.choose(())
    assert panel.view.minimumHeight() == roomy
    panel.search.setText("tree")
    assert panel.view.minimumHeight() == narrow


def test_regions_say_what_they_cannot_do(desk: Desk) -> None:
    panel, whole = parts(desk)
    fields = (panel.fields.seed, panel.fields.roll, panel.fields.strength, panel.fields.mix, panel.fields.second)
    assert whole.isHidden() and all(field.isEnabled() for field in fields)
    use(desk, "coded")
    assert not whole.sentence.text() and whole.photo.isVisible() and whole.photo.isEnabled()
    assert all(field.isEnabled() for field in fields), "the whole image has a style"
    desk.session.regions.choose([desk.session.regions.all[0].key])
    assert whole.sentence.text() == ONE_STYLE and whole.sentence.isVisible() and not whole.photo.isVisible()
    assert not any(field.isEnabled() for field in fields)
    for name in ("region.dice", "region.copy", "region.paste", "region.animate", "tool.style_brush", "tool.gradient"):
        assert refused(desk, name) == ONE_STYLE
    for name in ("critic.realism", "critic.reading", "critic.fix", "photo.labels"):
        assert refused(desk, name) == "The model “coded” comes without a discriminator that names classes."
    assert not refused(desk, "model.dice") and not refused(desk, "region.variations") and not refused(desk, "tool.cut")
    rows = [[panel.items.index(row).data(role) for role in (CAN_STYLE, STYLE)] for row in range(2)]
    assert rows == [[True, "seed 0"], [False, "follows the whole image"]]
    use(desk, "small")
    assert whole.isHidden() and all(field.isEnabled() for field in fields) and not refused(desk, "tool.gradient")


def test_a_model_with_one_photo_says_so(desk: Desk) -> None:
    panel, whole = parts(desk)
    use(desk, "fixed")
    assert whole.sentence.text() == NO_STYLE and not whole.photo.isVisible()
    for name in ("model.dice", "model.next", "region.variations", "region.dice", "photo.style", "tool.style_brush"):
        assert refused(desk, name) == NO_STYLE
    assert panel.items.index(0).data(STYLE) == "always the same photo"
    use(desk, "mute")
    assert refused(desk, "photo.style") == "This model comes without the encoder that reads the style of a photo."
    assert not whole.photo.isEnabled() and "without the encoder" in whole.photo.toolTip()
    assert not whole.sentence.text() and whole.swatches.isEnabled()


def test_a_code_from_a_photo_is_mixed_undone_and_kept_in_the_file(
    desk: Desk,
    photo: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    use(desk, "coded")
    desk.window.critic_actions.take_style(photo)
    qtbot.waitUntil(lambda: WHOLE_IMAGE in desk.session.document.styles)
    panel, _whole = parts(desk)
    assert panel.items.index(0).data(STYLE) == "from photo · evening"
    desk.studio.styles.set_second(OwnSeed(3))
    panel.fields.mix.setValue(50)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    first = np.arange(4, dtype=np.float32)
    other = desk.session.styling.vector(OwnSeed(3), 4)
    mixed = code(desk)
    assert mixed == slerp(first, other, 0.5).tolist()
    file = tmp_path / "scene.oasis"
    write_project(file, desk.session.document)
    read = read_project(file).document
    assert read.styles[WHOLE_IMAGE] == desk.session.document.styles[WHOLE_IMAGE]
    desk.trigger("edit.undo")
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert code(desk) == first.tolist()
    desk.trigger("edit.undo")
    assert desk.studio.styles.style(WHOLE_IMAGE).source == IMAGE_SEED
    desk.session.open(read, file)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert code(desk) == mixed and isinstance(desk.studio.styles.style(WHOLE_IMAGE).source, Mix)


def test_a_code_becomes_a_swatch_and_those_of_other_models_are_refused(
    desk: Desk,
    photo: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(desk, "coded")
    desk.window.critic_actions.take_style(photo)
    qtbot.waitUntil(lambda: WHOLE_IMAGE in desk.session.document.styles)
    swatch = desk.studio.swatches.keep(WHOLE_IMAGE, "evening")
    assert swatch.values == (0.0, 1.0, 2.0, 3.0)
    desk.session.change_seed(9)
    _panel, whole = parts(desk)
    menu = QMenu()
    desk.window.regions.swatches.fill(menu)
    assert menu.actions()[0].text() == "evening" and whole.swatches.menu() is not None
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert code(desk) == [0.0, 1.0, 2.0, 3.0]
    desk.session.regions.choose([desk.session.regions.all[0].key])
    desk.window.regions.swatches.fill(menu)
    assert not menu.actions()[0].isEnabled() and menu.actions()[0].toolTip() == ONE_STYLE
    desk.session.regions.choose(())
    told: list[str] = []
    monkeypatch.setattr(
        messages, "ask_seed_instead", lambda _parent, error, _name, _seed: told.append(error.message) or False
    )
    file = tmp_path / "foreign.swatches"
    write_swatches(file, [StoredVector((1.0,) * 4, "another model", Origin.SWATCH, "dusk")])
    desk.window.regions.swatches.take_in_file(file)
    assert told == [
        "The swatches in foreign.swatches were made with another model; here they would mean something else."
    ]
    assert [each.name for each in desk.studio.swatches.all] == ["evening"]
    use(desk, "outlined")
    assert desk.studio.swatches.all == [], "every model has its own"
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_where_outlines_come_from_is_said_once(desk: Desk) -> None:
    said = "This model reads outlines of instances; every region counts as one."
    use(desk, "outlined")
    assert desk.window.status.tip.text() == said
    desk.window.status.tell("")
    use(desk, "coded")
    use(desk, "outlined")
    assert desk.window.status.tip.text() == ""


def test_a_swatch_of_codes_of_another_length_is_a_seed(desk: Desk, qtbot: QtBot) -> None:
    """Two models of one name: what the numbers mean hangs on the weights, not on the folder."""
    use(desk, "coded")
    made: ModelCard = card("x", "X", SMALL)
    desk.studio.styles.use([WHOLE_IMAGE], StoredVector((1.0, 2.0), made.id, Origin.SWATCH, "short"))
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert len(code(desk)) == 4
