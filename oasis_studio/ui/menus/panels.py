"""View > Panels: which panels are shown, the usual layout, and the canvases alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QMainWindow, QTextEdit, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.docks.layout import DockLayout

MENU = "panels"
_KEYS = {"variations": ("F6",), "results": ("F8",)}
_TYPED_IN = (QLineEdit, QAbstractSpinBox, QComboBox, QTextEdit)


class PanelActions(QObject):
    """``opened`` has, by name of the panel, what is done besides when a command brings it to the front."""

    def __init__(self, window: QMainWindow, opened: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._window, self._opened = window, opened
        self._layout: DockLayout | None = None
        self._actions: ActionTable | None = None
        self._around: list[QWidget] = []
        self._put_away: list[QWidget] = []
        self._came_by_key = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._note_focus)
        QShortcut(QKeySequence("Shift+Tab"), window).activated.connect(partial(self._travel, False))

    def specs(self) -> list[ActionSpec]:
        words = _("panel dock")
        return [
            *(
                ActionSpec(
                    f"panel.{name}",
                    title,
                    partial(self.toggle, name),
                    MENU,
                    _KEYS.get(name, ()),
                    is_checkable=True,
                    words=words,
                )
                for name, title in _titles().items()
            ),
            ActionSpec(
                "panel.reset",
                _("&Reset layout"),
                self.reset,
                MENU,
                starts_section=True,
                words=_("panel dock layout workspace"),
            ),
            ActionSpec(
                "view.panels",
                _("Hide or show &panels"),
                self.press_tab,
                MENU,
                ("Tab",),
                starts_section=True,
                words=words,
            ),
            ActionSpec("view.canvas_only", _("&Canvases alone"), self.toggle_alone, MENU, ("Ctrl+F11",), words=words),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions

    def take(self, layout: DockLayout, around: list[QWidget]) -> None:
        """Work with these panels; ``around`` is what besides them goes where the canvases are to be alone."""
        self._layout, self._around = layout, around
        layout.changed.connect(self._show)
        self._show()

    def toggle(self, name: str, _checked: bool = False) -> None:
        """Hide the panel if it is seen, else bring it to the front."""
        if self._layout is None:
            return
        self._end_alone()
        if self._layout.toggle(name) and name in self._opened:
            self._opened[name]()
        self._show()

    def reset(self) -> None:
        """Every panel where it was at the first start."""
        self._end_alone()
        if self._layout is not None:
            self._layout.reset()

    # -- everything at once -----------------------------------------------------------------------------------------

    def press_tab(self) -> None:
        """Hide the panels or show them again; while one types or goes from field to field, go to the next field."""
        if self._layout is None:
            return
        focus = QApplication.focusWidget()
        is_away = self._layout.are_put_away or bool(self._put_away)
        if isinstance(focus, _TYPED_IN) or (self._came_by_key and not is_away):
            self._travel(True)
        elif self._put_away:
            self._end_alone()
        else:
            self._layout.toggle_all()

    def toggle_alone(self) -> None:
        """Hide everything but the canvases, or bring it back."""
        if self._put_away:
            self._end_alone()
            return
        shown = [] if self._layout is None else list(self._layout.shown)
        self._put_away = [widget for widget in (*self._around, *shown) if not widget.isHidden()]
        for widget in self._put_away:
            widget.hide()

    def _end_alone(self) -> None:
        for widget in self._put_away:
            widget.show()
        self._put_away = []

    def _travel(self, is_forward: bool) -> None:
        """Go to the next field, or to the one before. Whoever begins so needs Tab for it."""
        self._came_by_key = True
        if is_forward:
            self._window.focusNextChild()
        else:
            self._window.focusPreviousChild()

    def _note_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Tab is for the panels again once the mouse, or something like it, has the focus on a canvas or anywhere."""
        is_pressed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if is_pressed or isinstance(new, Surface):
            self._came_by_key = False

    def _show(self) -> None:
        if self._actions is None or self._layout is None:
            return
        shown = {dock.objectName() for dock in self._layout.shown}
        for name in _titles():
            self._actions[f"panel.{name}"].setChecked(name in shown)


def _titles() -> dict[str, str]:
    return {
        "classes": _("Classes"),
        "regions": _("Regions"),
        "layers": _("Layers"),
        "history": _("History"),
        "results": _("Results"),
        "dataset": _("Photos to label"),
        "variations": _("Variations"),
    }
