"""What the check's problems are called, and what can be done about them."""

from __future__ import annotations

from oasis_studio.app.training.data_findings import Fix, ProblemKind
from oasis_studio.i18n import _


def problem_title(kind: ProblemKind) -> str:
    return {
        ProblemKind.UNREADABLE: _("Files that cannot be read"),
        ProblemKind.NO_LABELS: _("Photos without a label map"),
        ProblemKind.NO_PHOTO: _("Label maps without a photo"),
        ProblemKind.SIZES: _("Label maps of another size than their photo"),
        ProblemKind.SHAPES: _("Shapes that could not be drawn"),
        ProblemKind.BLANK: _("Pairs in which nothing is labelled"),
        ProblemKind.UNKNOWN_IDS: _("Ids or colours that are no class"),
        ProblemKind.EMPTY_CLASSES: _("Classes that never occur"),
        ProblemKind.DUPLICATES: _("Photos that are nearly equal"),
    }[kind]


def fix_title(kind: ProblemKind, fix: Fix) -> str:
    if kind is ProblemKind.UNKNOWN_IDS:
        return _("Leave those pixels unlabelled")
    if kind is ProblemKind.EMPTY_CLASSES and fix is Fix.KEEP:
        return _("Keep them as classes")
    return {
        Fix.LEAVE_OUT: _("Leave out"),
        Fix.KEEP: _("Keep all"),
        Fix.SCALE: _("Scale the label map"),
        Fix.ONE_OF_EACH: _("Keep one of each"),
    }[fix]


def format_title(name: str) -> str:
    """The name of a layout as people write it."""
    return {
        "folder-pair": _("Photos and label maps in folders"),
        "ade20k": "ADE20K",
        "cityscapes": "Cityscapes",
        "coco-stuff": "COCO-Stuff",
        "coco-panoptic": "COCO panoptic",
        "coco-instances": "COCO instances",
        "pascal-voc": "Pascal VOC",
        "camvid": "CamVid",
        "labelme": "LabelMe",
        "cvat-xml": "CVAT",
        "cvat-masks": "CVAT masks",
        "stanford-background": "Stanford Background",
        "side-by-side": _("Photo and label map in one picture"),
        "webdataset": "WebDataset",
    }.get(name, name)
