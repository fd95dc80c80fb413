"""OASIS and SPADE in one table: the same scenes, the same measures, and no number where a model cannot do the thing."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch

from oasis_studio.core.models.card import ModelCard
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.networks.image_encoder import EncoderConfig, ImageEncoder
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig, SpadeGenerator
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms
from tests.training.conftest import OUTDOOR
from tests.training.evaluation.test_judging import run


def write_spade(folder: Path, name: str, has_edges: bool, style: int) -> Path:
    """A model of random weights for the eight outdoor classes; with a style code it has an encoder, too."""
    torch.manual_seed(2)
    config = SpadeConfig(8, has_edges, width=4, hidden=6, style=style, native_width=32, native_height=32)
    generator = SpadeGenerator(config)
    with torch.no_grad():
        for weight in generator.parameters():
            weight.normal_(0, 0.2)
    settle_spectral_norms(generator)
    encoder = ImageEncoder(EncoderConfig(4, style)) if style else None
    folder.mkdir()
    write_model(folder, ModelCard(name, name, "", {}, None, OUTDOOR, (32, 32), 1), generator, encoder=encoder)
    return folder


@pytest.fixture(scope="module")
def spades(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("spades")
    return [
        write_spade(root / "plain", "Plain", has_edges=False, style=0),
        write_spade(root / "coded", "Coded", has_edges=False, style=4),
        write_spade(root / "outlined", "Outlined", has_edges=True, style=4),
    ]


def test_both_architectures_stand_in_one_table(
    data: Path, model: Path, spades: list[Path], reader: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A SPADE model stands first: the controls are made with that one."""
    file, page = tmp_path / "out.json", tmp_path / "report.html"
    places = [spades[2], model, *spades[:2], data / "pairs", "--all", "--classes", "outdoor8", "--reader", reader]
    assert run(*places, "--json", file, "--report", page) == 0
    shown = capsys.readouterr().out
    facts = json.loads(file.read_text())
    assert [column["name"] for column in facts["columns"][1:3]] == ["Outlined", "Tiny"] and facts["size"] == 32
    columns = {column["name"]: column for column in facts["columns"]}
    for name in ("Tiny", "Plain", "Coded", "Outlined"):
        assert name in shown and name in page.read_text()
        for key in ("kid_e", "fd_e", "mean_iou", "recall"):
            assert math.isfinite(columns[name]["measures"][key]["value"]), (name, key)
    assert len({columns[name]["measures"]["kid_e"]["value"] for name in ("Plain", "Coded", "Outlined")}) == 3
    diversity = {name: columns[name]["measures"]["diversity"]["value"] for name in ("Tiny", "Plain", "Coded")}
    assert diversity["Plain"] == 0 and diversity["Coded"] > 0, "SPADE varies by its style code alone"
    assert columns["Tiny"]["measures"]["locality"]["value"] is not None
    assert "locality" not in columns["Coded"]["measures"], "its regions have no noise to exchange"
