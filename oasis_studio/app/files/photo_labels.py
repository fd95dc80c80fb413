"""Labels read from a photo: into the open drawing, or as a new one; the photo becomes the underlay."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from oasis_studio.app.files.drawings import blank_document
from oasis_studio.app.session.session import Session
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import MIN_SIDE
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.history.commands import AddLayer, Together
from oasis_studio.core.history.document_commands import SetReference
from oasis_studio.core.history.history import Command
from oasis_studio.core.work.jobs import Segmentation
from oasis_studio.i18n import _

UNSURE = 0.5
"""A pixel whose class is less likely than this is to be checked."""
_LARGEST_SHORT_SIDE = 512


def drawing_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of a new drawing of a photo: in its proportions, no larger than is quick to paint on."""
    scale = min(1.0, _LARGEST_SHORT_SIDE / min(width, height))
    return max(MIN_SIDE, round(width * scale)), max(MIN_SIDE, round(height * scale))


def open_as_drawing(session: Session, image_HW3: np.ndarray, found: Segmentation, path: Path) -> None:
    """A new drawing of the proportions of the photo, which was read from ``path``."""
    old = session.document
    width, height = drawing_size(image_HW3.shape[1], image_HW3.shape[0])
    document = blank_document(width, height, old.palette, old.model)
    document.seed = old.seed
    document.layers[:] = _layers(found, path.stem, width, height, np.ones((height, width), bool))
    document.reference = Reference.fitted(image_HW3, width, height, path)
    session.open(document, None, path.stem, is_saved=False)


def add_to_drawing(session: Session, image_HW3: np.ndarray, found: Segmentation, path: Path) -> None:
    """Into the open drawing, fitted into its middle, as one step."""
    document = session.document
    reference = Reference.fitted(image_HW3, document.width, document.height, path)
    covered = np.zeros((document.height, document.width), bool)
    covered[reference.box.slices] = True
    small = Segmentation(
        _resized(found.labels_HW, reference.box.width, reference.box.height),
        _resized(found.sure_HW, reference.box.width, reference.box.height),
    )
    layers = _placed(small, reference, path.stem, covered)
    steps: list[Command] = [AddLayer(layer, len(document.layers) + place) for place, layer in enumerate(layers)]
    if session.do(Together(_("Labels from a photo"), (*steps, SetReference(reference)))):
        session.choose_layer(layers[0].id)


def _layers(found: Segmentation, name: str, width: int, height: int, covered: np.ndarray) -> list[LabelLayer]:
    labels, sure = _resized(found.labels_HW, width, height), _resized(found.sure_HW, width, height)
    return _split(np.where(covered, labels, np.uint8(UNPAINTED)), sure, name)


def _placed(found: Segmentation, reference: Reference, name: str, covered: np.ndarray) -> list[LabelLayer]:
    labels = np.full(covered.shape, UNPAINTED, np.uint8)
    sure = np.ones(covered.shape, np.float32)
    labels[reference.box.slices], sure[reference.box.slices] = found.labels_HW, found.sure_HW
    return _split(labels, sure, name)


def _split(labels_HW: np.ndarray, sure_HW: np.ndarray, name: str) -> list[LabelLayer]:
    """All labels, and above them those that are to be checked, on a layer of their own."""
    layers = [LabelLayer(name, labels_HW)]
    doubtful = (sure_HW < UNSURE) & (labels_HW != UNPAINTED)
    if doubtful.any():
        layers.append(LabelLayer(_("Check me"), np.where(doubtful, labels_HW, np.uint8(UNPAINTED))))
    return layers


def _resized(plane_HW: np.ndarray, width: int, height: int) -> np.ndarray:
    """Labels and likelihoods alike by the nearest pixel."""
    if plane_HW.shape == (height, width):
        return plane_HW.copy()
    return np.asarray(cv2.resize(plane_HW, (width, height), interpolation=cv2.INTER_NEAREST), plane_HW.dtype)
