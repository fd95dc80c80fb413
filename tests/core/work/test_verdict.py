"""From a critique to regions: scores, the worst one, places that read as something else."""

import numpy as np
import pytest

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.work.jobs import Critique
from oasis_studio.core.work.verdict import mask_score, misreadings, region_scores, worst_region
from tests.app.scene import SMALL


@pytest.fixture
def document() -> Document:
    """Sky above, water below, one pixel of tree."""
    labels = np.zeros((40, 40), np.uint8)
    labels[20:] = 2
    labels[0, 0] = 1
    return Document(40, 40, SMALL, "small", [LabelLayer("ground", labels)])


def critique_of(document: Document) -> Critique:
    labels = document.flatten()
    surprise = np.where(labels == 2, 1.0, np.where(labels == 1, 9.0, 3.0)).astype(np.float32)
    read = labels.copy()
    read[25:32, 5:15] = 0
    read[38, 38] = 0
    sure = np.full(labels.shape, 0.9, np.float32)
    return Critique(1 / surprise, surprise, read, sure, True)


def key(document: Document, label: int) -> RegionKey:
    return RegionKey(document.layers[0].id, label)


def test_every_region_has_a_score(document: Document) -> None:
    scores = region_scores(critique_of(document), RegionMap(document))
    assert scores[key(document, 2)] == pytest.approx(1) and scores[key(document, 0)] == pytest.approx(1 / 3)


def test_the_worst_is_large_enough_and_not_spared(document: Document) -> None:
    regions, critique = RegionMap(document), critique_of(document)
    assert worst_region(critique, regions) == key(document, 0)
    assert worst_region(critique, regions, [key(document, 0)]) == key(document, 2)
    assert worst_region(critique, regions, [key(document, 0), key(document, 2)]) is None


def test_misreadings_are_places_not_pixels(document: Document) -> None:
    (found,) = misreadings(critique_of(document), document.flatten())
    assert found.label == 0 and found.mask_hw.sum() == 70
    assert found.contains(5, 25) and not found.contains(4, 25) and not found.contains(38, 38)


def test_an_unsure_reading_is_no_objection(document: Document) -> None:
    critique = critique_of(document)
    critique.sure_HW[:] = 0.5
    assert misreadings(critique, document.flatten()) == []


def test_a_critique_of_another_size_says_nothing(document: Document) -> None:
    critique = critique_of(document)
    assert misreadings(critique, np.zeros((3, 3), np.uint8)) == []
    other = RegionMap(Document(30, 30, SMALL, "small"))
    assert region_scores(critique, other) == {} and worst_region(critique, other) is None


def test_a_mask_is_scored(document: Document) -> None:
    critique = critique_of(document)
    assert mask_score(critique, document.flatten() == 2) == pytest.approx(1)
    assert mask_score(critique, np.zeros((40, 40), bool)) < 1
