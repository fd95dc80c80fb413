"""Published sets whose label maps are pictures of ids: ADE20K, Cityscapes, COCO-Stuff, Pascal VOC."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from oasis_studio.core.classes.lists import find_list
from oasis_studio.core.disk.listing import PassedOver, list_label_maps, list_photos
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_training.datasets.class_lists import from_palette
from oasis_training.datasets.label_images import LabelImage, known_classes
from oasis_training.datasets.matching import file_pairs, match
from oasis_training.datasets.model import ClassList, Dataset, DatasetClass, Missing, SourcePair
from oasis_training.datasets.readers.folder_pair import match_folders, pairs_of_folders
from oasis_training.datasets.sniff import some, subfolders

VOC_NAMES = (
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
    "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip


class Ade20kReader:
    """SceneParsing: ``images/training``, ``annotations/training`` and so on; 0 is "other", 1 to 150 are classes."""

    format = "ade20k"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        if some(folder, "annotations/*/ADE_*.png", 1):
            return 0.95
        return 0.9 if (folder / "objectInfo150.txt").is_file() and (folder / "annotations").is_dir() else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        listed = shipped("ade20k")
        made, passed = partial(LabelImage, known=known_classes(listed)), PassedOver()
        pairs, missing = pairs_of_folders(folder / "images", folder / "annotations", made, passed=passed)
        return _dataset(self.format, folder, listed, pairs, missing, passed)


class CityscapesReader:
    """``leftImg8bit/SPLIT/CITY`` and ``gtFine/SPLIT/CITY/*_gtFine_labelIds.png``; 0 is "unlabeled"."""

    format = "cityscapes"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.95 if some(folder, "gtFine/*/*/*_gtFine_labelIds.png", 1) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        photos, labels, passed = folder / "leftImg8bit", folder / "gtFine", PassedOver()
        images = [path for path in list_photos(photos, passed=passed) if path.stem.endswith("_leftImg8bit")]
        maps = [path for path in list_label_maps(labels, passed=passed) if path.stem.endswith("_gtFine_labelIds")]
        matched, missing = match(images, photos, maps, labels, passed)
        listed = shipped("cityscapes")
        pairs = file_pairs(
            [(name.removesuffix("_leftImg8bit"), photo, path) for name, photo, path in matched],
            partial(LabelImage, known=known_classes(listed)),
        )
        return _dataset(self.format, folder, listed, pairs, missing, passed)


class CocoStuffReader:
    """Pixel maps: the value is the category's id less one, 255 is unlabelled."""

    format = "coco-stuff"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        if any("stuffthingmaps" in path.name.lower() for path in subfolders(folder)):
            return 0.95
        pattern = "annotations/*2017/" + "[0-9]" * 12 + ".png"
        return 0.9 if some(folder, pattern, 1) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        listed = shipped("coco_stuff")
        classes = tuple(DatasetClass(entry.id - 1, entry.name, entry.color) for entry in listed.classes)
        maps = next((path for path in subfolders(folder) if "stuffthingmaps" in path.name.lower()), None)
        maps = maps or folder / "annotations"
        made, passed = partial(LabelImage, known=known_classes(ClassList(classes, 255))), PassedOver()
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for split in subfolders(maps):
            photos = next(
                (place for place in (folder / split.name, folder / "images" / split.name) if place.is_dir()), None
            )
            if photos is not None:
                found, alone = pairs_of_folders(photos, split, made, f"{split.name}/", passed)
                pairs += found
                missing += alone
        return _dataset(self.format, folder, ClassList(classes, 255), pairs, missing, passed)


class PascalVocReader:
    """``JPEGImages`` and ``SegmentationClass``: 0 is background, 1 to 20 are things, 255 is the border between."""

    format = "pascal-voc"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        is_voc = (folder / "JPEGImages").is_dir() and some(folder, "SegmentationClass/*.png", 1)
        return 0.9 if is_voc else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        """Most photos of the set have boxes only; they are counted in a note and not reported one by one."""
        colors = voc_colors(len(VOC_NAMES))
        classes = tuple(DatasetClass(i, name, colors[i]) for i, name in enumerate(VOC_NAMES))
        passed = PassedOver()
        matched, missing = match_folders(folder / "JPEGImages", folder / "SegmentationClass", passed)
        border = DatasetClass(255, "border", (224, 224, 192))
        known = known_classes(ClassList((*classes, border), 255))
        bare = sum(entry.part == "labels" for entry in missing)
        note = ngettext("{count} photo has no label map.", "{count} photos have no label map.", bare).format(count=bare)
        found = _dataset(
            self.format,
            folder,
            ClassList(classes, 255),
            file_pairs(matched, partial(LabelImage, known=known)),
            [entry for entry in missing if entry.part == "photo"],
            passed,
        )
        return replace(found, notes=(note,) if bare else ())


def voc_colors(count: int) -> list[tuple[int, int, int]]:
    """Pascal VOC's colours: the bits of an id, three at a time, from the highest bit of the channels downwards."""
    colors = []
    for number in range(count):
        channels = [0, 0, 0]
        for bit in range(8):
            for channel in range(3):
                channels[channel] |= (number >> (3 * bit + channel) & 1) << (7 - bit)
        colors.append((channels[0], channels[1], channels[2]))
    return colors


def shipped(name: str) -> ClassList:
    """A class list of the program."""
    return from_palette(find_list(name))


def _dataset(
    name: str, folder: Path, listed: ClassList, pairs: list[SourcePair], missing: list[Missing], passed: PassedOver
) -> Dataset:
    if not pairs:
        raise StudioError(
            _("{folder} looks like {format}, but no label map has its photo.").format(folder=folder, format=name),
            _("Unpack the photos into the same folder as the label maps."),
        )
    return Dataset(name, listed.classes, pairs, listed.unlabelled, missing, passed=passed)
