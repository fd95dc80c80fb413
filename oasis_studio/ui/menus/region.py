"""The Region menu: dice, styles, locks, parts; the same on a right click on either canvas."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.regions.lock_edits import Answer
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.tools import region_steps
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.canvas.canvases import Canvases
from oasis_studio.ui.canvas.region_marks import RegionMarks
from oasis_studio.ui.docks.region_texts import region_name
from oasis_studio.ui.menus.swatch_menu import SwatchMenu
from oasis_studio.ui.questions import messages

_ON_CANVAS = (
    *("region.dice", "region.lock", "", "region.copy", "region.paste", "region.reset", "region.swatches"),
    *("", "region.split", "region.join", "", "region.variations"),
)


class RegionActions(QObject):
    """Callbacks of the Region menu. They work on the chosen regions, or else on the whole image."""

    def __init__(self, window: QWidget, studio: Studio, canvases: Canvases, tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._studio, self._session, self._tell = window, studio, studio.session, tell
        self.marks = RegionMarks(studio.session, [canvases.labels, canvases.photo])
        self.swatches = SwatchMenu(window, studio, lambda: self.targets, tell)
        self._actions: ActionTable | None = None
        studio.locks.ask = self._ask_about_lock
        for canvas in (canvases.labels, canvases.photo):
            canvas.menu_wanted.connect(self.open_menu_at)
            canvas.tapped.connect(self._tap)

    def specs(self) -> list[ActionSpec]:
        return [*self._style_specs(), *self._lock_specs(), *self._part_specs(), *self._tool_specs()]

    def _style_specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("region.dice", _("&Roll the dice for the regions"), self.roll, "region", ("Ctrl+D",)),
            ActionSpec("region.back", _("Undo the style"), partial(self.step, -1), "region", ("Alt+Left",)),
            ActionSpec("region.forth", _("Redo the style"), partial(self.step, 1), "region", ("Alt+Right",)),
            ActionSpec(
                "region.copy",
                _("&Copy style"),
                self.copy,
                "region",
                ("Ctrl+Alt+C",),
                "content-copy",
                starts_section=True,
            ),
            ActionSpec("region.paste", _("&Paste style"), self.paste, "region", ("Ctrl+Alt+V",), "content-paste"),
            ActionSpec("region.reset", _("Style of the &image"), self.reset, "region"),
            ActionSpec("region.clear", _("Remove gradients and brushed styles"), self.clear, "region"),
        ]

    def _lock_specs(self) -> list[ActionSpec]:
        return [
            ActionSpec(
                *("region.lock", _("&Lock the pixels"), self.toggle_lock, "region", ("K",), "lock"), starts_section=True
            ),
            ActionSpec("region.unlock_all", _("&Unlock all"), self.unlock_all, "region"),
            ActionSpec(
                "region.reach",
                _("S&how what an edit can change"),
                self.marks.show_reach,
                "region",
                ("Shift+K",),
                is_checkable=True,
            ),
        ]

    def _part_specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("region.split", _("&Split into parts"), self.split, "region", starts_section=True),
            ActionSpec("region.join", _("&Join"), self.join, "region"),
            ActionSpec("region.all", _("Choose all regions"), self.choose_all, "region"),
            ActionSpec("region.none", _("Choose none"), self.choose_none, "region"),
        ]

    def _tool_specs(self) -> list[ActionSpec]:
        tools = (
            (ToolKind.STYLE_BRUSH, _("St&yle brush"), "Y", "brush-variant"),
            (ToolKind.GRADIENT, _("Style &gradient"), "Shift+Y", "gradient-horizontal"),
            (ToolKind.CUT, _("Cu&t region"), "X", "box-cutter"),
        )
        return [
            ActionSpec(
                f"tool.{kind}",
                title,
                partial(self._choose_tool, kind),
                "region",
                (key,),
                icon,
                group="tool",
                starts_section=kind is ToolKind.STYLE_BRUSH,
            )
            for kind, title, key, icon in tools
        ]

    def follow(self, actions: ActionTable) -> None:
        """Keep what can be done as the regions are."""
        self._actions = actions
        session = self._session
        for signal in (session.regions.chosen_changed, session.styles_changed, session.locks_changed):
            signal.connect(self._show)
        for signal in (session.model_changed, session.document_opened):
            signal.connect(self._show)
        self._show()

    @property
    def targets(self) -> tuple[RegionKey, ...]:
        return tuple(self._session.regions.chosen) or (WHOLE_IMAGE,)

    # -- styles -------------------------------------------------------------------------------------------------

    def roll(self) -> None:
        """Another seed for each chosen region; for the whole image where none is."""
        if self.targets == (WHOLE_IMAGE,):
            self._session.roll_seed()
        else:
            self._attempt(lambda: self._studio.styles.roll(self.targets))

    def step(self, steps: int) -> None:
        self._studio.styles.step(self.targets, steps)

    def copy(self) -> None:
        self._studio.styles.copy(self.targets[0])
        self._show()

    def paste(self) -> None:
        self._attempt(lambda: self._studio.styles.paste(self.targets))

    def reset(self) -> None:
        self._attempt(lambda: self._studio.styles.reset(self.targets))

    def clear(self) -> None:
        self._attempt(lambda: self._studio.styles.clear_paints(self.targets))

    # -- locks --------------------------------------------------------------------------------------------------

    def toggle_lock(self) -> None:
        self._attempt(lambda: self._studio.locks.toggle(tuple(self._session.regions.chosen)))

    def unlock_all(self) -> None:
        self._studio.locks.unlock(list(self._session.document.locks))

    def _ask_about_lock(self, name: str) -> Answer:
        return messages.ask_about_lock(self._window, name)

    # -- parts --------------------------------------------------------------------------------------------------

    def split(self) -> None:
        """Every chosen region falls into the parts that hang together."""
        self._session.settle()
        document, regions = self._session.document, self._session.regions
        keys = sorted(regions.chosen)
        self._attempt(lambda: self._session.do(region_steps.split(document, regions.map, *keys)))

    def join(self) -> None:
        self._session.settle()
        regions = self._session.regions
        keys = sorted(regions.chosen)
        self._attempt(lambda: self._session.do(region_steps.join(self._session.document, regions.map, keys)))

    def choose_all(self) -> None:
        self._session.regions.choose(region.key for region in self._session.regions.all)

    def choose_none(self) -> None:
        self._session.regions.choose(())

    # -- on the canvases ----------------------------------------------------------------------------------------

    def open_menu_at(self, x: float, y: float, at: QPoint) -> None:
        """The menu of the region under a document point."""
        key = self._session.regions.map.at(math.floor(x), math.floor(y))
        if key is None or self._session.has_open_stroke:
            return
        if key not in self._session.regions.chosen:
            self._session.regions.choose((key,))
        self.open_menu(at)

    def open_menu(self, at: QPoint) -> None:
        """The menu of what is chosen; it is gone once something in it was done."""
        menu = QMenu(self._window)
        self.fill(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def fill(self, menu: QMenu) -> None:
        actions = self._actions
        assert actions is not None, "fill before follow"
        names = [region_name(self._session, key) for key in self.targets]
        heading = menu.addAction(names[0] if len(names) == 1 else _("{count} regions").format(count=len(names)))
        heading.setEnabled(False)
        for name in _ON_CANVAS:
            if not name:
                menu.addSeparator()
            elif name == "region.swatches":
                self.swatches.fill(menu.addMenu(_("S&watches")))
            else:
                menu.addAction(actions[name])

    def _tap(self, x: float, y: float, adds: bool) -> None:
        """A click on the photo chooses the region there, with Ctrl or Shift one more or one less."""
        key = self._session.regions.map.at(math.floor(x), math.floor(y))
        chosen = self._session.regions.chosen
        if key is None:
            self._session.regions.choose(())
        else:
            self._session.regions.choose(chosen ^ {key} if adds else () if chosen == {key} else (key,))

    # -- what they share ----------------------------------------------------------------------------------------

    def _choose_tool(self, kind: ToolKind, _checked: bool = False) -> None:
        self._session.choose_tool(kind)

    def _attempt(self, work: Callable[[], object]) -> None:
        messages.attempt(self._window, work)

    def _show(self) -> None:
        actions = self._actions
        if actions is None:
            return
        keys, styles, chosen = self.targets, self._studio.styles, self._session.regions.chosen
        nothing = "" if styles.copied is not None else _("No style was copied yet.")
        actions.refuse("region.paste", styles.refusal(keys) or nothing)
        actions.allow("region.back", styles.can_step(keys, -1), _("There is no earlier style."))
        actions.allow("region.forth", styles.can_step(keys, 1), _("There is no later style."))
        locked = [key for key in chosen if self._studio.locks.is_locked(key)]
        lock = actions["region.lock"]
        none = _("No region is chosen.")
        actions.allow("region.lock", bool(chosen), none)
        lock.setText(_("Un&lock the pixels") if locked and len(locked) == len(chosen) else _("&Lock the pixels"))
        actions.allow("region.unlock_all", bool(self._session.document.locks), _("Nothing is locked."))
        actions.allow("region.split", bool(chosen), none)
        actions.allow("region.join", len(chosen) > 1, _("Choose two regions or more for that."))
