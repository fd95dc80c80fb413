from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from oasis_studio.app.files.autosaver import Autosaver
from oasis_studio.app.files.drawings import Drawings, blank_document, first_document, first_sample, samples
from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.synthesis_thread import SynthesisThread
from oasis_studio.app.session.session import Session
from oasis_studio.core.files.label_maps.files import read_labels
from oasis_studio.core.history.commands import SetSeed
from oasis_studio.errors import StudioError
from tests.app.scene import OTHER, SMALL, InstantRenderer, card


@pytest.fixture
def feed(session: Session) -> Iterator[PhotoFeed]:
    yield PhotoFeed(session, SynthesisThread(InstantRenderer))


@pytest.fixture
def drawings(session: Session, feed: PhotoFeed) -> Drawings:
    return Drawings(session, feed, Autosaver(session, lambda: feed.image_HW3))


def photo() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)


def test_saving_and_opening_gives_the_same_pixels(
    drawings: Drawings, session: Session, feed: PhotoFeed, tmp_path: Path
) -> None:
    session.document.layers[0].labels[10:20, 5:30] = 2
    session.do(SetSeed(99))
    feed.show(photo())
    drawings.save(tmp_path / "a.oasis")
    assert not session.is_modified and session.title == "a.oasis"
    session.open(blank_document(32, 32, SMALL, "small"))
    drawings.open(tmp_path / "a.oasis")
    assert session.document.seed == 99
    assert (session.document.layers[0].labels[10:20, 5:30] == 2).all()
    assert feed.image_HW3 is not None and np.array_equal(feed.image_HW3, photo())


def test_a_file_that_cannot_be_opened_leaves_the_drawing(drawings: Drawings, session: Session, tmp_path: Path) -> None:
    broken = tmp_path / "broken.oasis"
    broken.write_bytes(b"PK no zip")
    kept = session.document
    with pytest.raises(StudioError):
        drawings.open(broken)
    assert session.document is kept


def test_a_failed_save_is_not_a_saved_state(drawings: Drawings, session: Session, tmp_path: Path) -> None:
    session.do(SetSeed(1))
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError):
        drawings.save(tmp_path / "file" / "a.oasis")
    assert session.is_modified and session.path is None


def test_labels_go_out_and_come_back_as_a_layer(drawings: Drawings, session: Session, tmp_path: Path) -> None:
    session.document.layers[0].labels[:, :20] = 2
    session.update_labels(session.document.bounds)
    drawings.export_labels(tmp_path / "labels.png")
    labels = read_labels(tmp_path / "labels.png", SMALL)
    assert np.array_equal(labels, session.labels_HW) and drawings.fits(labels)
    drawings.add_as_layer(labels, "imported")
    assert session.layer is not None and session.layer.name == "imported"
    session.undo()
    assert len(session.document.layers) == 1


def test_labels_of_another_size_become_a_drawing(drawings: Drawings, session: Session) -> None:
    labels = np.ones((20, 30), np.uint8)
    assert not drawings.fits(labels)
    with pytest.raises(StudioError):
        drawings.add_as_layer(labels, "no")
    drawings.open_labels(labels, "street")
    assert (session.document.width, session.document.height) == (30, 20)
    assert session.title == "street" and (session.labels_HW == 1).all()


def test_labels_of_an_impossible_size_leave_the_drawing(drawings: Drawings, session: Session) -> None:
    kept = session.document
    with pytest.raises(StudioError):
        drawings.open_labels(np.zeros((1, 1), np.uint8), "speck")
    assert session.document is kept


def test_the_photo_is_exported_as_it_is_seen(drawings: Drawings, feed: PhotoFeed, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no photo"):
        drawings.export_photo(tmp_path / "a.png")
    feed.show(photo())
    drawings.export_photo(tmp_path / "a.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png").convert("RGB")), photo())


def test_ten_samples_open_as_new_drawings(drawings: Drawings, session: Session) -> None:
    found = samples()
    assert len(found) >= 10 and first_sample() in found
    for sample in found:
        drawings.open_sample(sample)
        assert session.path is None and session.title == sample.title and not session.is_modified


def test_the_first_document_takes_a_model_that_is_there() -> None:
    assert first_document([card("other", "Other", OTHER)]).model == "other"
    assert first_document([card("other", "Other", OTHER)]).background == 1, "not the don't-care class"
    assert len(first_document([]).palette) == 8
    assert first_document([replace(card("other", "Other", OTHER), first_seed=7)]).seed == 7
