"""The main window: puts the parts together, no more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QCursor, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QMenuBar, QVBoxLayout, QWidget

from oasis_studio.app.session.settings import write_settings
from oasis_studio.app.studio import Studio
from oasis_studio.core.disk.openable import is_openable
from oasis_studio.i18n import _
from oasis_studio.ui.actions.abilities import Abilities
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.actions.typed_keys import TypedKeys
from oasis_studio.ui.bars.compare_bar import CompareBar
from oasis_studio.ui.bars.engine_status import EngineStatus
from oasis_studio.ui.bars.model_chooser import ModelChooser
from oasis_studio.ui.bars.status_line import StatusLine
from oasis_studio.ui.bars.tool_column import ToolColumn
from oasis_studio.ui.bars.tool_options import ToolOptionsRow
from oasis_studio.ui.bars.top_bar import Menus, TopBar
from oasis_studio.ui.canvas.canvases import Canvases
from oasis_studio.ui.docks.classes import classes_dock
from oasis_studio.ui.docks.dataset import dataset_dock
from oasis_studio.ui.docks.history import history_dock
from oasis_studio.ui.docks.layers import layers_dock
from oasis_studio.ui.docks.layout import DockLayout
from oasis_studio.ui.docks.regions import regions_dock
from oasis_studio.ui.menus.clipboard import ClipboardActions
from oasis_studio.ui.menus.comfort import ComfortActions
from oasis_studio.ui.menus.critic import CriticActions
from oasis_studio.ui.menus.document import DocumentActions
from oasis_studio.ui.menus.edit import EditActions
from oasis_studio.ui.menus.file import FileActions
from oasis_studio.ui.menus.labelling import LabellingActions
from oasis_studio.ui.menus.layer import LayerActions
from oasis_studio.ui.menus.layer_stack import LayerStackActions
from oasis_studio.ui.menus.library import LibraryActions
from oasis_studio.ui.menus.model import ModelActions
from oasis_studio.ui.menus.panels import PanelActions
from oasis_studio.ui.menus.popup import PopupActions
from oasis_studio.ui.menus.region import RegionActions
from oasis_studio.ui.menus.report import ReportActions
from oasis_studio.ui.menus.result import ResultActions
from oasis_studio.ui.menus.select import SelectActions
from oasis_studio.ui.menus.snapshot import SnapshotActions
from oasis_studio.ui.menus.tool import ToolActions
from oasis_studio.ui.menus.variation import VariationActions
from oasis_studio.ui.menus.view import ViewActions
from oasis_studio.ui.training.badge import TrainingBadge
from oasis_studio.ui.training.run_banner import RunBanner
from oasis_studio.ui.training.training_actions import TrainingActions
from oasis_studio.ui.widgets.drop_target import DropTarget
from oasis_studio.ui.window import window_state

_GAP = 8
_LATER_MS = 300


class MainWindow(QMainWindow):
    """``files`` opens and saves; closing the window asks about unsaved changes and stops the engine."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 600)
        self.canvases = Canvases(studio, self)
        self.chooser = ModelChooser(studio.session)
        self.status = StatusLine(studio.session, self.canvases.view)
        self.files = FileActions(self, studio)
        self.reports = ReportActions(self, studio)
        self.actions_by_id = ActionTable(self)
        self._add_actions()
        self._lay_out()
        self._add_docks()
        self.drop_target = DropTarget(self)
        self.files.told.connect(self.status.tell)
        banner = self.canvases.save_banner
        self.files.refused.connect(lambda error: banner.tell(error.message, error.hint))
        self.files.photo_given.connect(self._offer_photo)
        banner.again.connect(self.files.save_again)
        banner.elsewhere.connect(self.files.save_as)
        studio.jobs.activity_changed.connect(self.status.show_work)
        self.reports.told.connect(self.status.tell)
        studio.session.classes_dropped.connect(self._tell_dropped)
        studio.autosave.failed.connect(lambda error: self.status.tell(f"{error.message} {error.hint}"))
        studio.session.history_changed.connect(self._show_title)
        studio.session.document_opened.connect(self._show_title)
        studio.session.stroke_ended.connect(self._show_title)
        self._show_title()

    # -- putting it together ------------------------------------------------------------------------------------

    def _add_actions(self) -> None:
        studio, actions = self._studio, self.actions_by_id
        self.document_actions = DocumentActions(self, studio.session)
        self.stack = LayerStackActions(self, studio.session, self.status.tell)
        self.clipboard = ClipboardActions(self, studio.session)
        self.clipboard.told.connect(self.status.tell)
        self.snapshots = SnapshotActions(self, studio.session, studio.comparison)
        self.results = ResultActions(self, studio)
        self.results.told.connect(self.status.tell)
        self.comfort = ComfortActions(self, studio, self.canvases, self.files)
        self.regions = RegionActions(self, studio, self.canvases, self.status.tell)
        self.variations = VariationActions(self, studio, self.status.tell)
        self.critic_actions = CriticActions(self, studio, self.canvases)
        self.critic_actions.told.connect(self.status.tell)
        self.training = TrainingActions(self, studio)
        self.models = LibraryActions(self, studio)
        self.labelling = LabellingActions(self, studio, self.files.may_close)
        self.files.recovered.connect(self.labelling.take_up)
        opened = {"variations": self.variations.start_first, "results": self.results.show}
        self.panels = PanelActions(self, opened)
        following = [
            self.regions,
            Abilities(self, studio, self.status.tell),
            self.variations,
            EditActions(self, studio, self.canvases.photo),
            self.clipboard,
            self.document_actions,
            ToolActions(self, studio.session),
            PopupActions(self, studio),
            SelectActions(self, studio),
            LayerActions(self, studio.session),
            self.stack,
            ViewActions(self, self.canvases, studio.settings),
            self.panels,
            self.snapshots,
            self.results,
            self.training,
            self.labelling,
            self.comfort,
            self.critic_actions,
        ]
        for part in (self.files, self.reports, ModelActions(self, studio), self.models, *following):
            actions.add(part.specs())
        for part in (self.files.transfers, *following):
            part.follow(actions)
        TypedKeys(actions, [self.canvases.labels, self.canvases.photo])

    def _lay_out(self) -> None:
        status = EngineStatus(self._studio.feed)
        self._top = TopBar(self._studio.session, self._menus(), self.chooser, status)
        self.setMenuWidget(self._top)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        self._tools = ToolColumn(self.actions_by_id)
        row.addWidget(self._tools)
        column = QVBoxLayout()
        column.setSpacing(_GAP)
        self.tool_options = ToolOptionsRow(self._studio.session, self._studio.gestures, self.actions_by_id)
        column.addWidget(self.tool_options)
        banner = RunBanner(self._studio.training)
        banner.model_wanted.connect(self.training.use_model)
        banner.discard_wanted.connect(self.training.discard)
        column.addWidget(banner)
        column.addWidget(CompareBar(self._studio.session, self._studio.model_comparison))
        column.addWidget(self.canvases.splitter(self.actions_by_id), 1)
        row.addLayout(column, 1)
        self.setCentralWidget(middle)
        badge = TrainingBadge(self._studio.training)
        badge.clicked.connect(self.training.show_monitor)
        self.status.insertPermanentWidget(3, badge)
        self.setStatusBar(self.status)

    def _add_docks(self) -> None:
        session = self._studio.session
        layers, history = layers_dock(session, self.actions_by_id), history_dock(session, self.actions_by_id)
        region_actions = self.regions
        regions = regions_dock(self._studio, self.actions_by_id, region_actions.open_menu, region_actions.swatches.fill)
        docks = [classes_dock(session), regions, layers, history]
        photos = dataset_dock(self._studio, self.labelling.go_to, self.labelling.look_at, self.actions_by_id)
        results = self.results.make_dock(self.actions_by_id)
        strip = self.variations.make_dock(self.actions_by_id)
        layout = DockLayout(self, [*docks, results, photos, strip])
        self.panels.take(layout, [self._top, self._tools, self.tool_options, self.status])
        # narrow strips keep the panels away from the window's edges
        self.setContentsMargins(_GAP, 0, _GAP, 0)

    def _menus(self) -> QMenuBar:
        bar = Menus()
        titles = {
            "file": _("&File"),
            "edit": _("&Edit"),
            "select": _("&Select"),
            "tool": _("&Tools"),
            "layer": _("&Layer"),
            "region": _("&Region"),
            "model": _("&Model"),
            "train": _("Tra&in"),
            "view": _("&View"),
            "help": _("&Help"),
        }
        for name, title in titles.items():
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            self.actions_by_id.fill(menu, name)
            if name == "file":
                self._add_file_menus(menu)
            if name == "layer":
                self._add_tag_menu(menu)
            if name == "region":
                inner = menu.addMenu(_("S&watches"))
                inner.aboutToShow.connect(partial(self.regions.swatches.fill, inner))
            if name == "view":
                self.actions_by_id.fill(menu.addMenu(_("Canvases lie")), "stacking")
                self.actions_by_id.fill(menu.addMenu(_("&Panels")), "panels")
                self.actions_by_id.fill(menu.addMenu(_("Theme")), "theme")
                inner = menu.addMenu(_("S&napshots"))
                inner.aboutToShow.connect(partial(self.snapshots.fill, inner))
                self.actions_by_id.fill(menu.addMenu(_("Results")), "result")
            if name == "model":
                self._add_model_menu(menu)
        return bar

    def _add_file_menus(self, menu: QMenu) -> None:
        for title, fill in ((_("Open sa&mple"), self.files.fill_samples), (_("Open &recent"), self.files.fill_recent)):
            inner = QMenu(title, menu)
            inner.setToolTipsVisible(True)
            inner.setObjectName("pictures")
            inner.aboutToShow.connect(lambda inner=inner, fill=fill: fill(inner))
            menu.insertMenu(self.actions_by_id["file.save"], inner)
        menu.insertSeparator(self.actions_by_id["file.save"])
        menu.insertAction(self.actions_by_id["file.export"], self.actions_by_id["photo.labels"])

    def _add_tag_menu(self, menu: QMenu) -> None:
        inner = QMenu(_("Colour &tag"), menu)
        inner.aboutToShow.connect(lambda: self.stack.fill_tags(inner))
        menu.insertMenu(self.actions_by_id["layer.merge"], inner)

    def _add_model_menu(self, menu: QMenu) -> None:
        inner = QMenu(_("&Use model"), menu)
        inner.aboutToShow.connect(lambda: self.chooser.fill(inner))
        menu.insertMenu(self.actions_by_id["model.render"], inner)
        other = QMenu(_("&Compare with"), menu)
        other.aboutToShow.connect(lambda: self.models.fill_compare(other))
        menu.insertMenu(self.actions_by_id["model.render"], other)

    # -- the window itself --------------------------------------------------------------------------------------

    def _show_title(self) -> None:
        name = self._studio.session.title or _("Untitled")
        self.setWindowTitle(f"{name}[*] – OASIS Studio")
        self.setWindowModified(self._studio.session.is_modified)

    def _tell_dropped(self, names: list[str]) -> None:
        text = _("This model does not know {classes}; those places are unpainted now. Undo brings them back.")
        self.status.tell(text.format(classes=", ".join(names[:4])))

    @Slot(object)
    def receive(self, path: Path | None) -> None:
        """Come to the front for another start of the program, and open its file once no dialog or menu is open."""
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            QTimer.singleShot(_LATER_MS, self, lambda: self.receive(path))
            return
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if path is not None:
            self.files.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_close() or not self.training.may_close():
            event.ignore()
            return
        window_state.save(self)
        self.hide()
        self._studio.autosave.forget()  # saved, or given up by the person's own decision
        self._studio.close()
        write_settings(self._studio.settings)
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_files(event):
            event.acceptProposedAction()
            self.drop_target.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_target.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped, or say why not; after the drop is over, for the other program waits for its end."""
        self.drop_target.hide()
        paths = _dropped_files(event)
        if paths:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self._take_dropped(paths))

    def _take_dropped(self, paths: list[Path]) -> None:
        """One after the other: each waits until the questions about those before it are answered."""
        for path in paths:
            self.receive(path)

    def _offer_photo(self, path: Path) -> None:
        """Ask what a photo is for, where the pointer is if that is on the window, else in its middle."""
        pointer, middle = QCursor.pos(), self.mapToGlobal(self.rect().center())
        place = pointer if self.frameGeometry().contains(pointer) else middle
        self.critic_actions.offer(path, place, self.document_actions.take_reference)


def _dropped_files(event: QDropEvent) -> list[Path]:
    """The files that are dragged and can be opened."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if is_openable(path)]
