"""A class on its way from the palette to the canvas."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

_FORMAT = "application/x-oasis-class"


def packed(label: int) -> QMimeData:
    """The class id as something that can be dragged."""
    data = QMimeData()
    data.setData(_FORMAT, str(label).encode())
    return data


def unpacked(data: QMimeData) -> int | None:
    """The class id that is dragged, or None if it is something else."""
    return int(bytes(data.data(_FORMAT).data())) if data.hasFormat(_FORMAT) else None
