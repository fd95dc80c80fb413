"""CVAT's two exports: XML with shapes ("CVAT for images") and pictures of colours ("Segmentation mask")."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.class_lists import parse_color, read_class_list
from oasis_training.datasets.label_images import ColorTable, LabelImage
from oasis_training.datasets.model import ClassList, Dataset, DatasetClass, Missing, SourcePair
from oasis_training.datasets.photos import Photo, PhotoIndex
from oasis_training.datasets.shapes import Draw, DrawnLabels, box, ellipse, polygons, rows_of_runs, stamp
from oasis_training.datasets.sniff import mentions, some


class CvatXmlReader:
    """Shapes in the order of ``z_order``, then of the file; points, lines and tracks of videos are passed over."""

    format = "cvat-xml"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.95 if _xml_files(folder) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        photos = PhotoIndex(folder)
        ids: dict[str, DatasetClass] = {}
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for path in _xml_files(folder):
            root = _parse(path)
            for label in root.iter("label"):
                _declare(ids, label.findtext("name", ""), label.findtext("color"))
            for image in root.iter("image"):
                name = Path(image.get("name", "").replace("\\", "/")).with_suffix("").as_posix()
                photo = photos.find(image.get("name", ""))
                if photo is None or not any(shape.get("label") for shape in image):
                    missing.append(Missing(name, "photo" if photo is None else "labels"))
                    continue
                for shape in image:
                    _declare(ids, shape.get("label", ""), None)
                numbers = {entry.name: entry.id for entry in ids.values()}
                pairs.append(SourcePair(name, Photo(FileBlob(photo)), CvatLabels(path, image, numbers)))
        if not pairs:
            raise StudioError(
                _("None of the labelled photos of {folder} is there.").format(folder=folder),
                _('Put the photos into the folder of annotations.xml, or export them too ("Save images").'),
            )
        return Dataset(self.format, tuple(ids.values()), pairs, None, missing)


class CvatLabels:
    """The shapes of one image, drawn."""

    def __init__(self, path: Path, image: Element, ids: dict[str, int]) -> None:
        self._path, self._image, self._ids = path, image, ids

    def read(self):
        try:
            shapes = sorted(self._image, key=lambda shape: int(shape.get("z_order", "0")))
            drawn = [(self._ids[shape.get("label", "")], draw) for shape in shapes if (draw := _draw(shape))]
            size = int(self._image.get("height", "0")), int(self._image.get("width", "0"))
            return DrawnLabels(drawn, lambda: size).read()
        except (KeyError, TypeError, ValueError) as error:
            raise StudioError(
                _("{path} has a shape that cannot be drawn: {error}.").format(path=self._path, error=error)
            ) from error


class CvatMaskReader:
    """``labelmap.txt`` and ``SegmentationClass``; the photos may lie anywhere below the folder."""

    format = "cvat-masks"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        has_list = (folder / "labelmap.txt").is_file()
        return 0.95 if has_list and some(folder, "SegmentationClass/**/*.png", 1) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        """Background is what nobody labelled."""
        listed = read_class_list(folder / "labelmap.txt")
        table = ColorTable((*listed.classes, *_background(listed)))
        masks = folder / "SegmentationClass"
        photos = PhotoIndex(folder, (masks, folder / "SegmentationObject"))
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for path in sorted(masks.rglob("*.png")):
            name = path.relative_to(masks).with_suffix("").as_posix()
            photo = photos.find(name + ".jpg")
            if photo is None:
                missing.append(Missing(name, "photo"))
            else:
                pairs.append(SourcePair(name, Photo(FileBlob(photo)), LabelImage(FileBlob(path), table)))
        if not pairs:
            raise StudioError(
                _("None of the labelled photos of {folder} is there.").format(folder=folder),
                _('Put the photos into a folder JPEGImages there, or export them too ("Save images").'),
            )
        return Dataset(self.format, listed.classes, pairs, listed.unlabelled, missing)


def _background(listed: ClassList) -> tuple[DatasetClass, ...]:
    return () if listed.unlabelled is None else (DatasetClass(listed.unlabelled, "background", (0, 0, 0)),)


def _draw(shape: Element) -> Draw | None:
    """The area of a shape; points and lines have none."""
    match shape.tag:
        case "polygon":
            points = shape.get("points", "").replace(";", ",").split(",")
            return polygons([[float(value) for value in points]])
        case "box":
            return box(*(float(shape.get(side, "nan")) for side in ("xtl", "ytl", "xbr", "ybr")))
        case "ellipse":
            return ellipse(*(float(shape.get(key, "nan")) for key in ("cx", "cy", "rx", "ry")))
        case "mask":
            left, top, width, height = (int(shape.get(key, "-1")) for key in ("left", "top", "width", "height"))
            runs = [int(run) for run in shape.get("rle", "").split(",")]
            return stamp(rows_of_runs(runs, width, height), left, top)
    return None


def _declare(ids: dict[str, DatasetClass], name: str, color: str | None) -> None:
    if name and name not in ids:
        try:
            ids[name] = DatasetClass(len(ids), name, parse_color(color))
        except ValueError:  # it gets another colour when it is converted
            ids[name] = DatasetClass(len(ids), name)


def _xml_files(folder: Path) -> list[Path]:
    files = some(folder, "*.xml", 50) + some(folder, "annotations/*.xml", 50)
    return sorted(path for path in files if mentions(path, "<annotations", "<image "))


def _parse(path: Path) -> Element:
    """The document; one with entities of its own is refused, for they can grow without end."""
    data = FileBlob(path).read()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise StudioError(_("{path} is no export of CVAT: it declares a document type.").format(path=path))
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError) as error:
        raise StudioError(_("{path} is damaged: {error}.").format(path=path, error=error)) from error
