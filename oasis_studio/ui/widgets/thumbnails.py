"""Small pictures of project files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPixmap

from oasis_studio.core.files.projects.thumbnail import read_thumbnail
from oasis_studio.ui.widgets.underlay import qimage

MENU_SIDE = 48


def thumbnail(path: Path, side: int) -> QPixmap:
    """As large as it fits into a square of that side; a null pixmap if the file has none."""
    image_HW3 = read_thumbnail(path)
    if image_HW3 is None:
        return QPixmap()
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(qimage(image_HW3)).scaled(side, side, keep, smooth)


def thumbnail_icon(path: Path) -> QIcon:
    return QIcon(thumbnail(path, MENU_SIDE))
