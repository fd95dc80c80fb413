"""A folder of photos as a person has them before labelling."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from oasis_studio.app.training import labelling
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.models.capabilities import Capabilities
from tests.app import scene
from tests.ui.desk import Desk

WIDTH, HEIGHT = 60, 40


def make_photo_folder(folder: Path) -> Path:
    """``folder`` with ``images/photo0.png`` to ``photo2.png`` of (HEIGHT, WIDTH) pixels, each of one grey."""
    (folder / "images").mkdir(parents=True)
    for number in range(3):
        pixels = np.full((HEIGHT, WIDTH, 3), 60 * number + 40, np.uint8)
        Image.fromarray(pixels).save(folder / "images" / f"photo{number}.png")
    return folder


def guess_water(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, capabilities: Capabilities) -> None:
    """Let the model be able to read photos, and whatever the photo, let its guess be class 1 everywhere."""
    ready = folder / "ready.png"
    write_labels(ready, np.ones((HEIGHT, WIDTH), np.uint8), scene.SMALL)
    program = f"import shutil, sys; shutil.copy({str(ready)!r}, sys.argv[1])"
    monkeypatch.setattr(
        labelling, "guess_command", lambda _photo, target, _model: [sys.executable, "-c", program, str(target)]
    )
    card = desk.session.card
    assert card is not None
    able = replace(card, capabilities=capabilities)
    monkeypatch.setattr(desk.session, "read_card", lambda: setattr(desk.session, "card", able))
