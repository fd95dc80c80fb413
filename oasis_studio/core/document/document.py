"""What a person is painting: size, palette, layers, seed, and what helps to paint it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.snapshot import Snapshot
from oasis_studio.core.document.style import StyleTrail
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MAX_SIDE = 8192
MIN_SIDE = 16

_BAND = 2**19
"""Pixels flattened at a time, so that they stay in the processor's cache."""
_WORTH_SHARING = 2**22
"""From so many pixels on, threads save more than starting them costs, and copying rows into one piece saves nothing."""


@dataclass(eq=False)
class Document:
    """The document changes only inside a :class:`~oasis_studio.core.history.history.Command` or an open stroke.

    ``layers`` run from the bottom to the top; ``background`` is the class of a pixel nobody painted;
    ``model`` is the id of the model that renders it (a folder name of the library).
    """

    width: int
    height: int
    palette: Palette
    model: str
    layers: list[LabelLayer] = field(default_factory=list)
    background: int = 0
    seed: int = 0
    reference: Reference | None = None
    snapshots: tuple[Snapshot, ...] = ()
    """From the oldest to the newest."""
    results: tuple[Result, ...] = ()
    """The same. Those that are new come in beside the history: :mod:`~oasis_studio.core.document.result` tells why."""
    notes: str = ""
    guides: Guides = field(default_factory=Guides)
    styles: Mapping[RegionKey, StyleTrail] = field(default_factory=dict)
    """Of regions that have or had a style of their own, and of WHOLE_IMAGE. A change makes another mapping."""
    locks: Mapping[RegionKey, Lock] = field(default_factory=dict)
    """By the region they were made of, in the order they were made. A change makes another mapping."""
    frame: object = field(default_factory=object, repr=False)
    """Another one after every change of the size, and the old one again once that is undone: who has kept it knows
    whether a pixel of the document is still where it was."""
    origins: tuple[Path, ...] = ()
    """Files, and folders of files, that it was made from without being saved there."""

    def __post_init__(self) -> None:
        check_size(self.width, self.height)

    @property
    def bounds(self) -> Box:
        return Box(0, 0, self.width, self.height)

    def layer(self, layer_id: int) -> LabelLayer:
        """The layer with that id; KeyError if there is none."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    def copy(self) -> Document:
        """The same document in arrays that nobody paints, with the same layer ids: to save it in another thread."""
        return replace(self, layers=[replace(layer, labels=layer.labels.copy()) for layer in self.layers])

    def flatten(self, box: Box | None = None, out: np.ndarray | None = None) -> np.ndarray:
        """Label map of ``box`` (default: everything), (h, w) uint8: the topmost painted, visible class.

        ``out`` of that shape is filled and returned, where there is one already.
        """
        area = (box or self.bounds).clipped(self.width, self.height)
        visible = [layer.labels[area.slices] for layer in reversed(self.layers) if layer.is_visible]
        visible.append(np.broadcast_to(np.uint8(self.background), (area.height, area.width)))
        is_large = area.width * area.height >= _WORTH_SHARING
        labels = out if out is not None and is_large else np.empty((area.height, area.width), np.uint8)
        rows = max(1, _BAND // max(1, area.width))
        bands = iter([slice(top, top + rows) for top in range(0, area.height, rows)])

        def flatten_bands() -> None:
            for band in bands:
                _flatten_band(visible, labels, band, not is_large)

        helpers = min(4, os.cpu_count() or 1) - 1 if is_large else 0
        if helpers:  # OpenCV and NumPy let go of the interpreter, so that threads share it out
            with ThreadPoolExecutor(helpers) as pool:
                helping = [pool.submit(flatten_bands) for _helper in range(helpers)]
                flatten_bands()  # waiting for others to do it would cost more turns of the interpreter
                for helper in helping:
                    helper.result()
        else:
            flatten_bands()
        if out is None or labels is out:
            return labels
        out[:] = labels
        return out


def _flatten_band(visible: list[np.ndarray], labels: np.ndarray, rows: slice, copies: bool) -> None:
    """Fill some rows of ``labels`` from the layers, the topmost first; the last one is painted everywhere.

    ``copies``: OpenCV gets rows in one piece.
    """
    band = labels[rows]
    np.copyto(band, visible[0][rows])
    for layer_labels in visible[1:]:
        missing = (band == UNPAINTED).view(np.uint8)
        if not cv2.countNonZero(missing):
            break
        lower = layer_labels[rows]
        if copies or not lower.strides[1]:  # the background is one number, seen everywhere
            lower = np.ascontiguousarray(lower)
        cv2.copyTo(lower, missing, band)


def check_size(width: int, height: int) -> None:
    """Raise StudioError unless a document of this size can be painted on."""
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        raise StudioError(
            _("A picture of {width}×{height} pixels cannot be opened.").format(width=width, height=height),
            _("Each side may have {low} to {high} pixels.").format(low=MIN_SIDE, high=MAX_SIDE),
        )
