"""The engine's tests run with either kind of inner loops."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from ctypes import CDLL
from pathlib import Path

import pytest

from oasis_studio.synthesis.engine import compiled, editing
from oasis_studio.synthesis.engine.arithmetic.kernels import Kernels, TorchKernels
from oasis_studio.synthesis.engine.arithmetic.native import library as native_library
from oasis_studio.synthesis.engine.arithmetic.native.kernels import NativeKernels
from tests.synthesis.engine.scenes import ANYTHING

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def native_script():
    """packaging/native.py, loaded by its path."""
    spec = importlib.util.spec_from_file_location("native_script", ROOT / "packaging" / "native.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def library(native_script, tmp_path_factory: pytest.TempPathFactory) -> CDLL:
    """The compiled inner loops; compiled now where the checkout has none, or from older sources."""
    folder = ROOT / native_script.FOLDER
    sources = sorted(folder.glob("*.[ch]pp"))
    path = folder / native_script.NAME
    if not path.exists() or path.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        compiler = native_script.find_compiler(dict(os.environ))
        if compiler is None:
            pytest.skip("there are no compiled inner loops here, and no compiler")
        path = tmp_path_factory.mktemp("native") / native_script.NAME
        units = [str(source) for source in sources if source.suffix == ".cpp"]
        subprocess.run(native_script.command_line(compiler, units, path), check=True, timeout=300)
    return native_library.load(path)


@pytest.fixture(params=["torch", "native"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kernels:
    """What every engine made in the test computes with."""
    chosen: Kernels = TorchKernels()
    if request.param == "native":
        chosen = NativeKernels(request.getfixturevalue("library"))
    monkeypatch.setattr(compiled, "choose_kernels", lambda _device: chosen)
    return chosen


@pytest.fixture
def follows_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos as small as those of tests would come whole: all of them depends on every edit."""
    monkeypatch.setattr(editing, "_LEAST_COMPOSITION", 0)
    monkeypatch.setattr(editing, "Tolerance", lambda: ANYTHING)
