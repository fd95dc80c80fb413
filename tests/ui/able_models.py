"""A window with models that can do more than render, or less, over a workshop without networks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.core.models.library import ModelLibrary
from tests.app import scene
from tests.ui.desk import Desk


def library(folder: Path) -> ModelLibrary:
    """Models with and without a critic, with a style code of the whole image, with outlines, and with one style."""
    whole = Capabilities(has_region_noise=False, style_size=4, reads_style=True)
    for model_id, capabilities, noise in (
        ("small", Capabilities(has_critic=True), scene.NOISE),
        ("bare", Capabilities(), scene.NOISE),
        ("coded", whole, 0),
        ("mute", replace(whole, reads_style=False), 0),
        ("outlined", replace(whole, sees_instances=True), 0),
        ("fixed", Capabilities(has_region_noise=False), 0),
    ):
        card = replace(scene.card(model_id, model_id, scene.SMALL), capabilities=capabilities, noise_size=noise)
        (folder / model_id).mkdir(parents=True)
        card.write(folder / model_id)
    return ModelLibrary(folder, folder / "own")


def use(desk: Desk, model: str) -> None:
    desk.session.switch_model(desk.session.library.find(model)[1])
