"""Wizard and monitor, for the gallery."""

from __future__ import annotations

from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.errors import StudioError
from oasis_studio.paths import home
from oasis_studio.ui.training.check_page import CheckPage
from oasis_studio.ui.training.classes_page import ClassesPage
from oasis_studio.ui.training.data_page import DataPage
from oasis_studio.ui.training.length_page import LengthPage
from oasis_studio.ui.training.monitor import Monitor
from oasis_studio.ui.training.start_page import StartPage
from oasis_studio.ui.training.wizard import Wizard
from tests.journeys.gallery_props import Estimated, write_run
from tests.journeys.visitor import PATIENCE, Visitor
from tests.ui.desk import wait_until


def see_the_wizard(visitor: Visitor) -> None:
    plan = TrainingPlan(visitor.session.library, base=visitor.session.card)
    preparation = Estimated(plan, visitor.window)
    pages = [
        DataPage(plan, visitor.studio.settings),
        CheckPage(plan),
        ClassesPage(plan),
        LengthPage(plan, preparation),
        StartPage(plan, preparation),
    ]
    wizard = Wizard(pages, visitor.window)
    wizard.show()
    visitor.camera.shoot(wizard, "wizard-photos")
    data = wizard.page
    assert isinstance(data, DataPage)
    data.take(visitor.folder / "garden")
    for name in ("check", "classes", "length", "start"):
        wizard.next_button.click()
        wait_until(lambda: wizard.page.is_ready or isinstance(wizard.page, StartPage), PATIENCE)
        visitor.camera.shoot(wizard, f"wizard-{name}")
    wizard.refuse(StudioError("The disk is full.", "Free some space, and start again."))
    visitor.camera.shoot(wizard, "wizard-refused")
    wizard.close()


def see_the_monitor(visitor: Visitor) -> None:
    write_run(home("runs") / "garden", visitor.photo())
    visitor.studio.training.look_for_run()
    visitor.whole("training-cut-off")
    visitor.window.training.show_monitor()
    monitor = visitor.window.training.monitor
    assert isinstance(monitor, Monitor)
    visitor.camera.shoot(monitor, "monitor")
    monitor.close()
    visitor.studio.training.forget()
