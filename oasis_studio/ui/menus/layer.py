"""Layer: add, duplicate, remove, order, hide, lock."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.commands import AddLayer, ChangeLayer, MoveLayer, RemoveLayer
from oasis_studio.core.tools import layer_steps
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable


class LayerActions(QObject):
    """Callbacks of the Layer menu; all work on the chosen layer."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._session = session
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("layer.add", _("&Add layer"), self.add, "layer", ("Ctrl+Shift+N",)),
            ActionSpec("layer.duplicate", _("&Duplicate layer"), self.duplicate, "layer", ("Ctrl+J",)),
            ActionSpec("layer.remove", _("&Remove layer"), self.remove, "layer", ("Shift+Del",)),
            ActionSpec("layer.up", _("Move &up"), partial(self.move, 1), "layer", ("Ctrl+]",), starts_section=True),
            ActionSpec("layer.down", _("Move d&own"), partial(self.move, -1), "layer", ("Ctrl+[",)),
            ActionSpec(
                "layer.hide",
                _("&Visible"),
                self.set_visible,
                "layer",
                ("Ctrl+H",),
                is_checkable=True,
                starts_section=True,
            ),
            ActionSpec("layer.lock", _("&Locked"), self.set_locked, "layer", ("Ctrl+L",), is_checkable=True),
        ]

    def follow(self, actions: ActionTable) -> None:
        """Keep what can be done and what is checked as the layers are."""
        self._actions = actions
        for signal in (self._session.layers_changed, self._session.layer_chosen, self._session.document_opened):
            signal.connect(self._show_layer)
        self._show_layer()

    def add(self) -> None:
        document = self._session.document
        layer = LabelLayer.blank(self._free_name(), document.width, document.height)
        if self._session.do(AddLayer(layer, self._place() + 1)):
            self._session.choose_layer(layer.id)

    def duplicate(self) -> None:
        self._session.settle()
        old, place = self._session.layer, self._place() + 1
        if old is not None and self._session.do(layer_steps.duplicate(self._session.document, old.id)):
            self._session.choose_layer(self._session.document.layers[place].id)

    def remove(self) -> None:
        """The layer below is chosen next."""
        layer, place = self._session.layer, self._place()
        if layer is not None and self._session.do(RemoveLayer(layer.id)):
            layers = self._session.document.layers
            if layers:
                self._session.choose_layer(layers[max(place - 1, 0)].id)

    def move(self, steps: int) -> None:
        layer, place = self._session.layer, self._place() + steps
        if layer is not None and 0 <= place < len(self._session.document.layers):
            self._session.do(MoveLayer(layer.id, place))

    def set_visible(self, is_visible: bool) -> None:
        layer = self._session.layer
        if layer is not None:
            title = _("Show layer") if is_visible else _("Hide layer")
            self._session.do(ChangeLayer(layer.id, title, is_visible=is_visible))

    def set_locked(self, is_locked: bool) -> None:
        layer = self._session.layer
        if layer is not None:
            title = _("Lock layer") if is_locked else _("Unlock layer")
            self._session.do(ChangeLayer(layer.id, title, is_locked=is_locked))

    def _place(self) -> int:
        layer = self._session.layer
        return self._session.document.layers.index(layer) if layer else -1

    def _free_name(self) -> str:
        taken = {layer.name for layer in self._session.document.layers}
        number = len(taken) + 1
        while (name := _("Layer {number}").format(number=number)) in taken:
            number += 1
        return name

    def _show_layer(self) -> None:
        layer, actions = self._session.layer, self._actions
        if actions is None:
            return
        none = _("No layer is chosen.")
        place, last = self._place(), len(self._session.document.layers) - 1
        for name in ("duplicate", "remove", "hide", "lock"):
            actions.allow(f"layer.{name}", layer is not None, none)
        topmost, lowest = (_("This layer is the topmost."), _("This layer is the lowest.")) if layer else (none, none)
        actions.allow("layer.up", layer is not None and place < last, topmost)
        actions.allow("layer.down", layer is not None and place > 0, lowest)
        actions["layer.hide"].setChecked(layer is not None and layer.is_visible)
        actions["layer.lock"].setChecked(layer is not None and layer.is_locked)
