"""What is done with kept photos: going back, comparing, giving away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from oasis_studio.app.files.jobs import FileJobs
from oasis_studio.app.photo.comparison import Comparison
from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.synthesis_thread import SynthesisThread
from oasis_studio.app.results.edits import ResultEdits
from oasis_studio.app.results.pictures import SIDE, ResultPictures
from oasis_studio.app.session.session import Session
from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.files.pictures.photo import read_metadata, read_photo
from oasis_studio.core.files.projects.results import made_result, open_photo, pack_scene
from oasis_studio.core.history.document_commands import CropDocument, ScaleDocument
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from tests.app import scene
from tests.core import painters


class Shelf:
    def __init__(self, session: Session, qtbot: QtBot) -> None:
        feed = PhotoFeed(session, SynthesisThread(scene.InstantRenderer))
        self.session, self.qtbot = session, qtbot
        self.jobs = FileJobs(session)
        self.comparison = Comparison(session, feed)
        self.edits = ResultEdits(session, self.comparison, self.jobs)

    def keep(self, seed: int = 0, **how: bool) -> Result:
        document = self.session.document
        photo = painters.photo(document.width, document.height, seed)
        result = made_result(document, photo, document.model.title(), "", 1_700_000_000, **how)
        self.session.keep(result)
        return result

    def wait(self, told: list[StudioError | None]) -> StudioError | None:
        self.qtbot.waitUntil(lambda: bool(told))
        return told.pop()


@pytest.fixture
def shelf(session: Session, qtbot: QtBot) -> Iterator[Shelf]:
    session.document.layers[0].labels[:20] = 1
    session.document.layers[0].labels[:20, 30:] = 2
    session.update_labels(session.document.bounds)
    made = Shelf(session, qtbot)
    yield made
    made.jobs.close()


def test_stars_names_and_deleting_are_steps(shelf: Shelf, session: Session) -> None:
    one, two = shelf.keep(1), shelf.keep(2)
    shelf.edits.star([one, two], True)
    shelf.edits.rename(two, "evening")
    shelf.edits.remove([one])
    (left,) = session.document.results
    assert left.is_starred and left.name == "evening" and shelf.edits.find(one.id) is None
    assert session.history.titles == ["Star results", "Rename result", "Delete results"]
    shelf.edits.star([left], True)
    shelf.edits.rename(left, "evening")
    shelf.edits.remove([])
    assert session.history.undo_count == 3, "nothing to do is no step"
    for _step in range(3):
        session.undo()
    assert session.document.results == (one, two)


def test_a_scene_comes_back_in_one_step(shelf: Shelf, session: Session) -> None:
    session.do(SetStyles({WHOLE_IMAGE: RegionStyle(OwnSeed(5))}))
    kept, labels = shelf.keep(), session.labels_HW.copy()
    session.change_seed(8)
    session.do(CropDocument(Box(0, 0, 32, 32)))
    session.switch_model(session.library.find("other")[1])
    steps = session.history.undo_count
    assert shelf.edits.restore(kept) == ""
    assert session.history.undo_count == steps + 1 and np.array_equal(session.labels_HW, labels)
    assert pack_scene(session.document) == kept.scene and session.document.model == "small"
    assert session.layer in session.document.layers and session.label < len(session.document.palette)
    session.undo()
    assert session.document.model == "other" and session.labels_HW.shape == (32, 32)


def test_without_its_model_the_labels_come_back_in_the_present_one(shelf: Shelf, session: Session) -> None:
    foreign = Palette("foreign", (SemanticClass(0, "water", (1, 2, 3)), SemanticClass(1, "lava", (9, 9, 9))))
    document = scene.document()
    document.model, document.palette, document.seed = "gone", foreign, 77
    document.layers[0].labels[:9] = 0
    document.layers[0].labels[20:30] = 1
    kept = made_result(document, painters.photo(64, 48), "Volcano", "ab", 5)
    session.keep(kept)
    told = shelf.edits.restore(kept)
    assert told == "The model “Volcano” is not installed: its labels are shown by the present one."
    assert session.document.model == "small" and session.document.seed == 77
    assert (session.labels_HW[:9] == 2).all(), "water by its name"
    assert (session.labels_HW[20:30] == 2).all(), "what it does not know shows the background, which was water"
    shelf.edits.restore_styles(kept)
    shelf.edits.compare(kept)
    assert shelf.comparison.snapshot is not None


def test_noise_and_styles_come_back_alone(shelf: Shelf, session: Session) -> None:
    key = session.regions.all[0].key
    session.do(SetStyles({key: RegionStyle(OwnSeed(5))}))
    session.change_seed(4)
    kept = shelf.keep()
    session.change_seed(8)
    session.do(SetStyles({key: RegionStyle()}))
    session.document.layers[0].labels[40:] = 1
    session.update_labels(session.document.bounds)
    labels, steps = session.labels_HW.copy(), session.history.undo_count
    shelf.edits.restore_styles(kept)
    assert session.document.seed == 4 and session.document.styles[key].style == RegionStyle(OwnSeed(5))
    assert np.array_equal(session.labels_HW, labels) and session.history.undo_count == steps + 1


def test_it_is_laid_over_the_drawing_until_that_is_another(shelf: Shelf, session: Session) -> None:
    kept, labels = shelf.keep(is_lossless=True), session.labels_HW.copy()
    session.document.layers[0].labels[:] = 0
    session.update_labels(session.document.bounds)
    shelf.edits.compare(kept)
    comparison = shelf.comparison
    assert comparison.snapshot is not None and np.array_equal(comparison.snapshot.labels_HW, labels)
    assert comparison.photo is not None and np.array_equal(comparison.photo, open_photo(kept))
    session.switch_model(session.library.find("other")[1])
    assert comparison.snapshot is None
    session.do(ScaleDocument(128, 96))
    shelf.edits.compare(kept)
    assert comparison.photo is not None and comparison.photo.shape == (96, 128, 3)
    assert comparison.snapshot is not None and comparison.snapshot.labels_HW.shape == (96, 128)
    session.do(CropDocument(Box(0, 0, 96, 96)))
    assert comparison.snapshot is None and comparison.photo is None
    with pytest.raises(StudioError, match="other proportions"):
        shelf.edits.compare(kept)


def test_a_damaged_scene_is_told_and_changes_nothing(shelf: Shelf, session: Session) -> None:
    broken = replace(shelf.keep(), scene=b"PK nothing")
    for work in (shelf.edits.restore, shelf.edits.restore_styles, shelf.edits.compare):
        with pytest.raises(StudioError, match="damaged"):
            work(broken)
    assert not session.history.can_undo


def test_the_photo_is_written_as_it_was_kept_or_in_another_format(shelf: Shelf, tmp_path: Path) -> None:
    kept, told = shelf.keep(3), []
    shelf.edits.export(kept, tmp_path / "a.jpg", told.append)
    assert shelf.wait(told) is None and (tmp_path / "a.jpg").read_bytes() == kept.photo
    shelf.edits.export(kept, tmp_path / "a.png", told.append)
    assert shelf.wait(told) is None and np.array_equal(read_photo(tmp_path / "a.png"), open_photo(kept))
    for name in ("a.jpg", "a.png"):
        assert read_metadata(tmp_path / name) == {"Software": "OASIS Studio", "Model": "small", "Seed": "0"}
    with pytest.raises(StudioError, match="no ending"):
        shelf.edits.export(kept, tmp_path / "a.xyz", told.append)
    shelf.edits.export(kept, tmp_path / "none" / "a.jpg", told.append)
    assert "does not exist" in str(shelf.wait(told))


def test_several_are_written_into_a_folder_and_nothing_there_is_overwritten(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "dusk.jpg").write_bytes(b"mine")
    named, told = [(shelf.keep(1), "dusk"), (shelf.keep(2), "dusk"), (shelf.keep(3, is_lossless=True), "a/b: c")], []
    shelf.edits.export_all(named, tmp_path, told.append)
    assert shelf.wait(told) is None
    assert sorted(path.name for path in tmp_path.glob("*.[jp]*g")) == [
        "a-b- c.png",
        "dusk (2).jpg",
        "dusk (3).jpg",
        "dusk.jpg",
    ]
    assert (tmp_path / "dusk.jpg").read_bytes() == b"mine"
    assert Image.open(tmp_path / "dusk (3).jpg").size == (64, 48)


def test_small_pictures_are_made_when_they_are_asked_for(shelf: Shelf, session: Session, qtbot: QtBot) -> None:
    session.do(ScaleDocument(800, 400))
    kept = shelf.keep()
    broken = replace(kept, photo=b"\xff\xd8 nothing", id=kept.id + 1)
    pictures = ResultPictures()
    with qtbot.waitSignals([pictures.made, pictures.made]):
        assert pictures.picture(kept) is None and pictures.picture(broken) is None
        assert not pictures.is_broken(broken)
    picture = pictures.picture(kept)
    assert picture is not None and picture.shape == (SIDE // 2, SIDE, 3)
    assert pictures.is_broken(broken) and not pictures.is_broken(kept)
    pictures.close()
