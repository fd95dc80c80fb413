"""The swatches of a model as a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import OwnSeed, StoredVector
from oasis_studio.core.files.projects.swatches import SUFFIX, ForeignSwatchesError
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, local_name
from oasis_studio.ui.docks.region_texts import region_name
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.file_names import ask_open, ask_save
from oasis_studio.ui.questions.name import ask_name


class SwatchMenu(QObject):
    """``targets`` gives the regions that a swatch goes to."""

    def __init__(
        self,
        window: QWidget,
        studio: Studio,
        targets: Callable[[], tuple[RegionKey, ...]],
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._studio, self._shelf = window, studio, studio.swatches
        self._targets, self._tell = targets, tell

    def fill(self, menu: QMenu) -> None:
        """Every swatch, and what can be done with all of them."""
        menu.clear()
        try:
            swatches = self._shelf.all
        except StudioError as error:
            menu.addAction(error.message).setEnabled(False)
            return
        refusal = self._studio.styles.refusal(self._targets())
        is_able = not refusal
        menu.setToolTipsVisible(True)
        for swatch in swatches:
            action = menu.addAction(local_name(swatch.name).replace("&", "&&"))
            action.setEnabled(is_able)
            action.setToolTip(refusal)
            action.triggered.connect(partial(self._use, swatch))
        menu.addSeparator()
        kept = menu.addAction(_("&Keep style as swatch…"), self.keep)
        kept.setEnabled(is_able)
        kept.setToolTip(refusal)
        mixed = menu.addMenu(_("Use as &second style"))
        removed = menu.addMenu(_("&Remove"))
        for swatch in swatches:
            name = local_name(swatch.name).replace("&", "&&")
            mixed.addAction(name).triggered.connect(partial(self._mix, swatch))
            removed.addAction(name).triggered.connect(partial(self._remove, swatch))
        mixed.setEnabled(bool(swatches))
        removed.setEnabled(bool(swatches))
        menu.addAction(_("&Import…"), self.take_in)
        menu.addAction(_("&Export…"), self.pass_on).setEnabled(bool(swatches))

    def keep(self) -> None:
        """Ask for a name and keep the style of the first chosen region."""
        key = self._targets()[0]
        proposal = self._shelf.book.free_name(region_name(self._studio.session, key))
        text = _("Swatches are kept for this model and can be exported.")
        name = ask_name(self._window, _("Name"), _("Keep"), text, proposal)
        if name:
            messages.attempt(self._window, lambda: self._shelf.keep(key, name))

    def take_in(self) -> None:
        folder = self._studio.session.path.parent if self._studio.session.path else Path.home()
        path = ask_open(self._window, _("Import swatches"), _("Swatches") + f" (*{SUFFIX})", folder)
        if path is not None:
            self.take_in_file(path)

    def take_in_file(self, path: Path) -> None:
        """Swatches of another model are refused; the seed of the first is offered instead."""
        try:
            count = self._shelf.take_in(path)
            self._tell(_("{count} swatches imported.").format(count=count))
        except ForeignSwatchesError as error:
            name, seed = error.seeds[0]
            if messages.ask_seed_instead(self._window, error, name, seed):
                messages.attempt(self._window, lambda: self._studio.styles.set_source(self._targets(), OwnSeed(seed)))
        except StudioError as error:
            messages.show_error(self._window, error)

    def pass_on(self) -> None:
        proposal = Path.home() / (_("swatches") + SUFFIX)
        path = ask_save(self._window, _("Export swatches"), _("Swatches") + f" (*{SUFFIX})", proposal)
        if path is not None:
            messages.attempt(self._window, lambda: self._shelf.pass_on(path))

    def _use(self, swatch: StoredVector, _checked: bool = False) -> None:
        messages.attempt(self._window, lambda: self._shelf.use(self._targets(), swatch))

    def _mix(self, swatch: StoredVector, _checked: bool = False) -> None:
        self._studio.styles.set_second(swatch)

    def _remove(self, swatch: StoredVector, _checked: bool = False) -> None:
        messages.attempt(self._window, lambda: self._shelf.remove(swatch.name))
