"""Photos that were kept in a drawing, each with everything that is needed to make it again.

A result is no snapshot with a photo: a snapshot is a label map of this canvas and follows it through cropping and
other models, while a result has to stay what it was, so that it carries its scene as a project in small, which is
packed and opened by the code of project files. What both share is how they are compared with the drawing.

Results grow beside the history. Undo takes no photo away, since going back is when one is wanted; whatever is done
with results that are there (stars, names, removing, restoring) is a step like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

MOST_PASSING = 50
MOST_PASSING_BYTES = 32 * 2**20
"""Of those that the program kept by itself, and that nobody starred or named."""

_next_id = count(1)


@dataclass(frozen=True, eq=False)
class Result:
    """``photo`` is a JPEG or PNG of ``width`` × ``height`` pixels, ``scene`` the drawing it was made of, packed.

    ``digest`` is the SHA-256 of the pixels as they were shown; ``made_at`` in seconds since 1970; ``model`` is the id
    in the library, ``model_name`` what people call it, ``model_sha256`` that of its weights ("" where the model was
    missing). ``classes`` are the names of those in the picture, the largest first.
    """

    photo: bytes
    scene: bytes
    digest: str
    width: int
    height: int
    made_at: int
    model: str
    model_name: str
    model_sha256: str
    seed: int
    classes: tuple[str, ...]
    name: str = ""
    is_starred: bool = False
    is_automatic: bool = False
    """Did the program keep it by itself?"""
    id: int = field(default_factory=lambda: next(_next_id))
    """Unique while the program runs; a later one is larger."""

    @property
    def nbytes(self) -> int:
        return len(self.photo) + len(self.scene)

    @property
    def is_lossless(self) -> bool:
        return self.photo.startswith(b"\x89PNG")

    @property
    def is_passing(self) -> bool:
        """May it go when there are many?"""
        return self.is_automatic and not self.is_starred and not self.name


def kept(results: tuple[Result, ...], new: Result) -> tuple[Result, ...]:
    """With one more, the newest; the oldest passing ones go while there are too many of them, or too large ones.

    One with the id of a result that is there takes its place.
    """
    if any(each.id == new.id for each in results):
        return tuple(new if each.id == new.id else each for each in results)
    passing = [each for each in results if each.is_passing]
    count = len(passing) + new.is_passing
    size = sum(each.nbytes for each in passing) + new.nbytes * new.is_passing
    gone = set()
    for each in passing:
        if count <= MOST_PASSING and size <= MOST_PASSING_BYTES:
            break
        gone.add(each.id)
        count, size = count - 1, size - each.nbytes
    return (*(each for each in results if each.id not in gone), new)
