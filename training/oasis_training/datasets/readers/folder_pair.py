"""Two folders beside each other: photos, and label maps of the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets import label_images
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import ColorTable, LabelImage
from oasis_training.datasets.matching import file_pairs, match
from oasis_training.datasets.model import ClassList, Dataset, DatasetClass, LabelSource, Missing, SourcePair
from oasis_training.datasets.photos import picture_files
from oasis_training.datasets.sniff import subfolders

PHOTO_FOLDERS = ("images", "image", "imgs", "img", "photos", "jpegimages", "input", "rgb")
LABEL_FOLDERS = ("labels", "label", "annotations", "masks", "mask", "segmentation", "segmentations", "seg", "gt")
_LOOK_AT = 40
_MOST_COLORS = 254


class FolderPairReader:
    """``images/`` and ``labels/`` (or what else people call them), also once per split; ids or colours."""

    format = "folder-pair"
    takes_class_list = True

    def detect(self, folder: Path) -> float:
        return 0.6 if any(_has_labels(labels) for _name, _photos, labels in _splits(folder)) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        """Colours without a class list become classes of their own; ids without one are named later, as found."""
        listed = given or find_class_list(folder)
        matched, missing = _match(folder)
        blobs = [FileBlob(path) for _name, _photo, path in matched]
        if not blobs:
            raise StudioError(
                _("No photo in {folder} has a label map of the same name.").format(folder=folder),
                _("A photo and its label map need the same name, apart from the ending."),
            )
        if listed is None and label_images.are_colored(blobs[:_LOOK_AT]):
            colors = label_images.collect_colors(blobs, _MOST_COLORS)
            names = [
                DatasetClass(index, "#{:02x}{:02x}{:02x}".format(*color), color) for index, color in enumerate(colors)
            ]
            listed = ClassList(tuple(names))
        found = listed or ClassList((), 255)
        has_colors = any(entry.color for entry in found.classes)
        pairs = file_pairs(matched, _maker(ColorTable(found.classes) if has_colors else None))
        unlabelled = 255 if found.unlabelled is None else found.unlabelled
        if any(entry.id == unlabelled for entry in found.classes):
            unlabelled = None
        return Dataset(self.format, found.classes, pairs, unlabelled, missing)


def pairs_of_folders(
    photos: Path, labels: Path, make: Callable[[FileBlob], LabelSource], prefix: str = ""
) -> tuple[list[SourcePair], list[Missing]]:
    """The pairs of two folders, subfolders included; ``prefix`` goes before the names."""
    matched, missing = match(picture_files(photos), photos, _label_files(labels), labels)
    return file_pairs(matched, make, prefix), [Missing(prefix + entry.name, entry.part) for entry in missing]


def _maker(table: ColorTable | None) -> Callable[[FileBlob], LabelSource]:
    return lambda blob: LabelImage(blob, table)


def _splits(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """(prefix of the names, photos, label maps) of the folder itself and of ``train/``, ``val/`` … inside it.

    Photos may also lie beside the folder of their label maps.
    """
    for split in (folder, *subfolders(folder)):
        by_name = {path.name.lower(): path for path in subfolders(split)}
        photos = next((by_name[name] for name in PHOTO_FOLDERS if name in by_name), None)
        labels = next((by_name[name] for name in LABEL_FOLDERS if name in by_name), None)
        if labels and photos is None and next(_photo_files(split, labels), None):
            photos = split
        if photos and labels:
            yield ("" if split == folder else f"{split.name}/"), photos, labels


def _match(folder: Path) -> tuple[list[tuple[str, Path, Path]], list[Missing]]:
    found: list[tuple[str, Path, Path]] = []
    missing: list[Missing] = []
    for prefix, photos, labels in _splits(folder):
        matched, alone = match(_photo_files(photos, labels), photos, _label_files(labels), labels)
        found += [(prefix + name, photo, path) for name, photo, path in matched]
        missing += [Missing(prefix + entry.name, entry.part) for entry in alone]
    return found, missing


def _photo_files(photos: Path, labels: Path) -> Iterator[Path]:
    files = picture_files(photos)
    return (path for path in files if path.parent == photos) if labels.parent == photos else files


def _label_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in label_images.SUFFIXES and not hidden and path.is_file():
            yield path


def _has_labels(folder: Path) -> bool:
    return next(_label_files(folder), None) is not None
