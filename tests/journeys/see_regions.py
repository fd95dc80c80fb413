"""Regions, critic and photos to label, for the gallery."""

from __future__ import annotations

import json

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from oasis_studio.app.files.drawings import samples
from tests.journeys.gallery_props import SUSPECTS, write_pairs
from tests.journeys.train_a_model import paint_pairs
from tests.journeys.visitor import PATIENCE, Visitor
from tests.ui.desk import wait_until


def see_the_critic(visitor: Visitor) -> None:
    for name in ("realism", "reading"):
        visitor.trigger(f"critic.{name}")
        wait_until(
            lambda: visitor.studio.critic.critique is not None and not visitor.studio.critic.is_judging, PATIENCE
        )
        visitor.whole(f"critic-{name}")
        visitor.trigger(f"critic.{name}")


def see_regions(visitor: Visitor) -> None:
    first = visitor.session.regions.all[0].key
    visitor.session.regions.choose([first])
    visitor.trigger("region.lock")
    visitor.wait_for_photo()
    visitor.whole("regions-chosen")
    visitor.camera.shoot(visitor.dock("regions"), "panel-regions-chosen")
    visitor.window.regions.open_menu(visitor.window.mapToGlobal(QPoint(400, 100)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    visitor.camera.shoot(menu, "menu-of-a-region")
    menu.close()
    visitor.trigger("region.unlock_all")
    visitor.trigger("region.variations")
    wait_until(lambda: not visitor.studio.variations.is_running, PATIENCE)
    visitor.whole("variations")
    visitor.trigger("region.grid")
    grid = visitor.window.variations.grid
    assert grid is not None
    wait_until(lambda: not visitor.studio.variations.is_running, PATIENCE)
    visitor.show("variation-grid", grid)
    visitor.window.variations.animate()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    visitor.show("animate", dialog)
    visitor.dock("variations").hide()


def see_labelling(visitor: Visitor) -> None:
    paint_pairs(visitor.folder / "garden")
    write_pairs(visitor.folder / "lake", visitor.session.document.palette)
    visitor.session.history.mark_saved()
    visitor.window.labelling.open_folder(visitor.folder / "lake")
    visitor.wait_for_photo()
    visitor.whole("labelling")
    visitor.camera.shoot(visitor.dock("dataset"), "panel-dataset-open")
    visitor.studio.doctor._take(json.dumps(SUSPECTS))
    visitor.camera.shoot(visitor.dock("dataset"), "panel-dataset-suspects")
    visitor.session.history.mark_saved()
    visitor.studio.labelling.close_folder()
    visitor.dock("dataset").hide()
    visitor.window.files.open_sample(samples()[0])
    visitor.wait_for_photo()
