"""When photos are kept, by hand and by themselves, and that nothing wrong is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from oasis_studio.app.results import keeping as result_keeping
from oasis_studio.app.results.keeping import ResultKeeper
from oasis_studio.app.session import gradual_copy
from oasis_studio.app.session.settings import Settings
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.style import Brushed, OwnSeed, Paint, RegionStyle
from oasis_studio.core.files.projects import results
from oasis_studio.core.files.projects.autosave import recoveries
from oasis_studio.core.files.projects.project import read_project
from oasis_studio.core.files.projects.results import open_photo, open_scene
from oasis_studio.core.history.commands import PaintPatch
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from tests.app import scene


class Bench:
    """A studio with a fake renderer, and what its keeper told."""

    def __init__(self, studio: Studio, renderer: scene.InstantRenderer, qtbot: QtBot) -> None:
        self.studio, self.session, self.feed, self.keeper = studio, studio.session, studio.feed, studio.keeper
        self.renderer, self.qtbot = renderer, qtbot
        self.told: list[str] = []
        self.keeper.told.connect(self.told.append)
        self.keeper.failed.connect(lambda error: self.told.append(error.message))

    @property
    def results(self) -> tuple[Result, ...]:
        return self.session.document.results

    def rest(self) -> None:
        """Until the photo is there and nothing is being kept any more."""
        self.qtbot.waitUntil(lambda: self.is_at_rest, timeout=10_000)

    @property
    def is_at_rest(self) -> bool:
        is_waiting = self.keeper._rest.isActive() or self.keeper._decided_at is not None
        return not (self.feed.is_rendering or self.studio.jobs.is_busy or is_waiting)

    def paint(self, label: int = 1) -> None:
        before = self.session.document.layers[0].labels[:10].copy()
        patch = PaintPatch(self.session.document.layers[0].id, Box(0, 0, 64, 10), before, before * 0 + label, "Paint")
        self.session.do(patch)


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def bench(
    tmp_path: Path, qapp: object, qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    monkeypatch.setattr(result_keeping, "_REST_MS", 1)
    renderer = scene.InstantRenderer()
    studio = Studio(scene.library(tmp_path / "models"), lambda: renderer, settings)
    studio.session.open(scene.document())
    studio.start()
    made = Bench(studio, renderer, qtbot)
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None)
    made.rest()
    yield made
    studio.close()


def test_a_photo_is_kept_with_all_that_made_it(bench: Bench) -> None:
    bench.paint(2)
    bench.rest()
    assert not bench.results, "strokes keep nothing"
    bench.session.mark_saved(Path("a.oasis"))
    bench.keeper.keep()
    bench.rest()
    (kept,) = bench.results
    assert bench.feed.image_HW3 is not None and not kept.is_automatic and not kept.is_lossless
    assert np.abs(open_photo(kept).astype(int) - bench.feed.image_HW3).mean() < 8
    assert np.array_equal(open_scene(kept).flatten(), bench.session.labels_HW)
    assert (kept.model, kept.model_name, kept.seed) == ("small", "Small", bench.session.document.seed)
    assert bench.told == ["The photo is kept in the Results panel."] and bench.session.is_modified
    bench.session.undo()
    bench.rest()
    assert bench.results == (kept,), "going back takes no photo away"


def test_a_photo_that_is_being_rendered_is_waited_for(bench: Bench) -> None:
    bench.paint(2)
    assert bench.feed.is_rendering and not bench.feed.is_current
    bench.keeper.keep()
    bench.rest()
    assert np.array_equal(open_scene(bench.results[0]).flatten(), bench.session.labels_HW)


def test_what_changes_while_it_is_copied_is_kept_as_it_is_then(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradual_copy, "_BUDGET_S", -1)
    bench.keeper.keep()
    bench.paint(1)
    bench.rest()
    (kept,) = bench.results
    assert np.array_equal(open_scene(kept).flatten(), bench.session.labels_HW)
    assert bench.feed.image_HW3 is not None
    assert kept.digest == results.digest_of(bench.feed.image_HW3)


def test_the_same_photo_is_kept_once(bench: Bench) -> None:
    for _time in range(2):
        bench.keeper.keep()
        bench.rest()
    assert len(bench.results) == 1 and bench.told[-1] == "This photo was kept already."


def test_without_a_photo_of_the_drawing_there_is_nothing_to_keep(bench: Bench) -> None:
    bench.renderer.failure = ValueError("no")
    bench.paint(2)
    bench.qtbot.waitUntil(lambda: not bench.feed.is_rendering)
    with pytest.raises(StudioError, match="does not show the drawing"):
        bench.keeper.keep()
    bench.feed.show(None)
    with pytest.raises(StudioError, match="no photo yet"):
        bench.keeper.keep()
    bench.renderer.failure = None


DECISIONS: dict[str, Callable[[Bench], object]] = {
    "seed": lambda bench: bench.session.change_seed(7),
    "model": lambda bench: bench.session.switch_model(bench.session.library.find("other")[1]),
    "style": lambda bench: bench.studio.styles.set_seed({WHOLE_IMAGE}, 9),
    "region": lambda bench: bench.studio.styles.roll({bench.session.regions.all[0].key}),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_keeps_the_photo_by_itself(bench: Bench, decision: str) -> None:
    bench.session.mark_saved(Path("a.oasis"))
    DECISIONS[decision](bench)
    bench.rest()
    (kept,) = bench.results
    assert kept.is_automatic and kept.model == bench.session.document.model and not bench.told
    bench.session.undo()
    bench.rest()
    assert not bench.session.is_modified, "what was kept by itself asks no question when the window is closed"
    bench.session.redo()
    bench.rest()
    assert bench.results == (kept,), "it was there"


def test_an_export_keeps_the_photo(bench: Bench, tmp_path: Path) -> None:
    told: list[object] = []
    bench.studio.photo_export.begin(tmp_path / "a.png", told.append)
    bench.qtbot.waitUntil(lambda: told == [None])
    bench.rest()
    assert len(bench.results) == 1


def test_seeds_that_only_run_through_keep_one_photo(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    bench.keeper._rest.setInterval(300)
    for seed in range(1, 9):
        bench.session.change_seed(seed)
        qtbot.waitUntil(lambda: not bench.feed.is_rendering)
    bench.rest()
    assert [kept.seed for kept in bench.results] == [8]


def test_a_brushed_style_is_painting(bench: Bench) -> None:
    brushed = Brushed(Box(0, 0, 9, 9), np.full((9, 9), 200, np.uint8))
    bench.session.do(SetStyles({WHOLE_IMAGE: RegionStyle(paints=(Paint(OwnSeed(3), brushed),))}))
    bench.rest()
    assert not bench.results


def test_nothing_is_kept_by_itself_where_that_is_not_wanted(bench: Bench, settings: Settings) -> None:
    settings.keeps_results = False
    bench.session.change_seed(3)
    bench.rest()
    assert not bench.results


def test_what_was_kept_by_itself_becomes_the_persons_own(bench: Bench, settings: Settings) -> None:
    settings.lossless_results = True
    bench.session.change_seed(3)
    bench.rest()
    (kept,) = bench.results
    bench.keeper.keep()
    bench.rest()
    (mine,) = bench.results
    assert kept.is_lossless and mine.id == kept.id and not mine.is_automatic and bench.session.is_modified
    assert bench.told == ["The photo is kept in the Results panel."]


def test_a_disk_or_a_memory_that_refuses_is_told_only_of_a_photo_that_was_asked_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> Result:
        raise MemoryError

    monkeypatch.setattr(result_keeping, "made_result", refuse)
    bench.session.change_seed(3)
    bench.rest()
    assert not bench.told
    bench.keeper.keep()
    bench.rest()
    assert bench.told == ["There is not enough memory for this."] and not bench.results


def test_another_drawing_gets_nothing_of_the_old_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradual_copy, "_BUDGET_S", -1)
    saved: list[object] = []
    bench.keeper.keep()
    assert bench.studio.jobs.is_busy
    bench.studio.drawings.save_later(Path("nowhere.oasis"), saved.append)
    bench.session.open(scene.document(32, 32))
    bench.rest()
    assert not bench.results and not bench.told
    assert [str(error) for error in saved] == ["Another drawing was opened meanwhile."]
    bench.keeper.keep()
    bench.rest()
    assert len(bench.results) == 1, "and it can keep its own"


def test_what_was_kept_before_saving_is_in_the_file(bench: Bench, tmp_path: Path) -> None:
    path, told = tmp_path / "a.oasis", []
    bench.keeper.keep()
    bench.studio.drawings.save_later(path, told.append)
    bench.qtbot.waitUntil(lambda: told == [None])
    assert len(read_project(path).document.results) == 1
    bench.studio.drawings.export_openraster(tmp_path / "a.ora")
    assert not read_project(tmp_path / "a.ora").document.results, "kept photos are given to nobody by the way"


def test_what_was_kept_is_in_the_copy_of_unsaved_work(bench: Bench) -> None:
    bench.keeper.keep()
    bench.rest()
    with bench.qtbot.waitSignal(bench.studio.autosave.saved):
        bench.studio.autosave.save_now()
    assert len(read_project(recoveries()[0].path).document.results) == 1


def test_a_closed_keeper_waits_for_nothing(bench: Bench) -> None:
    bench.session.change_seed(3)
    bench.keeper.close()
    assert isinstance(bench.keeper, ResultKeeper) and not bench.keeper.findChild(QTimer).isActive()
    bench.qtbot.waitUntil(lambda: not bench.feed.is_rendering)
