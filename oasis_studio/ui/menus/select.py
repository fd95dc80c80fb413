"""Select: what is chosen, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.studio import Studio
from oasis_studio.app.tools.selection_edits import SelectionEdits
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.questions import messages

_STEP = 4
"""Pixels by which a selection grows or shrinks at a time."""


class SelectActions(QObject):
    """Callbacks of the Select menu; what cannot be done is told in a message."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window = window
        self._session = studio.session
        self._mover = studio.gestures.mover
        self._edits = SelectionEdits(studio.session)
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        edits = self._edits
        return [
            ActionSpec("select.all", _("&All"), edits.select_all, "select", ("Ctrl+A",)),
            ActionSpec("select.none", _("&None"), edits.select_none, "select", ("Ctrl+Shift+A",)),
            ActionSpec("select.invert", _("&Invert"), edits.invert, "select", ("Ctrl+Shift+I",)),
            ActionSpec("select.class", _("All of the chosen &class"), edits.select_class, "select", ("Ctrl+Alt+A",)),
            ActionSpec("select.grow", _("&Grow"), partial(edits.grow, _STEP), "select", ("Shift+]",)),
            ActionSpec("select.shrink", _("&Shrink"), partial(edits.grow, -_STEP), "select", ("Shift+[",)),
            *self._change_specs(),
            *self._turn_specs(),
        ]

    def _change_specs(self) -> list[ActionSpec]:
        edits = self._edits
        return [
            ActionSpec(
                "select.erase", _("&Erase"), self._trying(edits.erase), "select", ("Del",), starts_section=True
            ),
            ActionSpec(
                "select.fill", _("&Fill with the chosen class"), self._trying(edits.fill), "select", ("Shift+F",)
            ),
            ActionSpec(
                "select.copy_layer", _("C&opy to a new layer"), self._trying(partial(edits.lift, False)), "select",
                ("Ctrl+Alt+J",),
            ),
            ActionSpec(
                "select.cut_layer", _("C&ut to a new layer"), self._trying(partial(edits.lift, True)), "select",
                ("Ctrl+Shift+J",),
            ),
        ]  # fmt: skip

    def _turn_specs(self) -> list[ActionSpec]:
        mover = self._mover
        return [
            ActionSpec(
                "select.move", _("&Move and transform"), self.begin_move, "select", ("Ctrl+T",), starts_section=True
            ),
            ActionSpec(
                "select.flip_across", _("Flip &left and right"), self._trying(partial(mover.flip, True)), "select", (),
                "flip-horizontal",
            ),
            ActionSpec(
                "select.flip_down", _("Flip &top and bottom"), self._trying(partial(mover.flip, False)), "select", (),
                "flip-vertical",
            ),
            ActionSpec(
                "select.turn_left", _("Turn left by 90°"), self._trying(partial(mover.turn, -90)), "select", (),
                "rotate-left",
            ),
            ActionSpec(
                "select.turn_right", _("Turn right by 90°"), self._trying(partial(mover.turn, 90)), "select", (),
                "rotate-right",
            ),
        ]  # fmt: skip

    def follow(self, actions: ActionTable) -> None:
        """Keep what can be done as the selection is."""
        self._actions = actions
        self._session.selection.changed.connect(self._show)
        self._show()

    def begin_move(self) -> None:
        """The move tool, with the selection in hand."""
        self._session.choose_tool(ToolKind.MOVE)
        self._trying(self._mover.begin)()

    def _trying(self, work: Callable[[], object]) -> Callable[[], object]:
        return lambda: messages.attempt(self._window, work)

    def _show(self) -> None:
        if self._actions is not None:
            has_selection = self._session.selection.current is not None
            for name in ("none", "grow", "shrink", "erase"):
                self._actions.allow(f"select.{name}", has_selection, _("Nothing is selected."))
