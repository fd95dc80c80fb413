"""WebDataset shards: tar files in which the files of a pair follow each other, read as they come."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import MAX_BYTES, BrokenBlob, MemoryBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import ColorTable, LabelImage
from oasis_training.datasets.model import Blob, ClassList, Dataset, Missing, SourcePair
from oasis_training.datasets.photos import SUFFIXES, Photo
from oasis_training.datasets.sniff import some

PIPE = "pipe:"
_PART = 2**20
_LABEL_WORDS = {
    "seg", "segmentation", "mask", "masks", "label", "labels", "labelids", "semantic", "annotation", "gt", "target",
}  # fmt: skip
_LABEL_ENDINGS = {"png", "tif", "tiff", "bmp"}


class WebDatasetReader:
    """A folder of ``*.tar`` or one such file. ``KEY.jpg`` goes with ``KEY.png`` or ``KEY.seg.png`` and the like."""

    format = "webdataset"
    takes_class_list = True

    def detect(self, folder: Path) -> float:
        if folder.is_file():
            return 0.9 if folder.suffix == ".tar" else 0.0
        return 0.9 if some(folder, "*.tar", 1) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        shards = [folder] if folder.is_file() else sorted(folder.glob("*.tar"))
        listed = given or find_class_list(folder.parent if folder.is_file() else folder)
        return _dataset(Shards([str(path) for path in shards], listed), listed, is_stream=False)


def read_stream(source: str, given: ClassList | None) -> Dataset:
    """Shards from ``pipe:COMMAND`` (its output, started without a shell) or ``-`` (standard input)."""
    return _dataset(Shards([source], given), given, is_stream=True)


def _dataset(shards: Shards, listed: ClassList | None, is_stream: bool) -> Dataset:
    found = listed or ClassList((), 255)
    unlabelled = 255 if found.unlabelled is None else found.unlabelled
    if any(entry.id == unlabelled for entry in found.classes):
        unlabelled = None
    return Dataset("webdataset", found.classes, shards, unlabelled, shards.missing, is_stream=is_stream)


class Shards:
    """The pairs of some tar files, in their order; ``missing`` is filled on the way."""

    def __init__(self, sources: list[str], listed: ClassList | None) -> None:
        self._sources = sources
        has_colors = listed is not None and any(entry.color for entry in listed.classes)
        self._table = ColorTable(listed.classes) if listed is not None and has_colors else None
        self.missing: list[Missing] = []

    def __iter__(self) -> Iterator[SourcePair]:
        self.missing.clear()
        for source in self._sources:
            try:
                # a pipe often carries several archives one after the other, each with its own end
                several = source == "-" or source.startswith(PIPE)
                with (
                    _opened(source) as stream,
                    tarfile.open(fileobj=stream, mode="r|*", ignore_zeros=several) as archive,
                ):
                    yield from self._pairs(archive)
            except (tarfile.TarError, EOFError, OSError) as error:
                broken = BrokenBlob(source, _("{name} is damaged: {error}.").format(name=source, error=error))
                yield SourcePair(source, Photo(broken), LabelImage(broken))

    def _pairs(self, archive: tarfile.TarFile) -> Iterator[SourcePair]:
        key, parts = "", dict[str, Blob]()
        for member in archive:
            if not member.isfile() or PurePosixPath(member.name).name.startswith("."):
                continue
            path = PurePosixPath(member.name)
            stem, _dot, ending = path.name.partition(".")
            if (here := str(path.with_name(stem))) != key:
                yield from self._pair(key, parts)
                key, parts = here, {}
            parts[ending.lower()] = _content(archive, member)
        yield from self._pair(key, parts)

    def _pair(self, key: str, parts: dict[str, Blob]) -> Iterator[SourcePair]:
        """The pair among the files of one key, if it is there; what is half of one is remembered."""
        labels = _labels(parts)
        photo = next((parts[e] for e in parts if e != labels and f".{e.split('.')[-1]}" in SUFFIXES), None)
        if photo is not None and labels is not None:
            yield SourcePair(key, Photo(photo), LabelImage(parts[labels], self._table))
        elif photo is not None or labels is not None:
            self.missing.append(Missing(key, "labels" if labels is None else "photo"))


def _labels(parts: dict[str, Blob]) -> str | None:
    """The ending of the label map: one that says so, else the PNG beside a photo of another kind."""
    pictures = [ending for ending in parts if f".{ending.split('.')[-1]}" in SUFFIXES]
    named = [e for e in pictures if set(e.split(".")[:-1]) & _LABEL_WORDS and e.split(".")[-1] in _LABEL_ENDINGS]
    plain = [e for e in pictures if e == "png" and len(pictures) > 1]
    return next(iter(named or plain), None)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Blob:
    if member.size > MAX_BYTES:
        return BrokenBlob(member.name, _("{path} is too large.").format(path=member.name))
    file = archive.extractfile(member)
    return MemoryBlob(member.name, file.read() if file is not None else b"")


@contextmanager
def _opened(source: str) -> Iterator[IO[bytes]]:
    if source == "-":
        yield sys.stdin.buffer
    elif source.startswith(PIPE):
        with _started(source.removeprefix(PIPE)) as child:
            assert child.stdout is not None
            yield child.stdout
            while child.stdout.read(_PART):  # the padding after the last file: without it the command would fail
                pass
            code = child.wait()
        if code:
            raise OSError(_("the command ended with exit code {code}").format(code=code))
    else:
        with Path(source).open("rb") as stream:
            yield stream


@contextmanager
def _started(command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command without a shell; it does not outlive the block."""
    try:
        child = subprocess.Popen(shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    except (OSError, ValueError, IndexError) as error:
        raise StudioError(
            _("The command {command} cannot be started: {error}.").format(command=command, error=error)
        ) from error
    with child:
        try:
            yield child
        finally:
            child.kill()
