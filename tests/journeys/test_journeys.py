"""The journeys, under Xvfb."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from oasis_studio.paths import resource
from tests.journeys import gallery
from tests.journeys.quit_cleanly import quit_often
from tests.journeys.soak import soak
from tests.journeys.tiny_model import write_tiny_coded_model, write_tiny_model

ROOT = Path(__file__).parents[2]


NEEDS_THE_STARTER = ("paint_a_scene", "judge_a_photo", "train_a_model")
"""These look at what a trained model makes and reads; for the others one that renders in a moment does."""


def travel(journey: str, display: str, folder: Path, *more: str, patience: float = 300) -> None:
    """Run a journey in a process of its own; fails with what it said."""
    home = folder / "home"
    if journey not in NEEDS_THE_STARTER or not resource("models", "outdoor").is_dir():
        write_tiny_model(home / "models" / "outdoor", reads=True)
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "OASIS_STUDIO_HOME": str(home)}
    command = [sys.executable, "-m", f"tests.journeys.{journey}", str(folder), *more]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=patience, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("journey", "screenshots"),
    [
        ("paint_a_scene", ("sample", "painting", "painted", "reopened")),
        ("judge_a_photo", ("heat", "reading", "fixed", "style-dialog", "styled", "labels-dialog", "labelled")),
        ("use_the_tools", ("polygon", "moving", "wiped")),
        ("paint_with_every_tool", ("every-tool",)),
        ("style_the_regions", ("menu", "locked", "variations", "grid", "brushed")),
        ("keep_the_results", ("renaming", "compared", "restored", "found-again")),
        ("command_every_region", ("reach", "feather", "split", "mixed", "gradient", "ranked", "animating")),
    ],
)
def test_a_journey(journey: str, screenshots: tuple[str, ...], display: str, tmp_path: Path) -> None:
    travel(journey, display, tmp_path)
    assert_seen(tmp_path, screenshots)


def test_a_scene_takes_the_style_of_a_photo_and_is_compared(display: str, tmp_path: Path) -> None:
    write_tiny_coded_model(tmp_path / "home" / "models" / "coded")
    travel("style_the_whole_image", display, tmp_path)
    assert_seen(tmp_path, ("regions", "styled", "mixed", "swatches", "wiped-50", "wiped-80", "beside"))


@pytest.mark.slow
def test_fifty_times_the_program_ends_cleanly(display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OASIS_STUDIO_QUITS makes it more or fewer times."""
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert quit_often(tmp_path, 0, int(os.environ.get("OASIS_STUDIO_QUITS", "50"))) == []


@pytest.mark.slow
def test_locked_pixels_hold_through_a_thousand_edits(display: str, tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "home" / "models" / "seedling", reads=True)
    travel("hold_through_edits", display, tmp_path, patience=3600)


def assert_seen(folder: Path, screenshots: tuple[str, ...]) -> None:
    for name in screenshots:
        with Image.open(folder / f"{name}.png") as image:
            assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 50, f"{name}.png is empty"


TRAINING = ("photos", "check", "classes", "length", "start", "watching", "paused", "finished", "used")


def test_a_model_is_trained_and_used(display: str, tmp_path: Path) -> None:
    """The short way: a tiny model, until its first preview."""
    write_tiny_model(tmp_path / "home" / "models" / "seedling", side=64, reads=True)
    travel("train_a_model", display, tmp_path)
    assert_seen(tmp_path, TRAINING)


@pytest.mark.slow
def test_the_starter_is_trained_for_two_minutes(display: str, tmp_path: Path) -> None:
    travel("train_a_model", display, tmp_path, "120", patience=3600)
    assert_seen(tmp_path, TRAINING)


@pytest.mark.slow
@pytest.mark.parametrize("setting", gallery.SETTINGS)
def test_every_dialog_and_panel_can_be_read_in_full(setting: str, tmp_path: Path) -> None:
    if shutil.which("Xvfb") is None:
        pytest.skip("a gallery needs a real window: install Xvfb (Debian: apt install xvfb)")
    assert gallery.main(tmp_path, [setting]) == 0
    assert not (tmp_path / setting / "cut.txt").read_text(encoding="utf-8")


@pytest.mark.slow
def test_half_an_hour_of_everything_loses_nothing(
    display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OASIS_STUDIO_SOAK_MINUTES makes it shorter or longer."""
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert soak(tmp_path, float(os.environ.get("OASIS_STUDIO_SOAK_MINUTES", "30"))) == []
