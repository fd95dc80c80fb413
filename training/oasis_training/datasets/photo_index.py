"""Which photo an annotation means: the one beside it, the one at the path it names, or the only one of that name."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_SHOWN = 3


class AmbiguousPhoto(StudioError):  # noqa: N818 - what it is, not what it is raised as
    """Several photos may be meant."""


class PhotoIndex:
    """The ``photos`` below the folder ``root``, looked up as annotations name them.

    Names are compared without regard to case and to how accents and Korean syllables are composed; a photo of just
    the name comes before one that differs in its ending only.
    """

    def __init__(self, photos: Iterable[Path], root: Path) -> None:
        self._photos = tuple(photos)
        self._place: dict[Path, PurePosixPath] = {
            path: _plain(path.relative_to(root).as_posix()) for path in self._photos
        }
        self._by_name: dict[str, list[Path]] = {}
        self._by_stem: dict[str, list[Path]] = {}
        for path, place in self._place.items():
            self._by_name.setdefault(place.name, []).append(path)
            self._by_stem.setdefault(place.stem, []).append(path)
        self._root = root

    def beside(self, annotation: Path, written: str) -> Path | None:
        """The photo of an annotation file of its own: in the same folder, or else as :meth:`named`.

        In the same folder it has the name that is ``written``, or the name of the annotation apart from the ending.
        """
        folder = self._folder(annotation)
        for wanted in (_plain(written), _plain(annotation.name)):
            near = [path for path in self._candidates(wanted) if self._place[path].parent == folder]
            if near:
                return _only(near, written)
        return self.named(annotation, written) if written else None

    def named(self, annotation: Path, written: str) -> Path | None:
        """The photo at the path that is ``written`` in ``annotation``, or the only one of that name; None if none.

        The path counts from the annotation's folder, then from the root; of a path on another computer the end counts.
        Where several photos would do, :class:`AmbiguousPhoto`.
        """
        wanted = _plain(written)
        found = self._candidates(wanted)
        for start in (self._folder(annotation), PurePosixPath()):
            place = _plain(posixpath.normpath((start / wanted).as_posix()))
            here = [path for path in found if self._place[path].with_suffix("") == place.with_suffix("")]
            if here:
                return _only(here, written)
        longest = max((self._common_end(path, wanted) for path in found), default=0)
        return _only([path for path in found if self._common_end(path, wanted) == longest], written)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._photos)

    def _folder(self, annotation: Path) -> PurePosixPath:
        return _plain(annotation.parent.relative_to(self._root).as_posix())

    def _candidates(self, wanted: PurePosixPath) -> list[Path]:
        return self._by_name.get(wanted.name) or self._by_stem.get(wanted.stem, [])

    def _common_end(self, path: Path, wanted: PurePosixPath) -> int:
        """How many names at the end of both paths are the same, the last one counting as such."""
        count = 1
        for one, other in zip(reversed(self._place[path].parts[:-1]), reversed(wanted.parts[:-1]), strict=False):
            if one != other:
                break
            count += 1
        return count


def comparable(name: str) -> str:
    """A name or path as names are compared: composed, in lower case."""
    return unicodedata.normalize("NFC", name).casefold()


def _plain(written: str) -> PurePosixPath:
    """A path as somebody wrote it, on Windows too."""
    return PurePosixPath(comparable(written.replace("\\", "/")))


def _only(found: list[Path], written: str) -> Path | None:
    """The one photo that was found, or that of several in a folder which is spelled just so."""
    name = PurePosixPath(written.replace("\\", "/")).name
    exact = [path for path in found if path.name == name]
    if len({path.parent for path in found}) == 1 and len(exact) == 1:
        return exact[0]
    if len(found) < 2:
        return found[0] if found else None
    names = ", ".join(path.as_posix() for path in found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    raise AmbiguousPhoto(
        _("Several photos may be meant by {name}: {names}.").format(name=name, names=names),
        _("Put each photo beside its annotation, or name them differently."),
    )
