"""Layered Photoshop files (.psd): the photo, every label layer in the palette's colours, and a mask of every region."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from psd_tools import PSDImage
from psd_tools.api.layers import Group, Layer

from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.pixels.raster import box_around
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MOST_LAYERS = 8000
"""That Photoshop opens."""

_LONGEST_NAME = 255


def write_psd(path: Path, document: Document, image_HW3: np.ndarray | None = None) -> None:
    """Write a PSD; from the top: the group of masks (hidden), the group of labels, the photo.

    A region is all pixels of one class that one layer paints; its mask is white there and transparent elsewhere.
    ``image_HW3`` is the photo, uint8 RGB of the document's size; with it the labels are hidden.
    StudioError if the disk refuses or Photoshop could not open so many layers.
    """
    seen = image_HW3 if image_HW3 is not None else document.palette.colors[document.flatten()]
    psd = PSDImage.frompil(Image.fromarray(seen))
    if image_HW3 is not None:
        _named(psd.create_pixel_layer_from_array(image_HW3), _("Photo"))
    labels = [_label_layer(psd, layer, document.palette) for layer in document.layers]
    _group(psd, labels, _("Labels")).visible = image_HW3 is None
    regions = [mask for layer in document.layers for mask in _region_masks(psd, layer, document.palette)]
    if len(labels) + len(regions) > MOST_LAYERS:
        raise StudioError(
            _("The drawing has {count} regions, more than a PSD file may hold.").format(count=len(regions)),
            _("Merge some layers, or remove specks, and export again."),
        )
    _group(psd, regions, _("Regions")).visible = False
    # PSDImage.save would first draw all layers again, with packages that are not needed here: the picture is there
    write_atomically(path, psd._record.write)


def _label_layer(psd: PSDImage, layer: LabelLayer, palette: Palette) -> Layer:
    box = box_around(layer.labels != UNPAINTED)
    if box.is_empty:  # a layer needs at least a pixel
        rgba = np.zeros((1, 1, 4), np.uint8)
    else:
        labels = layer.labels[box.slices]
        rgba = np.dstack([palette.colors[labels], np.where(labels == UNPAINTED, 0, 255).astype(np.uint8)])
    made = psd.create_pixel_layer_from_array(rgba, top=box.top, left=box.left, opacity=round(layer.opacity * 255))
    made.visible = layer.is_visible
    return _named(made, layer.name)


def _region_masks(psd: PSDImage, layer: LabelLayer, palette: Palette) -> list[Layer]:
    masks = []
    for label in np.flatnonzero(np.bincount(layer.labels.ravel(), minlength=256)[: len(palette)]).tolist():
        mask = layer.labels == label
        box = box_around(mask)
        white = np.full((box.height, box.width, 4), 255, np.uint8)
        white[..., 3] = mask[box.slices] * np.uint8(255)
        made = psd.create_pixel_layer_from_array(white, top=box.top, left=box.left)
        masks.append(_named(made, f"{layer.name} · {palette.classes[label].name}"))
    return masks


def _group(psd: PSDImage, layers: list[Layer], name: str) -> Group:
    group = psd.create_group(layer_list=layers)
    _named(group, name)
    return group


def _named(layer: Layer, name: str) -> Layer:
    layer.name = name[:_LONGEST_NAME]  # creating a layer takes names of few letters only; this any
    return layer
