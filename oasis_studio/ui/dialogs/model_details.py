"""The card of one model as a person reads it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from oasis_studio.core.models.card import PREVIEW_FILE, ModelCard
from oasis_studio.i18n import _, decimal, local_name, ngettext
from oasis_studio.ui.widgets.durations import memory
from oasis_studio.ui.widgets.text import label

_PREVIEW = 200
_MOST_CLASSES = 40


class ModelDetails(QScrollArea):
    """Sample image, name, what it knows, where it comes from and on what terms."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.picture = QLabel()
        self.picture.setAccessibleName(_("Sample image"))
        self.name = label("", "pageTitle", wraps=True)
        self.description = label("", wraps=True)
        self.terms = label("", "warning", wraps=True)
        self.facts = QFormLayout()
        self.facts.setHorizontalSpacing(16)
        self.facts.setVerticalSpacing(8)
        self.facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        inside.setObjectName("plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 0, 12, 0)
        column.setSpacing(10)
        for widget in (self.name, self.picture, self.description, self.terms):
            column.addWidget(widget)
        column.addLayout(self.facts)
        column.addStretch(1)
        self.setWidget(inside)

    def show_model(self, folder: Path, card: ModelCard, size: int, is_shipped: bool) -> None:
        self.name.setText(card.name)
        self._show_picture(folder / PREVIEW_FILE)
        self.description.setText(local_name(card.description))
        self.description.setVisible(bool(card.description))
        terms = local_name(str(card.data.get("terms") or ""))
        self.terms.setText(_("Terms: {terms}").format(terms=terms) if terms else "")
        self.terms.setVisible(bool(terms))
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for title, value in _facts(card, size, is_shipped):
            if value:
                self.facts.addRow(label(title, "dim"), label(value, wraps=True))

    def _show_picture(self, path: Path) -> None:
        picture = QPixmap(str(path)) if path.is_file() else QPixmap()
        self.picture.setVisible(not picture.isNull())
        if not picture.isNull():
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self.picture.setPixmap(picture.scaled(420, _PREVIEW, keep, smooth))


def model_icon(folder: Path, card: ModelCard, side: int) -> QPixmap:
    """A corner of the sample image; without one, stripes in the colours of the classes."""
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    picture = QPixmap(str(folder / PREVIEW_FILE))
    if picture.isNull():
        colors = card.palette.classes[:8]
        picture = QPixmap(1, len(colors))
        image = picture.toImage()
        for row, entry in enumerate(colors):
            image.setPixelColor(0, row, QColor(entry.hex))
        return QPixmap.fromImage(image.scaled(side, side))
    part = min(picture.width(), picture.height()) // 2 or 1
    return picture.copy(0, 0, part, part).scaled(side, side, keep, smooth)


def _facts(card: ModelCard, size: int, is_shipped: bool) -> list[tuple[str, str]]:
    width, height = card.native_size
    names = [entry.title for entry in card.palette.classes]
    more = _(" and {count} more").format(count=len(names) - _MOST_CLASSES) if len(names) > _MOST_CLASSES else ""
    sources = card.data.get("sources") or []
    return [
        (_("Classes"), f"{len(names)}: " + ", ".join(names[:_MOST_CLASSES]) + more),
        (_("Best size"), _("{width} × {height} pixels").format(width=width, height=height)),
        (_("On the disk"), memory(size / 2**20)),
        (_("Trained on"), "; ".join(map(str, sources)) if isinstance(sources, list) else str(sources)),
        (_("Photos seen"), str(card.data.get("images_seen") or "")),
        (_("Began with"), card.parent or ""),
        (_("Measured"), "; ".join(f"{key.replace('_', ' ')} {_number(v)}" for key, v in card.metrics.items())),
        (_("Reader"), _reading(card)),
        (_("Architecture"), card.architecture.upper()),
        (_("Can"), ", ".join(_abilities(card))),
        (_("Comes from"), _("this program") if is_shipped else _("your library")),
    ]


def _reading(card: ModelCard) -> str:
    """How well the reader that comes with the model reads photos it never saw; "" without one."""
    if card.reader is None:
        return ""
    figures = card.reader.figures
    accuracy, photos = figures.get("reading_pixel_accuracy"), figures.get("reading_photos")
    if not isinstance(accuracy, float) or not isinstance(photos, int):
        return _("fitted to the model's photos")
    text = ngettext(
        "reads {share} % of the pixels of {count} photo it never saw",
        "reads {share} % of the pixels of {count} photos it never saw",
        photos,
    )
    return text.format(share=decimal(100 * accuracy, 1), count=photos)


def _abilities(card: ModelCard) -> list[str]:
    able = card.capabilities
    found = [(able.has_region_noise, _("vary regions one by one")), (able.reads_photos, _("read photos"))]
    found.append((able.reads_style, _("take the style of a photo")))
    return [text for is_able, text in found if is_able]


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, dict):
        return _("{count} figures").format(count=len(value))
    return str(value)
