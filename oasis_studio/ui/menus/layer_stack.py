"""Layer, second part: merging, groups, colour tags and cleaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.layer import ColorTag, LabelLayer
from oasis_studio.core.history.commands import ChangeLayer
from oasis_studio.core.history.history import Command
from oasis_studio.core.tools import cleanup, layer_steps
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.number import ask_number

_SPECK, _HOLE = 64, 256
_LARGEST = 1_000_000


class LayerStackActions(QObject):
    """What cannot be done is told in a message; what changes nothing is told in the status line."""

    def __init__(self, window: QWidget, session: Session, tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._tell = tell
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("layer.merge", _("&Merge down"), self.merge_down, "layer", ("Ctrl+M",), starts_section=True),
            ActionSpec("layer.flatten", _("&Flatten"), self.flatten, "layer", ("Ctrl+Shift+M",)),
            ActionSpec("layer.group", _("&Group"), self.group, "layer", ("Ctrl+G",), starts_section=True),
            ActionSpec("layer.ungroup", _("U&ngroup"), self.ungroup, "layer", ("Ctrl+Shift+G",)),
            ActionSpec("layer.hide_group", _("Hide or show the group"), self.toggle_group, "layer"),
            ActionSpec(
                "layer.specks", _("Remove &specks…"), self.remove_specks, "layer", ("Ctrl+Alt+S",), starts_section=True
            ),
            ActionSpec("layer.smooth", _("Smooth &edges…"), self.smooth_edges, "layer", ("Ctrl+Alt+E",)),
            ActionSpec("layer.holes", _("Fill &holes…"), self.fill_holes, "layer", ("Ctrl+Alt+H",)),
        ]

    def follow(self, actions: ActionTable) -> None:
        """Keep what can be done as the layers are."""
        self._actions = actions
        for signal in (self._session.layers_changed, self._session.layer_chosen, self._session.document_opened):
            signal.connect(self._show)
        self._show()

    def fill_tags(self, menu: QMenu) -> None:
        """The colour tags, with that of the chosen layer checked."""
        menu.clear()
        layer = self._session.layer
        for tag, name in tag_names().items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(layer is not None and layer.color_tag is tag)
            action.triggered.connect(partial(self.tag, tag))

    # -- layers as wholes ---------------------------------------------------------------------------------------

    def merge_down(self) -> None:
        """The layer into the one below it, which is the one chosen then."""
        layers, upper = self._session.document.layers, self._session.layer
        place = layers.index(upper) if upper is not None else 0
        lower = layers[place - 1] if place else None
        is_done = self._do(lambda layer: layer_steps.merge_down(self._session.document, layer.id))
        if is_done and upper is not None and lower is not None:
            self._session.choose_layer(lower.id)
            self._tell(_("“{upper}” is merged into “{lower}”.").format(upper=upper.name, lower=lower.name))

    def flatten(self) -> None:
        self._do(lambda _layer: layer_steps.flatten(self._session.document))

    def group(self) -> None:
        """The marked layers; one alone is grouped with the layer below."""
        document = self._session.document
        marked = [layer.id for layer in document.layers if layer.id in self._session.marked_layers]

        def group(layer: LabelLayer) -> Command | None:
            place = document.layers.index(layer)
            ids = marked if len(marked) > 1 else [each.id for each in document.layers[max(0, place - 1) : place + 1]]
            return layer_steps.group(document, ids, self._free_name())

        self._do(group)

    def ungroup(self) -> None:
        self._do(lambda layer: layer_steps.ungroup(self._session.document, layer.group))

    def toggle_group(self) -> None:
        def toggle(layer: LabelLayer) -> Command | None:
            title = _("Hide group") if layer.is_visible else _("Show group")
            document = self._session.document
            return layer_steps.change_group(document, layer.group, title, is_visible=not layer.is_visible)

        self._do(toggle)

    def tag(self, tag: ColorTag, _checked: bool = False) -> None:
        self._do(lambda layer: ChangeLayer(layer.id, _("Colour tag"), color_tag=tag))

    # -- cleaning -----------------------------------------------------------------------------------------------

    def remove_specks(self) -> None:
        text = _("Pieces smaller than this take the class around them.")
        number = ask_number(self._window, _("Remove specks"), _("Remove"), text, _("pixels"), (2, _LARGEST, _SPECK))
        if number:
            self._do(lambda layer: cleanup.remove_specks(layer, number, self._session.selection.current))

    def smooth_edges(self) -> None:
        text = _("Every pixel takes the class that most pixels within this distance have.")
        limits = (1, cleanup.MOST_SMOOTHING, 2)
        number = ask_number(self._window, _("Smooth edges"), _("Smooth"), text, _("pixels"), limits)
        if number:
            self._do(lambda layer: cleanup.smooth_edges(layer, number, self._session.selection.current))

    def fill_holes(self) -> None:
        text = _("Unpainted places up to this size inside painted ones take the class around them.")
        number = ask_number(self._window, _("Fill holes"), _("Fill"), text, _("pixels"), (1, _LARGEST, _HOLE))
        if number:
            self._do(lambda layer: cleanup.fill_holes(layer, number, self._session.selection.current))

    # -- what they share ----------------------------------------------------------------------------------------

    def _do(self, make: Callable[[LabelLayer], Command | None]) -> bool:
        """Do a step on the chosen layer, or say why not; was it done?"""

        def work() -> None:
            self._session.settle()
            layer = self._session.layer
            command = make(layer) if layer is not None else None
            if command is None:
                self._tell(_("There is nothing to change."))
            else:
                self._session.do(command)

        return messages.attempt(self._window, work)

    def _free_name(self) -> str:
        taken = {layer.group for layer in self._session.document.layers}
        number = 1
        while (name := _("Group {number}").format(number=number)) in taken:
            number += 1
        return name

    def _show(self) -> None:
        layer, actions = self._session.layer, self._actions
        if actions is None:
            return
        layers, none = self._session.document.layers, _("No layer is chosen.")
        lowest = _("There is no layer below this one.") if layer else none
        actions.allow("layer.merge", layer is not None and layers.index(layer) > 0, lowest)
        actions.allow("layer.flatten", len(layers) > 1, _("There is one layer only."))
        actions.allow("layer.group", layer is not None, none)
        for name in ("ungroup", "hide_group"):
            actions.allow(f"layer.{name}", layer is not None and bool(layer.group), _("This layer is in no group."))
        for name in ("specks", "smooth", "holes"):
            actions.allow(f"layer.{name}", layer is not None, none)


def tag_names() -> dict[ColorTag, str]:
    return {
        ColorTag.NONE: _("None"),
        ColorTag.RED: _("Red"),
        ColorTag.ORANGE: _("Orange"),
        ColorTag.YELLOW: _("Yellow"),
        ColorTag.GREEN: _("Green"),
        ColorTag.BLUE: _("Blue"),
        ColorTag.VIOLET: _("Violet"),
        ColorTag.GREY: _("Grey"),
    }
