"""Which reader is for what."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from oasis_studio.core.disk.whole_files import unreadable
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import ClassList, Dataset, Reader, SourcePair
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
    sure, surest = max(((reader().detect(folder), reader()) for reader in READERS), key=lambda entry: entry[0])
    if sure <= 0:
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
        stream = read_stream(source, given)
        return replace(stream, pairs=NamedApart(stream.pairs))
    folder = Path(source)
    _check_exists(folder)
    try:
        reader = detect(folder) if name is None else _named(name)
    except OSError as error:
        raise unreadable(folder, error) from error
    if given is not None and not reader.takes_class_list:
        raise StudioError(
            _("{format} defines its own classes.").format(format=reader.format),
            _("Leave --classes out, and rename or join classes with --map when converting."),
        )
    try:
        dataset = reader.read(folder, given)
    except OSError as error:
        raise unreadable(folder, error) from error
    pairs = list(_named_apart(dataset.pairs)) if isinstance(dataset.pairs, list) else NamedApart(dataset.pairs)
    return replace(dataset, pairs=pairs)


class NamedApart:
    """Pairs that come one after the other, each under a name of its own."""

    def __init__(self, pairs: Iterable[SourcePair]) -> None:
        self._pairs = pairs

    def __iter__(self) -> Iterator[SourcePair]:
        return _named_apart(self._pairs)


def _named_apart(pairs: Iterable[SourcePair]) -> Iterator[SourcePair]:
    """A pair whose name was there before gets a number: by their names pairs are left out, counted and held out.

    Bytes of a file's name that are no text become question marks.
    """
    taken: set[str] = set()
    for pair in pairs:
        plain = pair.name.encode("utf-8", "replace").decode("utf-8")
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain} ({number})", number + 1
        taken.add(name)
        yield pair if name == pair.name else replace(pair, name=name)


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
