"""WebDataset shards: tar files in which the files of a pair follow each other, read as they come."""

from __future__ import annotations

import lzma
import shlex
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from oasis_studio.core.disk.endings import ending, is_label_map, is_photo
from oasis_studio.core.disk.listing import PassedOver, Reason, is_companion, list_files
from oasis_studio.core.disk.whole_files import MAX_BYTES
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import BrokenBlob, MemoryBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import LabelImage, known_classes
from oasis_training.datasets.model import Blob, ClassList, Dataset, Missing, SourcePair, broken_pair
from oasis_training.datasets.photos import Photo

PIPE = "pipe:"
_PART = 2**20
_LABEL_WORDS = {
    "seg", "segmentation", "mask", "masks", "label", "labels", "labelids", "semantic", "annotation", "gt", "target",
}  # fmt: skip
_DAMAGE = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError)
"""What reading a damaged archive may raise."""


class WebDatasetReader:
    """A folder of ``*.tar`` or one such file. ``KEY.jpg`` goes with ``KEY.png`` or ``KEY.seg.png`` and the like."""

    format = "webdataset"
    takes_class_list = True

    def detect(self, folder: Path) -> float:
        if folder.is_file():
            return 0.9 if folder.suffix == ".tar" else 0.0
        return 0.9 if _shards(folder) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        shards = [folder] if folder.is_file() else _shards(folder)
        listed = given or find_class_list(folder.parent if folder.is_file() else folder)
        return _dataset(Shards([str(path) for path in shards], listed), listed, is_stream=False)


def _shards(folder: Path) -> list[Path]:
    return [path for path in list_files(folder, is_deep=False) if ending(path) == ".tar"]


def read_stream(source: str, given: ClassList | None) -> Dataset:
    """Shards from ``pipe:COMMAND`` (its output, started without a shell) or ``-`` (standard input)."""
    return _dataset(Shards([source], given), given, is_stream=True)


def _dataset(shards: Shards, listed: ClassList | None, is_stream: bool) -> Dataset:
    found = listed or ClassList((), 255)
    unlabelled = 255 if found.unlabelled is None else found.unlabelled
    if any(entry.id == unlabelled for entry in found.classes):
        unlabelled = None
    return Dataset(
        "webdataset", found.classes, shards, unlabelled, shards.missing, is_stream=is_stream, passed=shards.passed
    )


class Shards:
    """The pairs of some tar files, in their order; ``missing`` is filled on the way."""

    def __init__(self, sources: list[str], listed: ClassList | None) -> None:
        self._sources = sources
        self._known = known_classes(listed or ClassList(()))
        self.missing: list[Missing] = []
        self.passed = PassedOver()

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
            except _DAMAGE as error:
                yield broken_pair(source, _failure(source, error))

    def _pairs(self, archive: tarfile.TarFile) -> Iterator[SourcePair]:
        key, parts = "", dict[str, Blob]()
        for member in archive:
            path = PurePosixPath(member.name)
            if not member.isfile() or not path.name:
                continue
            if any(is_companion(part) for part in path.parts):
                self.passed.note(Path(member.name), Reason.HIDDEN)
                continue
            stem, _dot, rest = path.name.partition(".")
            if (here := str(path.with_name(stem))) != key:
                yield from self._pair(key, parts)
                key, parts = here, {}
            parts[rest.lower()] = _content(archive, member)
        yield from self._pair(key, parts)

    def _pair(self, key: str, parts: dict[str, Blob]) -> Iterator[SourcePair]:
        """The pair among the files of one key, if it is there; what is half of one is remembered."""
        labels = _labels(parts)
        photo = next((parts[e] for e in parts if e != labels and is_photo(PurePosixPath(f"x.{e}"))), None)
        if photo is not None and labels is not None:
            yield SourcePair(key, Photo(photo), LabelImage(parts[labels], self._known))
        elif photo is not None or labels is not None:
            self.missing.append(Missing(key, "labels" if labels is None else "photo"))


def _labels(parts: dict[str, Blob]) -> str | None:
    """The ending of the label map: one that says so, else the PNG beside a photo of another kind."""
    pictures = [e for e in parts if _is_picture(e)]
    named = [e for e in pictures if set(e.split(".")[:-1]) & _LABEL_WORDS and is_label_map(PurePosixPath(f"x.{e}"))]
    plain = [e for e in pictures if e == "png" and len(pictures) > 1]
    return next(iter(named or plain), None)


def _is_picture(rest: str) -> bool:
    path = PurePosixPath(f"x.{rest}")
    return is_photo(path) or is_label_map(path)


def _failure(source: str, error: Exception) -> str:
    if isinstance(error, _CommandEnded):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return _("{path} cannot be read: {reason}.").format(path=source, reason=error.strerror)
    if source.startswith(PIPE):
        return _("{command} gives no archive that can be read to its end.").format(command=source)
    return _("{name} is damaged; what comes after the damage cannot be read.").format(name=source)


class _CommandEnded(OSError):  # noqa: N818 - what it is, not what it is raised as
    """A command that was to write shards failed."""


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
            raise _CommandEnded(
                _("The command {command} ended with exit code {code}.").format(command=source, code=code)
            )
    else:
        with Path(source).open("rb") as stream:
            yield stream


@contextmanager
def _started(command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command without a shell; it does not outlive the block."""
    try:
        child = subprocess.Popen(shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    except (OSError, ValueError, IndexError) as error:
        reason = (
            error.strerror if isinstance(error, OSError) and error.strerror else _("it is not a valid command line")
        )
        raise StudioError(
            _("The command {command} cannot be started: {error}.").format(command=command, error=reason),
            detail=repr(error),
        ) from error
    with child:
        try:
            yield child
        finally:
            child.kill()
