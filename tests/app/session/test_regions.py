"""The region map follows the drawing a little at a time, and requests do without it where they can."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.app.photo.requests import build_request
from oasis_studio.app.session import regions as regions_module
from oasis_studio.app.session.session import Session
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.work.request import SynthesisRequest
from tests.app import scene


def _session(folder: Path, width: int = 40, height: int = 32) -> Session:
    return Session(scene.library(folder / "models"), scene.document(width, height))


def _noise(request: SynthesisRequest) -> np.ndarray:
    return request.noise_RZ[request.regions_HW]


def _named(regions: RegionMap) -> list[list]:
    return [[regions.keys[number] for number in row] for row in regions.ids_HW.tolist()]


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_slice_by_slice_it_comes_to_the_same(data):
    with tempfile.TemporaryDirectory() as folder:
        session = _session(Path(folder))
    regions, layer = session.regions, session.document.layers[0]
    for _edit in range(data.draw(st.integers(1, 4))):
        left, top = data.draw(st.integers(0, 39)), data.draw(st.integers(0, 31))
        box = Box(left, top, data.draw(st.integers(left + 1, 40)), data.draw(st.integers(top + 1, 32)))
        layer.labels[box.slices] = data.draw(st.sampled_from([0, 1, 2, UNPAINTED]))
        session.update_labels(box)
        for _slice in range(data.draw(st.integers(0, 3))):  # the next edit may come before it is done
            regions.follow()
    while not regions.follow():
        pass
    whole = RegionMap(session.document)
    assert _named(regions.seen) == _named(whole)
    assert [(each.key, each.area) for each in regions.all] == [(each.key, each.area) for each in whole.regions]


def test_a_slice_is_small_and_an_edit_dirties_its_box_alone(tmp_path, monkeypatch):
    session = _session(tmp_path)
    monkeypatch.setattr(regions_module, "_SLICE", 80)
    assert session.regions.map is session.regions.seen
    looked_at: list[Box] = []
    monkeypatch.setattr(RegionMap, "update", lambda self, document, box: looked_at.append(box))
    session.update_labels(Box(5, 7, 25, 18))
    while not session.regions.follow():
        pass
    assert looked_at == [Box(5, top, 25, min(top + 4, 18)) for top in (7, 11, 15)]
    assert session.regions.follow() and len(looked_at) == 3


def test_a_request_of_one_style_is_one_row_and_needs_no_regions(tmp_path, monkeypatch):
    session = _session(tmp_path)
    session.document.layers[0].labels[:9] = 1
    session.update_labels(session.document.bounds)
    tree, sky = (region.key for region in session.regions.all)
    for styles in ({}, {WHOLE_IMAGE: RegionStyle(OwnSeed(8), 0.5)}):
        styling = session.styling.replaced(styles)
        by_region = build_request(session, styling, 1, is_by_region=True)
        with monkeypatch.context() as patch:
            patch.setattr(RegionMap, "update", lambda *_others: 1 / 0)
            session.update_labels(session.document.bounds)
            short = build_request(session, styling, 1)
        assert len(short.noise_RZ) == 1 and len(by_region.noise_RZ) == 2
        assert np.array_equal(_noise(short), _noise(by_region))
    own = build_request(session, session.styling.replaced({sky: RegionStyle(OwnSeed(3))}), 1)
    assert len(own.noise_RZ) == 2
    assert session.card is not None
    sees = replace(session.card.capabilities, sees_instances=True)
    session.card = replace(session.card, capabilities=sees)
    outlined = build_request(session, session.styling, 1)
    assert len(np.unique(outlined.regions_HW)) == 2, "the outlines of the regions are an input of the model"
    assert tree != sky
