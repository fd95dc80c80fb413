"""A picture of a fixed size in a dialog."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel

from oasis_studio.ui.widgets.underlay import qimage


class PhotoPicture(QLabel):
    """Shows images as large as they fit; ``name`` is what people without eyes hear."""

    def __init__(self, name: str, width: int) -> None:
        super().__init__()
        self.setFixedSize(width, width * 3 // 4)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)

    def show_image(self, image_HW3: np.ndarray) -> None:
        """uint8 RGB of any size."""
        height, width = image_HW3.shape[:2]
        scale = min(self.width() / width, self.height() / height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
        self.setPixmap(QPixmap.fromImage(qimage(np.asarray(cv2.resize(image_HW3, size, interpolation=how)))))
