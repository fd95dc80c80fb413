"""What is done with styles and locks, over a real feed and a renderer that answers at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.regions.lock_edits import Answer
from oasis_studio.app.session.settings import Settings
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import IMAGE_SEED, Brushed, Linear, Mix, Origin, OwnSeed, Radial, StoredVector
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.errors import StudioError
from tests.app import scene


@pytest.fixture
def studio(tmp_path: Path, qtbot: QtBot) -> Iterator[Studio]:
    made = Studio(scene.library(tmp_path / "models"), scene.InstantRenderer, Settings())
    document = scene.document()
    document.layers[0].labels[:24] = 1
    made.session.open(document)
    made.start()
    qtbot.waitUntil(lambda: made.feed.image_HW3 is not None and not made.feed.is_rendering)
    yield made
    assert made.close()


def keys_of(studio: Studio) -> list[RegionKey]:
    return [region.key for region in studio.session.regions.all]


def settled(studio: Studio, qtbot: QtBot) -> np.ndarray:
    qtbot.waitUntil(lambda: not studio.feed.is_rendering)
    assert studio.feed.image_HW3 is not None
    return studio.feed.image_HW3


def test_dice_seed_copy_paste_and_the_way_back(studio: Studio, qtbot: QtBot) -> None:
    styles, (tree, sky) = studio.styles, keys_of(studio)
    styles.roll([tree, sky])
    rolled = styles.style(tree).source
    assert isinstance(rolled, OwnSeed) and styles.style(sky).source != rolled
    styles.set_seed([tree], 5)
    styles.step_seed([tree], 2)
    assert styles.seed(tree) == 7
    styles.copy(tree)
    styles.paste([sky])
    assert styles.style(sky) == styles.style(tree)
    styles.step([tree], -1)
    styles.step([tree], -1)
    assert styles.style(tree).source == rolled and styles.can_step([tree], 1)
    styles.step([tree], 1)
    assert styles.seed(tree) == 5
    styles.reset([tree])
    assert styles.style(tree).is_plain
    for _step in range(8):
        studio.session.undo()
    assert not studio.session.history.can_undo and styles.style(tree).is_plain
    settled(studio, qtbot)


def test_a_slider_is_one_step_and_follows_meanwhile(studio: Studio, qtbot: QtBot) -> None:
    styles, (tree, _sky) = studio.styles, keys_of(studio)
    styles.set_second(OwnSeed(9))
    before = settled(studio, qtbot)
    for percent in (10, 30, 60):
        styles.try_out(styles.mixed([tree], percent / 100))
    assert styles.style(tree).is_plain and studio.session.history.undo_count == 0
    assert not np.array_equal(settled(studio, qtbot), before), "the photo follows the slider"
    styles.keep(styles.mixed([tree], 0.6), "Mix")
    assert styles.style(tree).source == Mix(IMAGE_SEED, OwnSeed(9), 0.6)
    assert studio.session.history.undo_count == 1
    styles.keep(styles.mixed([tree], 0.0), "Mix")
    assert styles.style(tree).source == IMAGE_SEED
    styles.keep(styles.strengthened([tree], 7), "Strength")
    assert styles.style(tree).strength == 1.2
    settled(studio, qtbot)


def test_the_whole_image_has_a_style_and_the_dice_takes_it_away(studio: Studio, qtbot: QtBot) -> None:
    studio.styles.set_source([WHOLE_IMAGE], OwnSeed(77))
    studio.session.change_seed(5)
    assert studio.styles.style(WHOLE_IMAGE).source == IMAGE_SEED and studio.session.document.seed == 5
    studio.session.undo()
    assert studio.styles.style(WHOLE_IMAGE).source == OwnSeed(77)
    settled(studio, qtbot)


def test_a_model_without_region_noise_says_so(studio: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    styled = Capabilities(has_region_noise=False, style_size=6)
    spade = replace(scene.card("small", "Small", scene.SMALL), noise_size=0, capabilities=styled)
    spade.write(tmp_path / "models" / "small")
    studio.session.read_card()
    tree = keys_of(studio)[0]
    assert not studio.styles.can_style([tree]) and studio.styles.can_style([WHOLE_IMAGE])
    with pytest.raises(StudioError, match="whole image one style"):
        studio.styles.roll([tree])
    studio.styles.set_source([WHOLE_IMAGE], OwnSeed(3))
    studio.variations.start(4)
    assert studio.variations.keys == frozenset()
    settled(studio, qtbot)
    qtbot.waitUntil(lambda: not studio.variations.is_running)


def test_swatches_go_to_regions_and_foreign_ones_become_seeds(studio: Studio, qtbot: QtBot) -> None:
    tree, sky = keys_of(studio)
    studio.styles.set_seed([tree], 5)
    swatch = studio.swatches.keep(tree, "dusk")
    studio.swatches.use([sky], swatch)
    assert np.array_equal(studio.styles.vector(sky), studio.styles.vector(tree))
    assert [each.name for each in studio.swatches.all] == ["dusk"]
    foreign = StoredVector((1.0,) * scene.NOISE, "another model", Origin.SWATCH, "dawn")
    studio.styles.use([sky], foreign)
    assert not np.array_equal(studio.styles.vector(sky), np.ones(scene.NOISE))
    settled(studio, qtbot)


# -- locks ----------------------------------------------------------------------------------------------------------


def test_a_lock_holds_through_dice_and_painting_around_it(studio: Studio, qtbot: QtBot) -> None:
    session, (tree, sky) = studio.session, keys_of(studio)
    studio.locks.lock([tree])
    lock = session.document.locks[tree]
    studio.styles.roll([tree, sky])
    session.change_seed(99)
    assert lock.holds(settled(studio, qtbot)) and studio.locks.is_intact(tree)
    asked: list[str] = []
    studio.locks.ask = lambda name: asked.append(name) or Answer.AROUND
    session.choose_class(2)
    session.resize_brush(10)
    for _time in range(2):
        studio.locks.allow(30, 20)
    assert asked == ["tree"], "once"
    studio.painter.press(30, 20)
    studio.painter.move(30, 40)
    studio.painter.release(30, 40)
    assert (session.labels_HW[:24] == 1).all() and session.labels_HW[35, 30] == 2
    assert lock.holds(settled(studio, qtbot))


def test_locked_regions_keep_their_styles(studio: Studio, qtbot: QtBot) -> None:
    session, styles, (tree, sky) = studio.session, studio.styles, keys_of(studio)
    styles.roll([tree])
    styles.roll([tree])
    before = session.document.styles[tree]
    studio.locks.lock([tree])
    styles.copy(sky)
    for change in (
        styles.roll,
        styles.reset,
        styles.paste,
        lambda keys: styles.set_seed(keys, 5),
        lambda keys: styles.step_seed(keys, 1),
        lambda keys: styles.keep(styles.strengthened(keys, 0.3), "Strength"),
        lambda keys: styles.add_gradient(keys, Linear((0, 0), (9, 9))),
    ):
        count = session.history.undo_count
        with pytest.raises(StudioError, match="locked"):
            change([tree])
        assert session.history.undo_count == count
        change([tree, sky, WHOLE_IMAGE])
        assert session.document.styles[tree] is before
    assert not styles.can_step([tree], -1) and styles.can_step([tree, sky], -1)
    styles.step([tree, sky], -1)
    assert session.document.styles[tree] is before
    settled(studio, qtbot)


def test_unlocking_on_the_way_is_a_step_of_its_own(studio: Studio, qtbot: QtBot) -> None:
    tree = keys_of(studio)[0]
    studio.locks.lock([tree])
    studio.locks.ask = lambda _name: Answer.UNLOCK
    assert not studio.locks.allow(3, 3) and not studio.locks.is_locked(tree) and studio.locks.allow(3, 3)
    studio.session.undo()
    assert studio.locks.is_locked(tree)
    studio.locks.ask = lambda _name: Answer.CANCEL
    assert not studio.locks.allow(3, 3) and not studio.locks.allow(3, 3), "cancelling answers nothing"
    studio.locks.toggle([tree])
    assert not studio.locks.is_locked(tree) and studio.session.selection.paintable is None
    settled(studio, qtbot)


def test_feather_is_kept_within_its_limits(studio: Studio, qtbot: QtBot) -> None:
    tree = keys_of(studio)[0]
    studio.locks.lock([tree])
    studio.locks.set_feather([tree], 99)
    assert studio.session.document.locks[tree].feather == 32
    settled(studio, qtbot)


def test_nothing_and_no_photo_cannot_be_locked(studio: Studio, qtbot: QtBot) -> None:
    with pytest.raises(StudioError, match="No region"):
        studio.locks.lock([])
    with pytest.raises(StudioError, match="no pixels"):
        studio.locks.lock([RegionKey(10**6, 1)])
    settled(studio, qtbot)
    studio.feed.show(None)
    with pytest.raises(StudioError, match="no photo"):
        studio.locks.lock(keys_of(studio))


# -- tools on regions -----------------------------------------------------------------------------------------------


def test_the_style_brush_paints_softly_and_ctrl_wipes(studio: Studio, qtbot: QtBot) -> None:
    session, (tree, _sky) = studio.session, keys_of(studio)
    session.choose_tool(ToolKind.STYLE_BRUSH)
    session.resize_brush(20)
    styler = studio.gestures.chosen
    assert styler is studio.gestures.styler
    styler.press(20, 12)
    assert session.history.undo_count == 0
    styler.release(40, 12)
    shape = studio.styles.style(tree).paints[0].shape
    assert isinstance(shape, Brushed) and shape.amounts_hw.max() > 245
    row = shape.amounts_hw[:, 20].astype(int)
    assert 0 < row[2] < 128, "soft at its edge"
    styler.press(20, 12)
    styler.release(50, 12)
    assert len(studio.styles.style(tree).paints) == 1 and session.history.undo_count == 2, "the same paint, longer"
    styler.press(0, 12, control=True)
    styler.release(64, 12)
    wiped = studio.styles.style(tree).paints
    assert not wiped or (isinstance(wiped[0].shape, Brushed) and wiped[0].shape.amounts_hw.max() < 128)
    settled(studio, qtbot)


def test_escape_takes_the_brushed_style_back(studio: Studio, qtbot: QtBot) -> None:
    studio.session.choose_tool(ToolKind.STYLE_BRUSH)
    studio.gestures.styler.press(20, 12)
    assert studio.gestures.open is studio.gestures.styler
    studio.gestures.styler.cancel()
    assert studio.gestures.open is None and not studio.session.has_open_stroke
    assert not studio.session.history.can_undo
    settled(studio, qtbot)


def test_gradients_straight_and_round(studio: Studio, qtbot: QtBot) -> None:
    session, (tree, _sky) = studio.session, keys_of(studio)
    session.choose_tool(ToolKind.GRADIENT)
    styler = studio.gestures.styler
    styler.press(5, 5)
    styler.release(5.5, 5)
    assert studio.styles.style(tree).is_plain, "a click is no gradient"
    styler.press(5, 5)
    styler.release(40, 5)
    assert studio.styles.style(tree).paints[0].shape == Linear((5, 5), (40, 5))
    styler.press(5, 5, control=True)
    styler.release(5, 15)
    assert [paint.shape for paint in studio.styles.style(tree).paints] == [Radial((5, 5), 10)]
    studio.styles.clear_paints([tree])
    assert studio.styles.style(tree).is_plain
    settled(studio, qtbot)


def test_a_stroke_cuts_a_region(studio: Studio, qtbot: QtBot) -> None:
    session = studio.session
    session.choose_tool(ToolKind.CUT)
    styler = studio.gestures.styler
    styler.press(30, -1)
    styler.release(30, 27)
    assert len([key for key in keys_of(studio) if key.label == 1]) == 2
    styler.press(5, 5)
    with pytest.raises(StudioError, match="divide"):
        styler.release(6, 6)
    settled(studio, qtbot)


# -- renders beside the photo ---------------------------------------------------------------------------------------


def test_variations_come_one_by_one_and_one_is_picked(studio: Studio, qtbot: QtBot) -> None:
    session, (tree, sky) = studio.session, keys_of(studio)
    session.regions.choose([tree])
    scores = iter([0.1, 0.9, 0.5, 0.2])
    studio.variations.judge = lambda _image, _keys, tell: tell(next(scores))
    studio.variations.start(4)
    qtbot.waitUntil(lambda: not studio.variations.is_running)
    images = [each.image_HW3 for each in studio.variations.all]
    assert len(images) == 4 and all(image is not None for image in images)
    assert studio.variations.order == [1, 2, 3, 0], "the best first"
    assert session.history.undo_count == 0 and studio.styles.style(tree).is_plain
    studio.variations.pick(2)
    assert session.history.undo_count == 1 and studio.styles.style(sky).is_plain
    assert np.array_equal(settled(studio, qtbot), images[2])
    session.undo()
    assert studio.styles.style(tree).is_plain
    settled(studio, qtbot)


def test_variations_of_the_image_are_seeds_and_locked_regions_stay(studio: Studio, qtbot: QtBot) -> None:
    tree = keys_of(studio)[0]
    studio.variations.start(99)
    assert len(studio.variations.all) == 36
    qtbot.waitUntil(lambda: studio.variations.all[0].image_HW3 is not None)
    studio.variations.cancel()
    assert 1 <= len(studio.variations.all) < 37
    studio.variations.pick(0)
    assert studio.session.document.seed == studio.variations.all[0].seed
    settled(studio, qtbot)
    studio.locks.lock([tree])
    studio.session.regions.choose([tree])
    with pytest.raises(StudioError, match="locked"):
        studio.variations.start(4)


def test_an_animation_is_rendered_and_written(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    tree = keys_of(studio)[0]
    steps: list[int] = []
    studio.animation.progressed.connect(lambda done, _total: steps.append(done))
    with qtbot.waitSignal(studio.animation.finished, timeout=20_000):
        studio.animation.start([tree], tmp_path / "loop.gif", 8, 12)
    assert (tmp_path / "loop.gif").stat().st_size > 100 and steps == sorted(steps)
    assert not studio.session.history.can_undo, "the drawing stays what it is"
    with pytest.raises(StudioError, match="cannot be written"):
        studio.animation.start([tree], tmp_path / "none" / "loop.mp4", 8, 12)
    with qtbot.waitSignal(studio.animation.cancelled, timeout=20_000):
        studio.animation.start([tree], tmp_path / "other.gif", 300, 12)
        studio.animation.cancel()
    assert not (tmp_path / "other.gif").exists() and not studio.animation.is_running
