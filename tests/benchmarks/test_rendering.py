"""The rendering benchmark takes the original in: here a stand-in for its checkout, of this project's own network."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from oasis_studio.synthesis.networks.generator import GeneratorConfig
from tests.benchmarks import rendering

SMALL = GeneratorConfig(classes=14, noise=8, widths=(32, 32, 32, 16, 8, 4, 2))
STAND_IN = '''
import torch
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig


class OASIS_Generator(Generator):
    """Takes the original's options, reads one-hot labels, draws its noise itself."""

    def __init__(self, opt):
        multiples = (16, 16, 16, 8, 4, 2, 1)[: opt.num_res_blocks + 1]
        widths = tuple(opt.channels_G * multiple for multiple in multiples)
        assert opt.param_free_norm == "batch" and opt.spade_ks == 3 and not opt.no_3dnoise and opt.gpu_ids == "-1"
        super().__init__(GeneratorConfig(opt.semantic_nc, opt.z_dim, widths))

    def forward(self, onehot):
        noise = torch.randn(len(onehot), self.config.noise)
        wide = noise[:, :, None, None].expand(-1, -1, *onehot.shape[2:])
        return super().forward(torch.cat([wide, onehot], dim=1))
'''


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder as the original's, without its code; what is imported from it is forgotten."""
    folder = tmp_path / "checkout"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "__init__.py").touch()
    (folder / "models" / "generator.py").write_text(STAND_IN)
    for name in ("models", "models.generator"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield folder
    for name in ("models", "models.generator"):
        sys.modules.pop(name, None)


def run(monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    monkeypatch.setattr(rendering, "NETWORKS", {"ade20k": (SMALL, (64, 64))})
    monkeypatch.setattr(sys, "argv", ["rendering", "--quick", "--alone", *options])
    rendering.main()


def test_the_original_runs_in_turn_with_the_others(checkout: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    path = list(sys.path)
    run(monkeypatch, "--official", str(checkout), "--json", str(tmp_path / "rows.json"))
    assert sys.path == path
    assert Path(sys.modules["models.generator"].__file__ or "") == checkout / "models" / "generator.py"
    rows = {row["variant"]: row for row in json.loads((tmp_path / "rows.json").read_text())}
    assert list(rows)[:2] == ["original, fp32", "plain network, fp32"]
    assert rows["original, fp32"]["ratio_cpu"] == 1
    assert rows["plain network, fp32"]["max_error"] < 1e-5, "the same weights, and the noise of the same seed"
    assert rows["engine fp32, warm"]["max_error"] < 3e-4
    asked = {"case", "variant", "ratio_cpu", "ratio_wall", "wall_ms", "max_error", "psnr"}
    assert all(asked <= row.keys() for row in rows.values())
    assert "original, fp32" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "", "class OASIS_Generator:\n    def __init__(self, opt): opt.unheard_of"])
def test_another_folder_is_refused(checkout: Path, monkeypatch: pytest.MonkeyPatch, content: str | None) -> None:
    module = checkout / "models" / "generator.py"
    module.unlink()
    if content is not None:
        module.write_text(content)
    with pytest.raises(SystemExit, match="no original implementation"):
        run(monkeypatch, "--official", str(checkout))
