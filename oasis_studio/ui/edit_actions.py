"""Edit: undo, redo, the tools, the classes and the brush, all by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.app.tool_kind import ToolKind
from oasis_studio.i18n import _
from oasis_studio.ui.actions import ActionSpec, ActionTable
from oasis_studio.ui.canvas.photo_canvas import PhotoCanvas


class EditActions(QObject):
    """Callbacks of the Edit menu and the tool column."""

    def __init__(self, window: QWidget, studio: Studio, photo: PhotoCanvas) -> None:
        super().__init__(window)
        self._session = studio.session
        self._feed = studio.feed
        self._photo = photo
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        session = self._session
        return [
            ActionSpec("edit.undo", _("&Undo"), session.undo, "edit", ("Ctrl+Z",)),
            ActionSpec("edit.redo", _("&Redo"), session.redo, "edit", ("Ctrl+Shift+Z", "Ctrl+Y")),
            ActionSpec("edit.copy_photo", _("&Copy photo"), self.copy_photo, "edit", ("Ctrl+C",), starts_section=True),
            *self._tool_specs(),
            ActionSpec(
                "edit.fill_all",
                _("Fill the whole &class"),
                self._set_fill,
                "edit",
                ("Shift+G",),
                is_checkable=True,
                starts_section=True,
            ),
            ActionSpec(
                "edit.larger", _("&Larger brush"), partial(session.step_brush, 1), "edit", ("]",), starts_section=True
            ),
            ActionSpec("edit.smaller", _("S&maller brush"), partial(session.step_brush, -1), "edit", ("[",)),
            *(
                ActionSpec(
                    f"class.{number}",
                    _("Class {number}").format(number=number),
                    self._chooser(number),
                    "",
                    (str(number),),
                )
                for number in range(1, 10)
            ),
        ]

    def _tool_specs(self) -> list[ActionSpec]:
        tools = [
            (ToolKind.BRUSH, _("&Brush"), "B", "brush"),
            (ToolKind.ERASER, _("&Eraser"), "E", "eraser"),
            (ToolKind.LINE, _("&Line"), "L", "vector-line"),
            (ToolKind.RECTANGLE, _("&Rectangle"), "R", "vector-square"),
            (ToolKind.ELLIPSE, _("&Ellipse"), "O", "vector-ellipse"),
            (ToolKind.FILL, _("&Fill"), "G", "format-color-fill"),
            (ToolKind.PICK, _("&Pick class"), "I", "eyedropper"),
            (ToolKind.HAND, _("&Hand"), "H", "hand-back-right-outline"),
        ]
        return [
            ActionSpec(
                f"tool.{kind}",
                title,
                self._tool_chooser(kind),
                "edit",
                (key, "F") if kind is ToolKind.FILL else (key,),
                icon,
                group="tool",
                starts_section=kind is ToolKind.BRUSH,
            )
            for kind, title, key, icon in tools
        ]

    def follow(self, actions: ActionTable) -> None:
        """Keep the actions' texts and marks as the session is."""
        self._actions = actions
        self._session.history_changed.connect(self._show_history)
        self._session.document_opened.connect(self._show_history)
        self._session.tool_chosen.connect(self._show_tool)
        self._feed.photo_shown.connect(self._show_photo)
        self._show_history()
        self._show_tool()
        self._show_photo()

    def copy_photo(self) -> None:
        image = self._photo.image()
        if image is not None:
            QGuiApplication.clipboard().setImage(image)

    def _set_fill(self, whole_class: bool) -> None:
        self._session.fills_contiguous = not whole_class

    def _tool_chooser(self, kind: ToolKind) -> Callable[..., None]:
        return lambda _checked=False: self._session.choose_tool(kind)

    def _chooser(self, number: int) -> Callable[[], None]:
        return lambda: self._session.choose_class(number - 1)

    def _show_history(self) -> None:
        history, actions = self._session.history, self._actions
        if actions is None:
            return
        undo, redo = actions["edit.undo"], actions["edit.redo"]
        undo.setEnabled(history.can_undo)
        redo.setEnabled(history.can_redo)
        undo.setText(_("&Undo {step}").format(step=history.undo_title).rstrip())
        redo.setText(_("&Redo {step}").format(step=history.redo_title).rstrip())

    def _show_tool(self) -> None:
        if self._actions is not None:
            self._actions[f"tool.{self._session.tool}"].setChecked(True)

    def _show_photo(self) -> None:
        if self._actions is not None:
            self._actions["edit.copy_photo"].setEnabled(self._feed.image_HW3 is not None)
