"""CamVid as it was published, as it is passed around with a CSV, and with the eleven classes of SegNet."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from oasis_studio.core.disk.listing import PassedOver
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import LabelImage, known_classes
from oasis_training.datasets.model import ClassList, Dataset, DatasetClass, Missing, SourcePair
from oasis_training.datasets.readers.folder_pair import pairs_of_folders
from oasis_training.datasets.sniff import some, subfolders

SEGNET_NAMES = (
    "Sky", "Building", "Pole", "Road", "Pavement", "Tree", "SignSymbol", "Fence", "Car", "Pedestrian", "Bicyclist",
)  # fmt: skip
_SEGNET_VOID = 11


class CamVidReader:
    """Colour maps ``*_L.png`` with ``label_colors.txt`` or ``class_dict.csv``, or ``trainannot`` with 11 as void."""

    format = "camvid"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        if some(folder, "trainannot/*.png", 1):
            return 0.9
        has_list = any((folder / name).is_file() for name in ("label_colors.txt", "class_dict.csv"))
        return 0.9 if has_list and some(folder, "*/*_L.png", 1) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        is_segnet = bool(some(folder, "trainannot/*.png", 1))
        if is_segnet:
            listed = ClassList(tuple(DatasetClass(i, name) for i, name in enumerate(SEGNET_NAMES)), _SEGNET_VOID)
        else:
            listed = find_class_list(folder) or ClassList(())
        known = known_classes(ClassList(listed.classes + _void(listed), listed.unlabelled))
        made, passed = partial(LabelImage, known=known), PassedOver()
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for photos, labels in _folders(folder):
            found, alone = pairs_of_folders(photos, labels, made, f"{photos.name}/", passed)
            pairs += found
            missing += alone
        if not pairs:
            raise StudioError(_("No CamVid photo in {folder} has its label map.").format(folder=folder))
        return Dataset(self.format, listed.classes, pairs, listed.unlabelled, missing, passed=passed)


def _void(listed: ClassList) -> tuple[DatasetClass, ...]:
    """Void is black in all of CamVid's lists; it is no class, but its colour is known."""
    return () if listed.unlabelled is None else (DatasetClass(listed.unlabelled, "Void", (0, 0, 0)),)


def _folders(folder: Path) -> list[tuple[Path, Path]]:
    """(photos, label maps) of every part of the set."""
    found = [
        (folder / split, folder / (split + ending))
        for split in ("train", "val", "test")
        for ending in ("annot", "_labels")
        if (folder / split).is_dir() and (folder / (split + ending)).is_dir()
    ]
    names = {path.name.lower(): path for path in subfolders(folder)}
    for photos, labels in (("701_stillsraw_full", "labeledapproved_full"), ("images", "labels")):
        if photos in names and labels in names:
            found.append((names[photos], names[labels]))
    return found
