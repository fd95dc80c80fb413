"""CVAT's two exports: XML with shapes ("CVAT for images") and pictures of colours ("Segmentation mask")."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from oasis_studio.core.disk.listing import PassedOver, list_label_maps, list_photos
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.class_lists import parse_color, read_class_list
from oasis_training.datasets.label_images import LabelImage, known_classes
from oasis_training.datasets.model import NO_CLASS, ClassList, Dataset, DatasetClass, Missing, SourcePair, broken_pair
from oasis_training.datasets.photo_index import AmbiguousPhoto, PhotoIndex
from oasis_training.datasets.photos import Photo
from oasis_training.datasets.readers.cvat_shapes import IS_FLAT, IS_NO_SHAPE, area_of, z_order
from oasis_training.datasets.shapes import DrawnLabels, Shape, stated_size
from oasis_training.datasets.sniff import child, mentions, some


class CvatXmlReader:
    """Shapes in the order of ``z_order``, then of the file; tracks of videos are passed over, and counted."""

    format = "cvat-xml"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.95 if _xml_files(folder) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        passed = PassedOver()
        photos = PhotoIndex(list_photos(folder, passed=passed), folder)
        ids: dict[str, DatasetClass] = {}
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        failures: list[StudioError] = []
        tracks = 0
        for path in _xml_files(folder):
            try:
                root = _parse(path)
            except StudioError as error:
                failures.append(error)
                pairs.append(broken_pair(path.relative_to(folder).as_posix(), error.message))
                continue
            for label in root.iter("label"):
                _declare(ids, label.findtext("name", ""), label.findtext("color"))
            tracks += sum(1 for _track in root.iter("track"))
            for image in root.iter("image"):
                found = _pair_of(path, image, photos, ids)
                (missing if isinstance(found, Missing) else pairs).append(found)  # type: ignore[arg-type] # as it says
        _require_photos(folder, pairs, failures, _("annotations.xml"))
        note = ngettext("{count} track of a video is passed over.", "{count} tracks of videos are passed over.", tracks)
        notes = (note.format(count=tracks),) if tracks else ()
        return Dataset(self.format, tuple(ids.values()), pairs, None, missing, notes, passed=passed)


def _pair_of(path: Path, image: Element, photos: PhotoIndex, ids: dict[str, DatasetClass]) -> SourcePair | Missing:
    """The pair of one image of the file ``path``; the classes of its shapes go to ``ids``."""
    written = image.get("name", "")
    name = Path(written.replace("\\", "/")).with_suffix("").as_posix() if written else f"image {image.get('id', '?')}"
    shapes = [shape for shape in image if shape.tag not in IS_NO_SHAPE]
    for shape in shapes:
        _declare(ids, shape.get("label", ""), None)
    try:
        photo = photos.named(path, written)
    except AmbiguousPhoto as error:
        return broken_pair(name, error.message)
    if photo is None or not shapes:
        return Missing(name, "photo" if photo is None else "labels")
    drawn = [
        Shape(ids[label].id if label else NO_CLASS, f"{shape.tag} “{label}”", area_of(shape))
        for shape in sorted(shapes, key=z_order)
        for label in (shape.get("label", ""),)
        if shape.tag not in IS_FLAT
    ]
    flat = Counter(shape.tag for shape in shapes if shape.tag in IS_FLAT)
    blob = FileBlob(photo)
    size = stated_size(image.get("height"), image.get("width"), blob)
    return SourcePair(name, Photo(blob), DrawnLabels(drawn, size, flat))


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
        known = known_classes(ClassList((*listed.classes, *_background(listed)), listed.unlabelled))
        masks, passed = child(folder, "SegmentationClass"), PassedOver()
        no_photos = (masks, child(folder, "SegmentationObject"))
        found = list_photos(folder, passed=passed)
        photos = PhotoIndex([p for p in found if not any(p.is_relative_to(place) for place in no_photos)], folder)
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for path in list_label_maps(masks, passed=passed):
            name = path.relative_to(masks).with_suffix("").as_posix()
            try:
                photo = photos.named(folder / "labelmap.txt", name + ".jpg")
            except AmbiguousPhoto as error:
                pairs.append(broken_pair(name, error.message))
                continue
            if photo is None:
                missing.append(Missing(name, "photo"))
            else:
                pairs.append(SourcePair(name, Photo(FileBlob(photo)), LabelImage(FileBlob(path), known)))
        _require_photos(folder, pairs, [], "JPEGImages")
        return Dataset(self.format, listed.classes, pairs, listed.unlabelled, missing, passed=passed)


def _background(listed: ClassList) -> tuple[DatasetClass, ...]:
    return () if listed.unlabelled is None else (DatasetClass(listed.unlabelled, "background", (0, 0, 0)),)


def _require_photos(folder: Path, pairs: list[SourcePair], failures: list[StudioError], beside: str) -> None:
    """StudioError if there is nothing that can be used: the first of ``failures``, or that there is no photo."""
    if len(pairs) > len(failures):
        return
    if failures:
        raise failures[0]
    raise StudioError(
        _("None of the labelled photos of {folder} is there.").format(folder=folder),
        _('Put the photos beside {name}, or export them too ("Save images").').format(name=beside),
    )


def _declare(ids: dict[str, DatasetClass], name: str, color: str | None) -> None:
    if name and name not in ids:
        try:
            ids[name] = DatasetClass(len(ids), name, parse_color(color))
        except ValueError:  # it gets another colour when it is converted
            ids[name] = DatasetClass(len(ids), name)


def _xml_files(folder: Path) -> list[Path]:
    files = some(folder, "*.xml", 50) + some(folder, "annotations/*.xml", 50) + some(folder, "*/annotations.xml", 50)
    return sorted({path for path in files if mentions(path, "<annotations", "<image ")})


def _parse(path: Path) -> Element:
    """The document; one with entities of its own is refused, for they can grow without end."""
    data = FileBlob(path).read()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise StudioError(_("{path} is no export of CVAT: it declares a document type.").format(path=path))
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        line, column = error.position
        raise StudioError(
            _("{path} is damaged (line {line}, column {column}).").format(path=path, line=line, column=column),
            detail=repr(error),
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise StudioError(_("{path} is damaged and cannot be read.").format(path=path), detail=repr(error)) from error
