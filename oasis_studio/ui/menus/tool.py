"""The tools and how they behave, as actions: the tool column, the options row and the keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.bars.tool_texts import tool_names
from oasis_studio.ui.questions import messages

_TOOLS = [
    (ToolKind.BRUSH, "B", "brush"),
    (ToolKind.ERASER, "E", "eraser"),
    (ToolKind.LINE, "L", "vector-line"),
    (ToolKind.POLYLINE, "Shift+L", "vector-polyline"),
    (ToolKind.RECTANGLE, "R", "vector-square"),
    (ToolKind.ELLIPSE, "O", "vector-ellipse"),
    (ToolKind.POLYGON, "N", "vector-polygon"),
    (ToolKind.LASSO, "Q", "lasso"),
    (ToolKind.FILL, "G", "format-color-fill"),
    (ToolKind.PICK, "I", "eyedropper"),
    (ToolKind.SELECT_BOX, "S", "select"),
    (ToolKind.SELECT_LASSO, "Shift+S", "selection-drag"),
    (ToolKind.SELECT_REGION, "W", "select-place"),
    (ToolKind.WAND, "Shift+W", "auto-fix"),
    (ToolKind.MOVE, "V", "cursor-move"),
    (ToolKind.HAND, "H", "hand-back-right-outline"),
]


class ToolActions(QObject):
    """Callbacks of the Tools menu."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        return [*self._tool_specs(), *self._behaviour_specs(), *self._class_specs()]

    def _tool_specs(self) -> list[ActionSpec]:
        names = tool_names()
        return [
            ActionSpec(
                f"tool.{kind}",
                names[kind],
                self._chooser(kind),
                "tool",
                (key, "F") if kind is ToolKind.FILL else (key,),
                icon,
                group="tool",
            )
            for kind, key, icon in _TOOLS
        ]

    def _behaviour_specs(self) -> list[ActionSpec]:
        session, tools = self._session, self._session.tools
        return [
            ActionSpec(
                "tool.square",
                _("&Square tip"),
                self._set_square,
                "tool",
                ("Shift+B",),
                "square-outline",
                is_checkable=True,
                starts_section=True,
            ),
            ActionSpec("tool.keep_tip", _("Make a t&ip of the selection"), self.keep_tip, "tool"),
            ActionSpec(
                "tool.mirror", _("&Mirror"), tools.set_mirrored, "tool", ("M",), "reflect-horizontal", is_checkable=True
            ),
            ActionSpec(
                "tool.protect",
                _("&Protect classes"),
                self._set_protects,
                "tool",
                ("P",),
                "shield-outline",
                is_checkable=True,
            ),
            ActionSpec(
                "tool.protect_class",
                _("P&rotect the chosen class"),
                self.protect_chosen,
                "tool",
                ("Shift+P",),
                "shield-plus-outline",
            ),
            ActionSpec(
                "tool.pressure",
                _("Pen press&ure sizes the tip"),
                tools.set_pressure,
                "tool",
                (),
                "draw-pen",
                is_checkable=True,
            ),
            ActionSpec(
                "tool.whole_class",
                _("The whole &class at once"),
                self._set_whole_class,
                "tool",
                ("Shift+G",),
                "select-group",
                is_checkable=True,
            ),
            ActionSpec(
                "tool.larger",
                _("&Larger brush"),
                partial(session.step_brush, 1),
                "tool",
                ("]", "PgUp"),
                starts_section=True,
            ),
            ActionSpec("tool.smaller", _("Smaller &brush"), partial(session.step_brush, -1), "tool", ("[", "PgDown")),
        ]

    def _class_specs(self) -> list[ActionSpec]:
        """The number keys; they stand in no menu."""
        title = _("Class {number}")
        numbers = range(1, 10)
        return [
            ActionSpec(f"class.{n}", title.format(number=n), partial(self._session.choose_class, n - 1), "", (str(n),))
            for n in numbers
        ]

    def follow(self, actions: ActionTable) -> None:
        """Keep the marks as the session is."""
        self._actions = actions
        self._session.tool_chosen.connect(self._show)
        self._session.tools.changed.connect(self._show)
        self._session.selection.changed.connect(self._show)
        self._show()

    def protect_chosen(self) -> None:
        """Protect the class that is painted with, or protect it no more."""
        self._session.tools.toggle_protected(self._session.label)

    def keep_tip(self) -> None:
        """A tip in the shape of what is selected, kept for every drawing, and paint with it."""
        selection, tools = self._session.selection.current, self._session.tools
        if selection is not None:
            messages.attempt(self._window, lambda: tools.set_shape(tools.shelf.keep(selection)))

    def _set_protects(self, protects: bool) -> None:
        """Without a protected class yet, the chosen one becomes the first."""
        tools = self._session.tools
        if protects and not tools.protected:
            self.protect_chosen()
        else:
            tools.set_protects(protects)

    def _set_square(self, is_square: bool) -> None:
        self._session.tools.set_tip(Tip.SQUARE if is_square else Tip.ROUND)

    def _set_whole_class(self, is_whole: bool) -> None:
        self._session.tools.set_contiguous(not is_whole)

    def _chooser(self, kind: ToolKind) -> Callable[..., None]:
        return lambda _checked=False: self._session.choose_tool(kind)

    def _show(self) -> None:
        actions, tools = self._actions, self._session.tools
        if actions is None:
            return
        actions[f"tool.{self._session.tool}"].setChecked(True)
        actions["tool.square"].setChecked(tools.tip is Tip.SQUARE and tools.shape is None)
        actions.allow("tool.keep_tip", self._session.selection.current is not None, _("Nothing is selected."))
        actions["tool.mirror"].setChecked(tools.is_mirrored)
        actions["tool.protect"].setChecked(tools.protects)
        actions["tool.pressure"].setChecked(tools.feels_pressure)
        actions["tool.whole_class"].setChecked(not tools.fills_contiguous)
