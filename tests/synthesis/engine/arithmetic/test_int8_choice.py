"""Bytes are used where they are there, right, faster, and asked for; what is at rest is in floats."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.synthesis.engine import calibration
from oasis_studio.synthesis.engine import renderer as renderer_module
from oasis_studio.synthesis.engine.arithmetic import int8_choice
from oasis_studio.synthesis.engine.arithmetic.int8_choice import Int8Use, choose_int8, has_fast_int8, most_weight
from oasis_studio.synthesis.engine.arithmetic.quantised import CAREFUL_WEIGHT
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from oasis_studio.synthesis.service.comparison import compare_renderers
from tests.synthesis.rendering.test_renderer import make_model, make_request

CPU = torch.device("cpu")
needs_int8 = pytest.mark.skipif(most_weight(CPU) is None, reason="there are no convolutions in int8 here")


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    make_model(tmp_path / "tiny")
    return ModelLibrary(tmp_path, tmp_path / "own")


@pytest.fixture
def fresh() -> Iterator[None]:
    """As in a new process."""
    int8_choice._most_weight.cache_clear()
    int8_choice._is_faster.cache_clear()
    yield
    int8_choice._most_weight.cache_clear()
    int8_choice._is_faster.cache_clear()


def preview(quality: Quality = Quality.PREVIEW) -> SynthesisRequest:
    return make_request(40, 48, quality=quality)


@pytest.mark.usefixtures("fresh")
def test_where_the_operation_is_missing_floats_do_it_and_one_line_tells(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*_arguments) -> None:
        raise AttributeError("no operation qconv_prepack")

    monkeypatch.setattr(int8_choice, "QuantisedConv", missing)
    caplog.set_level(logging.INFO, int8_choice.__name__)
    asked, plain = (EngineRenderer(library, "cpu", precision, forgets=True) for precision in ("int8", "auto"))
    for _round in range(2):
        result = asked.render(preview())
        assert not result.is_partial
        assert np.array_equal(result.image_HW3, plain.render(preview()).image_HW3)
    assert [record.message.split(":")[0] for record in caplog.records] == ["no convolutions in int8"]


@needs_int8
@pytest.mark.usefixtures("fresh")
def test_sums_that_overflow_mean_smaller_weights_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(int8_choice, "_is_right", lambda most: most <= CAREFUL_WEIGHT)
    assert most_weight(CPU) == CAREFUL_WEIGHT
    int8_choice._most_weight.cache_clear()
    monkeypatch.setattr(int8_choice, "_is_right", lambda _most: False)
    assert most_weight(CPU) is None
    assert choose_int8("int8", CPU, torch.float32) is Int8Use.NEVER


def test_other_devices_have_none() -> None:
    assert most_weight(torch.device("meta")) is None
    assert not has_fast_int8(torch.device("meta"), torch.float32)


@needs_int8
@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("seconds", "use"), [(0.5, Int8Use.WHILE_PAINTING), (0.9, Int8Use.NEVER)])
def test_auto_takes_them_where_they_are_clearly_faster(monkeypatch: pytest.MonkeyPatch, seconds, use) -> None:
    monkeypatch.setattr(int8_choice, "_seconds", lambda run: seconds if "Quantised" in repr(run) else 1.0)
    assert choose_int8("auto", CPU, torch.float32) is use
    assert choose_int8("int8", CPU, torch.float32) is Int8Use.ALWAYS
    assert choose_int8("fp32", CPU, torch.float32) is choose_int8("bf16", CPU, torch.float32) is Int8Use.NEVER


@needs_int8
@pytest.mark.usefixtures("fresh")
def test_the_measurement_runs_here(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, int8_choice.__name__)
    for _round in range(2):
        assert has_fast_int8(CPU, torch.float32) in (True, False)
    assert len(caplog.records) == 1 and " ms" in caplog.records[0].message


@needs_int8
def test_a_preview_in_int8_is_whole_and_a_final_photo_is_not_in_int8(library: ModelLibrary) -> None:
    narrow, wide = (EngineRenderer(library, "cpu", precision) for precision in ("int8", "fp32"))
    result = narrow.render(preview())
    expected = wide.render_float(preview())
    assert not result.is_partial
    assert 1e-6 < np.abs(narrow.render_float(preview()) - expected).mean() < 0.02
    final = narrow.render_float(make_request(40, 48))
    assert np.array_equal(final, EngineRenderer(library, "cpu", "fp32").render_float(make_request(40, 48)))


@needs_int8
def test_the_same_request_gives_the_same_bytes_in_int8(library: ModelLibrary) -> None:
    first = EngineRenderer(library, "cpu", "int8", forgets=True).render_float(preview())
    other = EngineRenderer(library, "cpu", "int8", forgets=True)
    other.render(make_request(17, 19, quality=Quality.PREVIEW))
    assert np.array_equal(other.render_float(preview()), first)


@needs_int8
def test_people_are_told_how_fast_it_is(library: ModelLibrary) -> None:
    rows = {row.variant: row for row in compare_renderers(library, "tiny", (64, 64), 1)}
    for name in ("engine int8", "engine int8, while painting"):
        assert rows[name].psnr is not None and rows[name].psnr > 35


@pytest.fixture
def painter(library: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> EngineRenderer:
    """Where bytes are faster, and bfloat16 is not."""
    monkeypatch.setattr("oasis_studio.synthesis.rendering.device._has_fast_bf16", lambda _kind: False)
    monkeypatch.setattr(int8_choice, "_is_faster", lambda _dtype: True)
    monkeypatch.setattr(renderer_module, "is_layout_bound", lambda _dtype: False)
    return EngineRenderer(library, "cpu")


@needs_int8
def test_while_painting_photos_are_in_int8_and_at_rest_they_are_not(
    library: ModelLibrary, painter: EngineRenderer
) -> None:
    live = preview(quality=Quality.LIVE)
    exact = EngineRenderer(library, "cpu", "fp32").render_float(preview())
    assert painter.render(live).is_partial, "whole, but a better one comes"
    assert np.abs(painter.render_float(live) - exact).mean() > 1e-6
    settled = painter.render(preview())
    assert not settled.is_partial
    assert np.abs(painter.render_float(preview()) - exact).max() < 1e-5
    again = painter.render(live)
    assert not again.is_partial and np.array_equal(again.image_HW3, settled.image_HW3), "nothing to do"
    labels = live.labels_HW.copy()
    labels[20:26, 30:36] = (labels[20:26, 30:36] + 1) % 3
    assert painter.render(replace(live, labels_HW=labels)).is_partial
    assert not painter.render(replace(live, labels_HW=labels, quality=Quality.PREVIEW)).is_partial


@needs_int8
def test_beside_bfloat16_and_with_avx2_only_whole_photos_are_in_int8(
    library: ModelLibrary, painter: EngineRenderer, monkeypatch
) -> None:
    arithmetics = []
    choose = EngineRenderer._choose_arithmetic

    def watched(self: EngineRenderer, live, *rest) -> None:
        choose(self, live, *rest)
        arithmetics.append(live.generator.arithmetic)

    monkeypatch.setattr(EngineRenderer, "_choose_arithmetic", watched)
    painter.render(preview(Quality.LIVE))
    monkeypatch.setattr("oasis_studio.synthesis.rendering.device._has_fast_bf16", lambda _kind: True)
    for precision in ("auto", "int8"):
        EngineRenderer(library, "cpu", precision).render(preview(Quality.LIVE))
    monkeypatch.setattr("oasis_studio.synthesis.rendering.device._has_fast_bf16", lambda _kind: False)
    monkeypatch.setattr(renderer_module, "is_layout_bound", lambda _dtype: True)
    EngineRenderer(library, "cpu").render(preview(Quality.LIVE))
    assert all(arithmetic.is_int8 for arithmetic in arithmetics)
    assert [arithmetic.follows for arithmetic in arithmetics] == [True, False, True, False]


@needs_int8
def test_one_engine_serves_both_and_is_calibrated_once(painter: EngineRenderer, monkeypatch) -> None:
    made: list[str] = []
    compiled, quantise = renderer_module.CompiledGenerator, renderer_module.quantise
    monkeypatch.setattr(renderer_module, "CompiledGenerator", lambda *a: made.append("engine") or compiled(*a))
    monkeypatch.setattr(renderer_module, "quantise", lambda *a: made.append("ranges") or quantise(*a))
    painter.render(make_request(40, 48))
    assert made == ["engine"], "a final photo needs no ranges"
    for quality in (Quality.PREVIEW, Quality.LIVE, Quality.DETAIL, Quality.FINAL, Quality.LIVE):
        painter.render(preview(quality=quality))
    assert made == ["engine", "ranges"]


@needs_int8
def test_a_model_that_does_not_bear_it_is_painted_in_floats(painter: EngineRenderer, monkeypatch) -> None:
    monkeypatch.setattr(calibration, "_LEAST_DB", 200.0)
    assert not painter.render(preview(quality=Quality.LIVE)).is_partial
