"""One small picture for every preview of a run, growing to the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem

from oasis_studio.i18n import _

_SIDE = 64
_TEXT = 22
_ITEM = QSize(_SIDE + 24, _SIDE + _TEXT + 18)
_IMAGES = Qt.ItemDataRole.UserRole


class Strip(QListWidget):
    """Shows the newest until an older one is chosen; ``chosen`` tells how many photos the model had seen then."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFlow(QListView.Flow.LeftToRight)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setGridSize(_ITEM)
        self.setFixedHeight(_SIDE + _TEXT + 32)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Previews so far"))
        self.currentItemChanged.connect(self._tell)

    @property
    def moment(self) -> int | None:
        """How many photos the model of the chosen preview had seen."""
        item = self.currentItem()
        return None if item is None else int(item.data(_IMAGES))

    def show_moments(self, moments: list[int], picture_of: dict[int, QImage]) -> None:
        """One item for each of ``moments``; pictures may come later."""
        follows = self.currentRow() in (-1, self.count() - 1)
        known = [int(self.item(row).data(_IMAGES)) for row in range(self.count())]
        if known != moments[: len(known)]:
            self.clear()
            known = []
        for images in moments[len(known) :]:
            item = QListWidgetItem(f"{images}")
            item.setData(_IMAGES, images)
            item.setToolTip(_("after {count} photos").format(count=images))
            item.setSizeHint(_ITEM)  # not that of the text: the picture comes later
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.addItem(item)
        for row, images in enumerate(moments):
            if images in picture_of and not picture_of[images].isNull() and self.item(row).icon().isNull():
                icon, thumbnail = QIcon(), _thumbnail(picture_of[images])
                for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # left alone, Qt tints the chosen one
                    icon.addPixmap(thumbnail, mode)
                self.item(row).setIcon(icon)
        if follows and self.count():
            self.setCurrentRow(self.count() - 1)
            self.scrollToItem(self.currentItem())

    def has_picture(self, images: int) -> bool:
        """Is there a picture of the preview after so many photos?"""
        items = (self.item(row) for row in range(self.count()))
        return any(int(item.data(_IMAGES)) == images and not item.icon().isNull() for item in items)

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(int(item.data(_IMAGES)))


def _thumbnail(image: QImage) -> QPixmap:
    """The middle of the picture, square."""
    grown, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    scaled = image.scaled(_SIDE, _SIDE, grown, smooth)
    left, top = (scaled.width() - _SIDE) // 2, (scaled.height() - _SIDE) // 2
    return QPixmap.fromImage(scaled.copy(left, top, _SIDE, _SIDE))
