"""Asking for names of files to read and write."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from oasis_studio.core.disk.endings import LABEL_ENDINGS, PHOTO_ENDINGS, name_pattern
from oasis_studio.core.disk.openable import DRAWING, OPENRASTER
from oasis_studio.i18n import _


def drawing_filter() -> str:
    return ";;".join([_("Drawings") + f" (*{DRAWING})", _("OpenRaster files") + f" (*{OPENRASTER})"])


def labels_filter() -> str:
    return ";;".join([_("Label maps") + " (*.png)", wide_labels_filter(), _("NumPy arrays") + " (*.npy)"])


def wide_labels_filter() -> str:
    return _("Label maps of 16 bits") + " (*.png)"


def imported_filter() -> str:
    """Everything that can hold labels."""
    return _("Label maps") + f" ({name_pattern((*LABEL_ENDINGS, '.jpg', '.jpeg'))})"


def opened_photo_filter() -> str:
    """Every photo that is read."""
    return _("Photos") + f" ({name_pattern(PHOTO_ENDINGS)})"


def photo_filter() -> str:
    return ";;".join(["PNG (*.png)", "JPEG (*.jpg *.jpeg)", "WebP (*.webp)", "TIFF (*.tif *.tiff)"])


def ask_open(parent: QWidget, caption: str, name_filter: str, folder: Path) -> Path | None:
    """A file to read, or None if the person changed their mind."""
    name, _used = QFileDialog.getOpenFileName(parent, caption, str(folder), name_filter)
    return Path(name) if name else None


def ask_save(parent: QWidget, caption: str, name_filter: str, proposal: Path) -> Path | None:
    """A file to write, with the suffix of the filter where the person gave none; None for "not now"."""
    return ask_save_as(parent, caption, name_filter, proposal)[0]


def ask_save_as(parent: QWidget, caption: str, name_filter: str, proposal: Path) -> tuple[Path | None, str]:
    """As :func:`ask_save`, and the filter that was chosen."""
    name, used = QFileDialog.getSaveFileName(parent, caption, str(proposal), name_filter)
    if not name:
        return None, used
    path = Path(name)
    if path.suffix:
        return path, used
    return path.with_suffix(used.partition("(*")[2].rstrip(")").split(" ")[0] or proposal.suffix), used


def ask_folder(parent: QWidget, caption: str, folder: Path) -> Path | None:
    """A folder to write into; None for "not now"."""
    name = QFileDialog.getExistingDirectory(parent, caption, str(folder))
    return Path(name) if name else None
