"""What one changes all the time, where the pointer is: class, size of the brush, style."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.style import StoredVector
from oasis_studio.i18n import _, local_name
from oasis_studio.ui.docks.class_chip import ClassChip
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.text import label

SIZES = (4, 10, 20, 40, 80, 160)
"""Diameters of the brush to choose from, in document pixels."""
MOST_CLASSES = 16
MOST_STYLES = 6
_COLUMNS = 2
_CELL = 34
_PAD = 12


class PopupPalette(QFrame):
    """Closes with the first choice, with Esc, or with a click elsewhere.

    ``styles`` are the newest swatches; ``use`` gives one to the regions that are chosen.
    """

    def __init__(
        self, session: Session, styles: Sequence[StoredVector], use: Callable[[StoredVector], object], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(_("Palette at the pointer"))
        self._session = session
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        column.setSpacing(8)
        column.addLayout(self._classes())
        column.addWidget(label(_("Brush size"), "dim"))
        column.addLayout(self._sizes())
        if styles:
            column.addWidget(label(_("Styles"), "dim"))
            for style in styles:
                button = QPushButton(local_name(style.name).replace("&", "&&"))
                button.setObjectName("quiet")
                button.clicked.connect(partial(self._take, partial(use, style)))
                column.addWidget(button)

    def open_at(self, place: QPoint) -> None:
        """With its middle at a place on the screen, as far as it fits there."""
        self.adjustSize()
        area = (QGuiApplication.screenAt(place) or self.screen()).availableGeometry()
        corner = place - self.rect().center()
        x = max(area.left(), min(corner.x(), area.right() - self.width()))
        y = max(area.top(), min(corner.y(), area.bottom() - self.height()))
        self.move(x, y)
        self.show()

    def _classes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        palette, look = self._session.document.palette, self._session.look
        for place, entry in enumerate(palette.classes[:MOST_CLASSES]):
            chip = ClassChip(entry, "")
            chip.show_look(look.hex(palette, entry.id), look.has_patterns)
            chip.setChecked(entry.id == self._session.label)
            chip.clicked.connect(partial(self._take, partial(self._session.choose_class, entry.id)))
            grid.addWidget(chip, place // _COLUMNS, place % _COLUMNS)
        return grid

    def _sizes(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for place, size in enumerate(SIZES):
            button = QPushButton(_dot(place), "")
            button.setObjectName("quiet")
            button.setFixedSize(_CELL, _CELL)
            button.setIconSize(QSize(_CELL - 10, _CELL - 10))
            name = _("{size} px").format(size=size)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(partial(self._take, partial(self._session.resize_brush, size)))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _take(self, choose: Callable[[], object], _checked: bool = False) -> None:
        self.close()
        choose()


def _dot(place: int) -> QIcon:
    """A disc that is the larger the later its place."""
    side = 2 * (_CELL - 10)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.roles().text))
    radius = side / 2 * (place + 1) / len(SIZES)
    painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
    painter.end()
    return QIcon(picture)
