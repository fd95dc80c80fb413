"""Two folders beside each other: photos, and label maps of the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from oasis_studio.core.disk.listing import PassedOver, list_label_maps, list_photos
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets import label_images
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import LabelImage
from oasis_training.datasets.matching import file_pairs, match
from oasis_training.datasets.model import ClassList, Dataset, DatasetClass, LabelSource, Missing, SourcePair
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
        return 0.6 if any(list_label_maps(labels) for _name, _photos, labels in _splits(folder)) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        """Colours without a class list become classes of their own; ids without one are named later, as found."""
        listed = given or find_class_list(folder)
        passed = PassedOver()
        matched, missing = _match(folder, passed)
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
        known = label_images.known_classes(found)
        pairs = file_pairs(matched, lambda blob: LabelImage(blob, known))
        unlabelled = 255 if found.unlabelled is None else found.unlabelled
        if any(entry.id == unlabelled for entry in found.classes):
            unlabelled = None
        return Dataset(self.format, found.classes, pairs, unlabelled, missing, passed=passed)


def pairs_of_folders(
    photos: Path,
    labels: Path,
    make: Callable[[FileBlob], LabelSource],
    prefix: str = "",
    passed: PassedOver | None = None,
) -> tuple[list[SourcePair], list[Missing]]:
    """The pairs of two folders, subfolders included; ``prefix`` goes before the names."""
    matched, missing = match_folders(photos, labels, passed)
    return file_pairs(matched, make, prefix), [Missing(prefix + entry.name, entry.part) for entry in missing]


def match_folders(
    photos: Path, labels: Path, passed: PassedOver | None = None
) -> tuple[list[tuple[str, Path, Path]], list[Missing]]:
    """((name, photo, label map), what has no partner) of two folders; photos may lie beside the folder of labels."""
    is_deep = labels.parent != photos
    return match(list_photos(photos, is_deep, passed), photos, list_label_maps(labels, passed=passed), labels, passed)


def _splits(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """(prefix of the names, photos, label maps) of the folder itself and of ``train/``, ``val/`` … inside it.

    Photos may also lie beside the folder of their label maps.
    """
    for split in (folder, *subfolders(folder)):
        by_name = {path.name.lower(): path for path in subfolders(split)}
        photos = next((by_name[name] for name in PHOTO_FOLDERS if name in by_name), None)
        labels = next((by_name[name] for name in LABEL_FOLDERS if name in by_name), None)
        if labels and photos is None and list_photos(split, is_deep=False):
            photos = split
        if photos and labels:
            yield ("" if split == folder else f"{split.name}/"), photos, labels


def _match(folder: Path, passed: PassedOver) -> tuple[list[tuple[str, Path, Path]], list[Missing]]:
    found: list[tuple[str, Path, Path]] = []
    missing: list[Missing] = []
    for prefix, photos, labels in _splits(folder):
        matched, alone = match_folders(photos, labels, passed)
        found += [(prefix + name, photo, path) for name, photo, path in matched]
        missing += [Missing(prefix + entry.name, entry.part) for entry in alone]
    return found, missing
