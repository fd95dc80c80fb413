"""The regions as an item model, in the order of the picture; the whole image comes first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QPixmap

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.regions import Region
from oasis_studio.i18n import _
from oasis_studio.ui.docks.region_texts import area_text, layer_name, region_name, style_text
from oasis_studio.ui.widgets.underlay import qimage

THUMBNAIL = 34
_REST_MS = 80
_WIDEST = 96
"""Document pixels that a thumbnail shows at most, so that texture can be seen."""

KEY = Qt.ItemDataRole.UserRole + 1
STYLE = Qt.ItemDataRole.UserRole + 2
LOCK = Qt.ItemDataRole.UserRole + 3
SCORE = Qt.ItemDataRole.UserRole + 4
AREA = Qt.ItemDataRole.UserRole + 5
CAN_STYLE = Qt.ItemDataRole.UserRole + 6

Index = QModelIndex | QPersistentModelIndex


class RegionItems(QAbstractListModel):
    """Rows follow the brush when it rests. A locked region stays in the list when nothing of it is left."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._session = studio, studio.session
        self._rows: list[Region] = []
        self._shown: list[Region] = []
        self._filter = ""
        self._thumbnails: dict[RegionKey, QPixmap] = {}
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._catch_up)
        session = self._session
        session.regions.painted.connect(self._wait)
        session.document_opened.connect(self.refresh)
        session.layers_changed.connect(self._wait)
        session.stroke_ended.connect(self._wait)
        for signal in (session.styles_changed, session.seed_changed, session.regions.rated, studio.locks.checked):
            signal.connect(self._show_values)
        session.model_changed.connect(self._show_values)
        session.locks_changed.connect(self.refresh)
        studio.feed.photo_shown.connect(self._wait_for_photo)
        self.refresh()

    def key(self, row: int) -> RegionKey:
        return self._shown[row].key

    def row(self, key: RegionKey) -> int | None:
        return next((row for row, region in enumerate(self._shown) if region.key == key), None)

    @property
    def region_count(self) -> int:
        """Regions, filtered out or not."""
        return len(self._rows) - 1

    def filter(self, text: str) -> None:
        """Only regions with this in the name of class, layer or style."""
        self._filter = text.strip().lower()
        self._show_rows()

    def refresh(self) -> None:
        """Look at the regions again."""
        self._timer.stop()
        if self._session.has_open_stroke:
            return  # its end is waited for
        found = self._session.regions.all
        there = {region.key for region in found}
        gone = [Region(key, -1, 0) for key in self._session.document.locks if key not in there]
        pixels = self._session.document.width * self._session.document.height
        self._rows = [Region(WHOLE_IMAGE, -1, pixels), *found, *gone]
        self._thumbnails.clear()
        self._show_rows()

    # -- what Qt asks -------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        region = self._shown[index.row()]
        key = region.key
        if role == Qt.ItemDataRole.DisplayRole:
            return region_name(self._session, key)
        if role == STYLE:
            return self._style_text(key)
        if role == KEY:
            return key
        if role == LOCK:
            return self._lock_state(key)
        if role == AREA:
            return area_text(region.area, self._session.document.width * self._session.document.height)
        if role == CAN_STYLE:
            return self._studio.styles.can_style({key})
        if role == SCORE:
            return self._session.regions.scores.get(key)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(key)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(region)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{region_name(self._session, key)}, {self._style_text(key)}"
        return None

    def _style_text(self, key: RegionKey) -> str:
        if not self._studio.styles.can_style({key}):
            return _("follows the whole image") if key != WHOLE_IMAGE else _("always the same photo")
        return style_text(self._session, self._studio.styles.style(key), key == WHOLE_IMAGE)

    def _lock_state(self, key: RegionKey) -> str:
        """ "none", "open", "locked", or "broken" where the photo does not show the locked pixels."""
        if key == WHOLE_IMAGE:
            return "none"
        if not self._studio.locks.is_locked(key):
            return "open"
        return "locked" if self._studio.locks.is_intact(key) else "broken"

    def _tip(self, region: Region) -> str:
        refusal = self._studio.styles.refusal({region.key})
        if region.key == WHOLE_IMAGE:
            return refusal or _("What every region without a style of its own looks like")
        where = _("on “{layer}”").format(layer=layer_name(self._session, region.key))
        lines = [f"{region_name(self._session, region.key)} {where} · {self._style_text(region.key)}"]
        if refusal:
            lines.append(refusal)
        lock = self._session.document.locks.get(region.key)
        if lock is not None:
            lines.append(_("locked · SHA-256 {digest}…").format(digest=lock.digest[:16]))
        return "\n".join(lines)

    # -- thumbnails ---------------------------------------------------------------------------------------------

    def _thumbnail(self, key: RegionKey) -> QPixmap:
        if key not in self._thumbnails:
            self._thumbnails[key] = self._made_thumbnail(key)
        return self._thumbnails[key]

    def _made_thumbnail(self, key: RegionKey) -> QPixmap:
        image, labels = self._studio.feed.image_HW3, self._session.labels_HW
        seen = labels if image is None else image
        if key == WHOLE_IMAGE:
            step = max(1, min(seen.shape[:2]) // (4 * THUMBNAIL))  # scaling every pixel of a large one takes long
            seen = seen[::step, ::step]
        else:
            regions = self._session.regions.seen
            box = regions.rough_box(key)
            if box.is_empty or not seen.shape[:2] == labels.shape == regions.ids_HW.shape:
                return QPixmap()
            side = max(8, min(box.width, box.height, _WIDEST))
            left, top = (box.left + box.right - side) // 2, (box.top + box.bottom - side) // 2
            left, top = max(0, min(left, seen.shape[1] - side)), max(0, min(top, seen.shape[0] - side))
            seen = seen[top : top + side, left : left + side]
        image = self._session.document.palette.colors[seen] if image is None else seen
        expand, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        whole = QPixmap.fromImage(qimage(image)).scaled(2 * THUMBNAIL, 2 * THUMBNAIL, expand, smooth)
        return whole.copy((whole.width() - 2 * THUMBNAIL) // 2, 0, 2 * THUMBNAIL, 2 * THUMBNAIL)

    # -- keeping up ---------------------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        """Refresh once the map of the regions has caught up, a little at a time."""
        if self._session.has_open_stroke:
            return  # its end is waited for
        if self._session.regions.follow():
            self.refresh()
        else:
            self._timer.start(0)

    def _wait(self) -> None:
        if not self._timer.isActive() and not self._session.has_open_stroke:
            self._timer.start(_REST_MS)

    def _wait_for_photo(self) -> None:
        """Thumbnails follow photos that stay."""
        if self._session.has_open_stroke:
            self._wait()
        elif not self._studio.feed.is_rendering or self._studio.feed.image_HW3 is None:
            self._thumbnails.clear()
            self._show_values()
        else:
            self._wait()

    def _show_rows(self) -> None:
        shown = [region for region in self._rows if self._is_wanted(region)]
        if [region.key for region in shown] == [region.key for region in self._shown]:
            self._shown = shown
            self._show_values()
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def _is_wanted(self, region: Region) -> bool:
        if not self._filter or region.key == WHOLE_IMAGE:
            return True
        names = (region_name, layer_name)
        words = " ".join(name(self._session, region.key) for name in names) + " " + self._style_text(region.key)
        return self._filter in words.lower()

    def _show_values(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))
