"""The strip of variations below the canvases."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from oasis_studio.app.regions.variations import FEWEST, MOST
from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.docks.region_texts import region_name
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.number_field import NumberField
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.variation_tile import VariationTile

_TILE = QSize(118, 88)
_HEIGHT = _TILE.height() + 16


class VariationHead:
    """What the strip and the grid say about the variations."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    @property
    def subject(self) -> str:
        """What differs, and in what order they stand."""
        variations, session = self._studio.variations, self._studio.session
        if not variations.all:
            return ""
        names = [region_name(session, key) for key in sorted(variations.keys)]
        of = _("of {names}").format(names=", ".join(names[:3])) if names else _("of the whole image")
        is_ranked = any(each.score is not None for each in variations.all)
        there = sum(each.image_HW3 is not None for each in variations.all)
        words = [of, _("ranked by realism")] if is_ranked else [of]
        if variations.is_running:
            words.append(_("{done} of {count}").format(done=there, count=len(variations.all)))
        return " · ".join(words)


class VariationStrip(QWidget):
    """A click picks one: one step that can be undone."""

    def __init__(self, studio: Studio, actions: ActionTable) -> None:
        super().__init__()
        self._studio, self._variations = studio, studio.variations
        self._head = VariationHead(studio)
        self.tiles: list[VariationTile] = []
        self._picked: int | None = None
        self.subject = label("", "dim")
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        inner = QWidget()
        inner.setObjectName("plain")
        inner.setLayout(self._row)
        self.area = QScrollArea()
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        text = _("Other photos of the same labels: choose regions, or none for the whole image, and render variations.")
        self._empty = label(text, "dim", wraps=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        stack = QStackedLayout()
        stack.addWidget(self._empty)
        stack.addWidget(self.area)
        self._stack = stack
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(stack)
        self.setFixedHeight(_HEIGHT)
        self._variations.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        variations = self._variations
        if not any(each.image_HW3 is not None for each in variations.all):
            self._picked = None
        while len(self.tiles) < len(variations.all):
            self._add_tile()
        for place, tile in enumerate(self.tiles):
            tile.setVisible(place < len(variations.all))
        for tile, index in zip(self.tiles, variations.order, strict=False):
            tile.show_variation(variations.all[index], index == self._picked)
        self._stack.setCurrentIndex(1 if variations.all else 0)
        self.subject.setText(self._head.subject)

    def pick(self, place: int) -> None:
        """Take the variation at that place of the strip."""
        index = self._variations.order[place]
        self._picked = index
        self._variations.pick(index)
        self.refresh()

    def _add_tile(self) -> None:
        tile = VariationTile(_TILE)
        place = len(self.tiles)
        tile.clicked.connect(lambda: self.pick(place))
        self.tiles.append(tile)
        self._row.insertWidget(place, tile)


class VariationDock(Dock):
    """Below the canvases; hidden until it is asked for."""

    def __init__(self, studio: Studio, actions: ActionTable) -> None:
        self.strip = VariationStrip(studio, actions)
        self.count = NumberField(FEWEST, MOST)
        self.count.setFixedWidth(56)
        self.count.setValue(studio.variations.count)
        self.count.setAccessibleName(_("Number of variations"))
        self.count.setToolTip(_("Number of variations"))
        self.count.valueChanged.connect(lambda count: setattr(studio.variations, "count", count))
        buttons: list[QWidget] = [
            self.strip.subject,
            self.count,
            IconButton.of(actions["region.variations"], "dice-5-outline"),
            IconButton.of(actions["region.stop_variations"], "stop-circle-outline"),
            IconButton.of(actions["region.grid"], "view-grid-outline"),
        ]
        super().__init__("variations", _("Variations"), buttons, self.strip)
        self.setAllowedAreas(Qt.DockWidgetArea.BottomDockWidgetArea)
