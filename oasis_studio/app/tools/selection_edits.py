"""What is done with the selected pixels, each as one step."""

from __future__ import annotations

import numpy as np

from oasis_studio.app.session.session import Session
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.selection import Selection, select_all, select_class
from oasis_studio.core.tools import layer_steps
from oasis_studio.core.tools.tool import check_paintable
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class SelectionEdits:
    """Works on the session's selection and chosen layer; without a selection, on the whole layer.

    Methods that change the layer raise StudioError if it is locked or hidden.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def select_all(self) -> None:
        document = self._session.document
        self._session.selection.choose(select_all(document.width, document.height))

    def select_none(self) -> None:
        self._session.selection.clear()

    def invert(self) -> None:
        """What was not selected; everything where nothing was."""
        current = self._session.selection.current
        if current is None:
            self.select_all()
        else:
            self._session.selection.choose(current.inverted())

    def select_class(self) -> None:
        """Every pixel of the class that is painted with."""
        self._session.selection.choose(select_class(self._session.labels_HW, self._session.label))

    def grow(self, pixels: int) -> None:
        """Wider, or narrower if negative."""
        current = self._session.selection.current
        if current is not None:
            self._session.selection.choose(current.grown(pixels))

    def erase(self) -> None:
        """Leave unpainted pixels, so that the layer below shows."""
        self._repaint(UNPAINTED, _("Erase selection"))

    def fill(self) -> None:
        """Paint all of it with the chosen class."""
        self._repaint(self._session.label, _("Fill selection"))

    def lift(self, cuts: bool) -> None:
        """Make it a layer of its own, cut out of the old one or copied."""
        session, layer = self._session, self._layer()
        command = layer_steps.lift(session.document, layer.id, self._chosen(), layer.name, cuts)
        if command is None:
            raise StudioError(_("Nothing is painted here on “{name}”.").format(name=layer.name))
        if session.do(command):
            layers = session.document.layers
            session.choose_layer(layers[layers.index(layer) + 1].id)

    def _repaint(self, label: int, title: str) -> None:
        session, layer = self._session, self._layer()
        check_paintable(layer)
        after = np.where(self._chosen().mask_HW, np.uint8(label), layer.labels)
        command = layer_steps.repaint(layer, after, title)
        if command is not None:
            session.do(command)

    def _layer(self) -> LabelLayer:
        self._session.settle()
        if self._session.layer is None:
            raise StudioError(_("There is no layer to work on."), _("Add one in the layers list."))
        return self._session.layer

    def _chosen(self) -> Selection:
        document = self._session.document
        return self._session.selection.current or select_all(document.width, document.height)
