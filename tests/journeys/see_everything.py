"""Opens every dialog and panel once, for :mod:`tests.journeys.gallery`: ``… FOLDER THEME``."""

from __future__ import annotations

import sys
import time
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QMenu

from oasis_studio.__main__ import main
from oasis_studio.app.files.drawings import samples
from oasis_studio.app.photo.synthesis_thread import RenderFailure
from oasis_studio.app.session.settings import Settings, write_settings
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.files.projects.autosave import Recovery
from oasis_studio.core.history.document_commands import SetReference
from oasis_studio.core.history.guide_commands import SetGuides
from oasis_studio.errors import StudioError
from oasis_studio.ui.dialogs.import_model import ImportModelDialog
from oasis_studio.ui.dialogs.models import ModelsDialog
from oasis_studio.ui.dialogs.photo_labels import PhotoLabelsDialog
from oasis_studio.ui.dialogs.photo_style import PhotoStyleDialog
from oasis_studio.ui.dialogs.preferences import PreferencesDialog
from oasis_studio.ui.dialogs.recovery import RecoveryDialog
from oasis_studio.ui.dialogs.report_view import ReportView
from oasis_studio.ui.dialogs.welcome import Welcome
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.name import ask_name
from oasis_studio.ui.questions.number import ask_number
from oasis_studio.ui.questions.waiting import WaitingDialog
from oasis_studio.ui.window.main_window import MainWindow
from tests.journeys.camera import Camera
from tests.journeys.see_regions import see_labelling, see_regions, see_the_critic
from tests.journeys.see_training import see_the_monitor, see_the_wizard
from tests.journeys.visitor import PATIENCE, Visitor
from tests.ui.desk import wait_until

SHOW_ERROR, ASK_LEAVE = messages.show_error, messages.ask_leave


class Tour(Visitor):
    """Stands in for the event loop of the program."""

    def __call__(self) -> int:
        messages.show_error = self.refuse_to_wait
        messages.ask_leave = lambda _parent, _loss: True
        self.wait_for_photo()
        for visit in (
            *(self.see_the_tour, self.see_the_window, self.see_the_tools, self.see_the_menus, self.see_the_panels),
            *(self.see_questions, self.see_file_dialogs, self.see_document_dialogs, self.see_model_dialogs),
            *(
                partial(see, self)
                for see in (see_the_critic, see_regions, see_labelling, see_the_wizard, see_the_monitor)
            ),
            self.see_an_empty_drawing,
        ):
            try:
                visit()
            except Exception:
                traceback.print_exc()  # the others are worth seeing all the same
                self.failed = True
        self.session.history.mark_saved()
        self.window.close()
        cut = "\n".join(self.camera.cut)
        (self.folder / "cut.txt").write_text(cut + "\n" if cut else "", encoding="utf-8")
        print(cut, flush=True)
        return int(self.failed or bool(cut))

    # -- the window ---------------------------------------------------------------------------------------------

    def see_the_tour(self) -> None:
        welcome = next(each for each in self.window.findChildren(Welcome) if each.isVisible())
        self.whole("welcome")
        welcome.start_button.click()
        tour = self.window.comfort._tour
        assert tour is not None, "the welcome leads to it"
        for number in range(len(tour._stops)):
            self.whole(f"tour-{number}")
            tour.go_on()

    def see_the_window(self) -> None:
        self.whole("window")
        self.window.canvases.save_banner.tell(
            "/media/stick/scene.oasis could not be saved: the disk is full.",
            "Free some space or save to another disk. The file that was there is unchanged.",
        )
        self.studio.feed.failed.emit(
            RenderFailure(0, "There is not enough memory for a photo of this size.", "Render it smaller.", True)
        )
        self.whole("window-banners")
        self.window.canvases.save_banner.dismiss()
        self.studio.feed.request()
        self.wait_for_photo()
        self.trigger("view.snapshot")
        self.session.roll_seed()
        self.wait_for_photo()
        self.trigger("view.compare")
        self.whole("window-wipe")
        self.trigger("view.compare")
        compared = self.studio.model_comparison
        compared.compare(self.session.library.cards()[0])
        wait_until(lambda: compared.photo is not None, PATIENCE)
        self.whole("window-two-models")
        compared.compare(None)
        self.trigger("view.rulers")
        self.session.do(SetGuides(Guides((120,), (90,))))
        self.whole("window-rulers")
        self.session.undo()
        self.trigger("view.rulers")

    def see_the_tools(self) -> None:
        row = self.window.tool_options
        for tool in ToolKind:
            self.session.choose_tool(tool)
            self.camera.shoot(row, f"tool-{tool.value}")
        self.trigger("select.all")
        self.trigger("select.move")
        self.whole("window-moving")
        QTest.keyClick(self.window.canvases.labels, Qt.Key.Key_Escape)
        self.trigger("select.none")
        self.session.choose_tool(ToolKind.BRUSH)

    def see_the_menus(self) -> None:
        corner = self.window.mapToGlobal(QPoint(8, 40))
        self.studio.settings.remember(samples()[0].path)
        for menu in self.window.menuWidget().findChildren(QMenu):
            name = menu.title().replace("&", "").strip().lower().replace(" ", "-")
            if (menu.title() and menu.actions()) or menu.receivers("2aboutToShow()"):
                menu.aboutToShow.emit()
                self.camera.menu(menu, f"menu-{name}", corner)

    def see_the_panels(self) -> None:
        self.session.do(SetReference(self.reference()))
        self.keep_results()
        for dock in self.window.findChildren(QDockWidget):
            was_hidden = dock.isHidden()
            dock.show()
            dock.raise_()
            self.camera.shoot(dock, f"panel-{dock.objectName()}")
            dock.setHidden(was_hidden)

    def keep_results(self) -> None:
        """Two as they come, one with star and name, and one whose model is not there."""
        for _photo in range(3):
            self.session.roll_seed()
            self.wait_for_photo()
            self.trigger("result.keep")
            wait_until(lambda: not self.studio.jobs.is_busy)
        first, second = self.session.document.results[-2:]
        self.studio.results.star([first], True)
        self.studio.results.rename(first, "Evening over the lake")
        self.session.keep(replace(second, model="gone", model_name="Volcano"))
        self.trigger("result.show")
        wait_until(lambda: self.studio.result_pictures.picture(second) is not None)
        self.whole("window-results")
        assert self.window.results.dock is not None
        self.window.results.open_menu(self.window.results.dock.mapToGlobal(QPoint(20, -200)))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        self.camera.shoot(menu, "menu-of-a-result")
        menu.close()

    # -- dialogs ------------------------------------------------------------------------------------------------

    def see_questions(self) -> None:
        messages.show_error = SHOW_ERROR
        error = StudioError(
            "/home/me/pictures/scene.png has 3 values that are no class.", "Import it, and choose what they mean."
        )
        window, ask = self.window, self.camera.ask
        ask("notice-error", partial(messages.show_error, window, error))
        messages.show_error = self.refuse_to_wait
        ask("notice-fault", partial(messages.show_fault, window, "/home/me/.local/state/oasis-studio/log.txt", bool))
        ask("notice-unsaved", partial(messages.ask_unsaved, window, "Mountain lake"))
        ask("notice-leave", partial(ASK_LEAVE, window, "What you wrote is lost."))
        ask("notice-lock", partial(messages.ask_about_lock, window, "mountain on “hills”"))
        ask("notice-training", partial(messages.ask_training, window))
        ask("notice-discard", partial(messages.ask_discard_training, window, "My garden"))
        ask("notice-delete", partial(messages.ask_delete_model, window, "Outdoor starter"))
        ask("notice-about", partial(messages.show_about, window))
        ask("name", lambda: ask_name(window, "Keep the swatch", "Keep", "Name of the swatch", "Evening"))
        ask("number", lambda: ask_number(window, "Grow selection", "Grow", "Grow by", "px", (1, 64, 3)))

    def see_file_dialogs(self) -> None:
        labels = self.session.labels_HW.copy()
        write_labels(self.folder / "labels.png", labels, self.session.document.palette)
        colors = cv2.GaussianBlur(self.session.document.palette.colors[labels], (5, 5), 0)
        cv2.imwrite(str(self.folder / "strays.jpg"), colors[..., ::-1])
        transfers = self.window.files.transfers
        self.camera.ask("import-ids", partial(transfers.take_labels, self.folder / "labels.png"))
        self.camera.ask("import-colours", partial(transfers.take_labels, self.folder / "strays.jpg"))
        self.session.history.mark_saved()
        self.camera.ask("file-open", self.window.files.open)
        self.camera.ask("file-save", self.window.files.save_as)
        self.camera.ask("file-export", transfers.export_photo)
        drawings = [
            Recovery("0", samples()[0].path, None, "Mountain lake", time.time() - 200, True),
            Recovery("1", samples()[1].path, Path("/home/me/coast.oasis"), "coast.oasis", time.time() - 9e4, True),
        ]
        self.camera.ask("recovery", lambda: RecoveryDialog(drawings, self.window).exec())
        self.show("waiting", WaitingDialog(self.studio.jobs, self.window))

    def see_document_dialogs(self) -> None:
        self.camera.ask("new", self.window.files.new)
        self.camera.ask("resize", partial(self.trigger, "edit.resize"))
        self.camera.ask("notes", partial(self.trigger, "edit.notes"))
        self.camera.ask("commands", partial(self.trigger, "help.commands"))
        for page, name in enumerate(("look", "files", "device", "keys")):

            def turn(dialog: QDialog, page: int = page) -> None:
                assert isinstance(dialog, PreferencesDialog)
                dialog.pages.setCurrentRow(page)

            self.camera.ask(f"preferences-{name}", partial(self.trigger, "edit.preferences"), turn)
        self.show("log", ReportView("Log", "2026-11-25 10:00:00 INFO window opened\n" * 30, self.window))

    def see_model_dialogs(self) -> None:
        self.show("models", ModelsDialog(self.session.library, self.session.document.model, self.window))
        self.show("install-checkpoint", ImportModelDialog(self.folder / "best_G.pth", self.window))
        self.show("install-model", ImportModelDialog(self.folder / "garden.oasismodel", self.window))
        photo = self.folder / "evening.png"
        write_photo(photo, np.ascontiguousarray(self.photo()[:, ::-1]), {})

        def read(dialog: QDialog) -> None:
            assert isinstance(dialog, PhotoLabelsDialog)
            wait_until(lambda: dialog.found is not None, PATIENCE)

        def search(dialog: QDialog) -> None:
            assert isinstance(dialog, PhotoStyleDialog)
            wait_until(dialog.search.isEnabled, PATIENCE)
            self.camera.shoot(dialog, "photo-style")
            dialog.toggle()
            wait_until(lambda: dialog.found is not None and dialog.found.share >= 0.1, PATIENCE)
            dialog.toggle()

        self.camera.ask("photo-labels", lambda: self.window.critic_actions.take_labels(photo), read)
        self.camera.ask("photo-style-found", lambda: self.window.critic_actions.take_style(photo), search)

    def see_an_empty_drawing(self) -> None:
        drawing = replace(
            self.session.document, layers=[], styles={}, locks={}, reference=None, snapshots=(), notes="", results=()
        )
        self.session.open(drawing)
        self.wait_for_photo()
        self.whole("empty")
        self.studio.feed.show(None)
        self.whole("no-photo")


def visit(folder: Path, theme: str) -> int:
    write_settings(Settings(theme=theme))
    QApplication.exec = staticmethod(partial(_tour, folder))
    return main([])


def _tour(folder: Path) -> int:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
    return Tour(window, Camera(folder))()


if __name__ == "__main__":
    raise SystemExit(visit(Path(sys.argv[1]), sys.argv[2]))
