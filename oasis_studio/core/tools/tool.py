"""What every painting tool can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from oasis_studio.core.box import Box
from oasis_studio.core.document import Document
from oasis_studio.core.history import Command
from oasis_studio.core.layer import LabelLayer
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True)
class ToolOptions:
    """``label`` 0..254 the class to paint with; ``size`` diameter of the tip in pixels, at least 1."""

    label: int
    size: int


class Tool(ABC):
    """From press to release a tool paints straight into ``layer.labels``.

    Coordinates are document pixels as floats and may lie outside the canvas. The boxes returned hold the
    pixels that may have changed. A move, release or cancel without a press does nothing.
    """

    @abstractmethod
    def press(self, x: float, y: float, document: Document, layer: LabelLayer, options: ToolOptions) -> Box:
        """Begin; StudioError if the layer is locked or hidden."""

    @abstractmethod
    def move(self, x: float, y: float) -> Box:
        """Go on to (x, y)."""

    @abstractmethod
    def release(self, x: float, y: float) -> Command | None:
        """End. The command is in effect already: give it to ``History.record``. None if no pixel changed."""

    @abstractmethod
    def cancel(self) -> Box:
        """Put everything back as it was before the press."""


def check_paintable(layer: LabelLayer) -> None:
    """Raise StudioError unless a person may paint on ``layer``."""
    if layer.is_locked:
        raise StudioError(
            _("The layer “{name}” is locked.").format(name=layer.name),
            _("Unlock it in the layers list, or choose another layer."),
        )
    if not layer.is_visible:
        raise StudioError(
            _("The layer “{name}” is hidden.").format(name=layer.name),
            _("Show it in the layers list, or choose another layer."),
        )
