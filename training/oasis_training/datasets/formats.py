"""Which reader is for what."""

from __future__ import annotations

import difflib
from pathlib import Path

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import ClassList, Dataset, Reader
from oasis_training.datasets.readers.camvid import CamVidReader
from oasis_training.datasets.readers.coco import CocoInstancesReader, CocoPanopticReader
from oasis_training.datasets.readers.cvat import CvatMaskReader, CvatXmlReader
from oasis_training.datasets.readers.folder_pair import FolderPairReader
from oasis_training.datasets.readers.labelme import LabelMeReader
from oasis_training.datasets.readers.published import (
    Ade20kReader,
    CityscapesReader,
    CocoStuffReader,
    PascalVocReader,
)
from oasis_training.datasets.readers.side_by_side import SideBySideReader
from oasis_training.datasets.readers.stanford import StanfordBackgroundReader
from oasis_training.datasets.readers.webdataset import PIPE, WebDatasetReader, read_stream

READERS: tuple[type[Reader], ...] = (
    FolderPairReader,
    Ade20kReader,
    CityscapesReader,
    CocoStuffReader,
    CocoPanopticReader,
    CocoInstancesReader,
    PascalVocReader,
    CamVidReader,
    LabelMeReader,
    CvatXmlReader,
    CvatMaskReader,
    StanfordBackgroundReader,
    SideBySideReader,
    WebDatasetReader,
)


def formats() -> list[str]:
    """The names of all formats."""
    return [reader().format for reader in READERS]


def detect(folder: Path) -> Reader:
    """The reader that is surest of ``folder``; StudioError if none knows it."""
    _check_exists(folder)
    surest = max((reader() for reader in READERS), key=lambda reader: reader.detect(folder))
    if surest.detect(folder) <= 0:
        raise StudioError(
            _("{folder} is in no known format of labelled photos.").format(folder=folder),
            _("Put photos into images/ and label maps of the same names into labels/, or name one of: {names}.").format(
                names=", ".join(formats())
            ),
        )
    return surest


def open_dataset(source: str, name: str | None = None, given: ClassList | None = None) -> Dataset:
    """The data set in a folder, a tar file, ``pipe:COMMAND`` or ``-``; ``name`` overrules what it looks like.

    ``given`` are classes where the format does not define its own. StudioError if nothing can be read.
    """
    if source == "-" or source.startswith(PIPE):
        return read_stream(source, given)
    folder = Path(source)
    _check_exists(folder)
    reader = detect(folder) if name is None else _named(name)
    if given is not None and not reader.takes_class_list:
        raise StudioError(
            _("{format} defines its own classes.").format(format=reader.format),
            _("Leave --classes out, and rename or join classes with --map when converting."),
        )
    try:
        return reader.read(folder, given)
    except OSError as error:
        raise StudioError(
            _("{path} cannot be read: {reason}.").format(path=folder, reason=error.strerror or error)
        ) from error


def _named(name: str) -> Reader:
    found = next((reader() for reader in READERS if reader().format == name), None)
    if found is None:
        near = difflib.get_close_matches(name, formats(), 1, 0.0)[0]
        raise StudioError(
            _('There is no format "{name}".').format(name=name), _('Did you mean "{near}"?').format(near=near)
        )
    return found


def _check_exists(folder: Path) -> None:
    if not folder.exists():
        raise StudioError(_("There is no folder {folder}.").format(folder=folder))
