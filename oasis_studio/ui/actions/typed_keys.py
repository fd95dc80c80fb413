"""Signs as keys on every keyboard: “]” is AltGr and 9 on a German one, and must not choose class 9."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from oasis_studio.ui.actions.actions import ActionTable

_WRITES = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""How Windows tells AltGr."""


class TypedKeys(QObject):
    """On the canvases a sign triggers the action that has it, whichever keys it is typed with.

    Qt alone tries the keys without AltGr as well, and a number key is among them.
    """

    def __init__(self, actions: ActionTable, canvases: list[QWidget]) -> None:
        super().__init__(actions)
        self._actions = actions
        for canvas in canvases:
            canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and (action_id := self._action_of(event)):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # so that it comes again, as a key press
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._actions[action_id].trigger()
                return True
        return super().eventFilter(watched, event)

    def _action_of(self, event: QKeyEvent) -> str:
        """Id of the action that has the typed sign as its key; "" for letters, numbers and real combinations."""
        text, others = event.text(), event.modifiers() & ~_WRITES
        is_sign = len(text) == 1 and text.isprintable() and not text.isalnum() and not text.isspace()
        if not is_sign or others not in (Qt.KeyboardModifier.NoModifier, _ALT_GR):
            return ""
        owner = self._actions.owner_of(text)
        return owner.id if owner is not None else ""
