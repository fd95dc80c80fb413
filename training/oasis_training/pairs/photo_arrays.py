"""Room for the photos of a set: in memory, or where they are many in files that the system pages in and out.

Files outlast the run, so that one that is resumed does not read and scale every photo again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

IN_MEMORY = 256 * 2**20
"""Bytes of photos up to which they are kept in memory."""
_INDEX = "index.json"
_CHUNK = 2**24


@dataclass(frozen=True)
class PhotoArrays:
    """``image`` (N, L, L, 3) uint8 · ``labels`` (N, L, L) uint8 · ``valid`` (N, L, L) bool · ``extent`` (N, 2) int64.

    Every photo lies at the top left of its square; ``extent`` is its height and width.
    """

    image: np.ndarray
    labels: np.ndarray
    valid: np.ndarray
    extent: np.ndarray
    folder: Path | None = None

    @property
    def known(self) -> dict[str, Any] | None:
        """What :meth:`finish` noted when these files were filled; None: they have to be."""
        if self.folder is None:
            return None
        try:
            return json.loads((self.folder / _INDEX).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def finish(self, notes: dict[str, Any]) -> None:
        """The arrays are full; ``notes`` is what is to be known about them besides."""
        if self.folder is None:
            return
        for array in (self.image, self.labels, self.valid, self.extent):
            if isinstance(array, np.memmap):
                array.flush()
        with suppress(OSError):  # then they are filled again next time
            (self.folder / _INDEX).write_text(json.dumps(notes), encoding="utf-8")


def room_for(count: int, longest: int, cache: Path | None, key: Sequence[object]) -> PhotoArrays:
    """Room for ``count`` photos of at most ``longest`` pixels a side; in ``cache``, if there is one, where it is much.

    What lies there under the same ``key`` is used again, anything else there is removed.
    """
    square = (count, longest, longest)
    shapes: dict[str, tuple[int, ...]] = {
        "image": (*square, 3),
        "labels": square,
        "valid": square,
        "extent": (count, 2),
    }
    kinds = {"image": np.uint8, "labels": np.uint8, "valid": np.bool_, "extent": np.int64}
    folder = None
    if cache is not None and count * longest**2 * 5 > IN_MEMORY:
        folder = _folder(cache, (key, shapes))

    def room(name: str) -> np.ndarray:
        if folder is None:
            return np.zeros(shapes[name], kinds[name])
        return _mapped(folder / f"{name}.bin", shapes[name], kinds[name])

    return PhotoArrays(room("image"), room("labels"), room("valid"), room("extent"), folder)


def _folder(cache: Path, key: object) -> Path:
    """The folder of what ``key`` describes; those of other photos are removed."""
    folder = cache / hashlib.sha256(repr(key).encode()).hexdigest()[:16]
    for other in cache.glob("*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _mapped(path: Path, shape: tuple[int, ...], kind: Any) -> np.ndarray:
    """A file as an array. Its bytes are written first: a mapped file that the disk has no room for would kill us."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    try:
        if not path.is_file() or path.stat().st_size != size:
            with path.open("wb") as file:
                for start in range(0, size, _CHUNK):
                    file.write(bytes(min(_CHUNK, size - start)))
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StudioError(
            _("The scaled photos do not fit on the disk: {megabytes} MB in {folder}.").format(
                megabytes=size // 10**6, folder=path.parent
            ),
            _("Free some space, put the run elsewhere with --out, or train at a smaller scale."),
            str(error),
        ) from error
    return np.memmap(path, kind, "r+", shape=shape)
