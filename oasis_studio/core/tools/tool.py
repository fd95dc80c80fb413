"""What every painting tool can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.core.pixels.tip_shape import TipShape
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True)
class ToolOptions:
    """``label`` 0..254 the class to paint with; ``size`` diameter of the tip in pixels, at least 1."""

    label: int
    size: int
    tip: Tip = Tip.ROUND
    selection: Selection | None = None
    """Paint only there; of the document's size. None: everywhere."""
    protected: frozenset[int] = frozenset()
    """Classes that are not painted over, as seen in the flattened label map."""
    is_mirrored: bool = False
    """Paint the mirror image on the other side of the canvas's upright middle, too."""
    smoothing: float = 0.0
    """0..1: how much the brush steadies a shaky hand; it lags behind the pointer and catches up at the release."""
    snaps: bool = False
    """Shift: lines go in steps of 45 degrees, rectangles become squares and ellipses circles."""
    subtracts: bool = False
    """Ctrl: leave unpainted pixels instead of the class."""
    gap: int = 0
    """0..8: openings up to so many pixels wide do not let the fill through."""
    shape: TipShape | None = None
    """A tip of any other shape, in place of ``tip``."""


class Tool(ABC):
    """From press to release a tool paints straight into ``layer.labels``.

    Coordinates are document pixels as floats and may lie outside the canvas. The boxes returned hold the
    pixels that may have changed. A move, release or cancel without a press does nothing.

    ``pressure`` 0..1 of a pen makes the tip smaller. ``snaps`` says whether Shift is down at that moment; None: as the
    options said at the press.
    """

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Between a press and the end of what it began? Tools of several clicks stay open after a release."""

    @property
    @abstractmethod
    def extent(self) -> Box:
        """Box around all that may have changed since the last press; a release and a finish may paint, too."""

    @abstractmethod
    def press(
        self,
        x: float,
        y: float,
        document: Document,
        layer: LabelLayer,
        options: ToolOptions,
        pressure: float = 1.0,
    ) -> Box:
        """Begin; StudioError if the layer is locked or hidden."""

    @abstractmethod
    def move(self, x: float, y: float, pressure: float = 1.0, snaps: bool | None = None) -> Box:
        """Go on to (x, y)."""

    @abstractmethod
    def release(self, x: float, y: float, snaps: bool | None = None) -> Command | None:
        """End. The command is in effect already: give it to ``History.record``. None if no pixel changed."""

    @abstractmethod
    def cancel(self) -> Box:
        """Put everything back as it was before the press."""

    def finish(self) -> Command | None:
        """End a tool of several clicks (Enter, double click); other tools end with the release."""
        return None


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
