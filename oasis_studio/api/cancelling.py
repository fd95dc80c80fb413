"""How long work is taken back: the caller gives a function that says so, and gets an error of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from oasis_studio.core.work.jobs import JobCancelled
from oasis_studio.core.work.request import SynthesisCancelled
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

IsCancelled = Callable[[], bool]
"""Asked again and again while something runs, such as ``threading.Event().is_set``; True ends it soon."""


class Cancelled(StudioError):  # noqa: N818 - not a failure
    """The work was taken back by the caller; the text says what became of it."""


def never() -> bool:
    """Work that nobody takes back."""
    return False


@contextmanager
def telling_cancelled() -> Iterator[None]:
    """What runs inside raises :class:`Cancelled` where the networks say that their work went stale."""
    try:
        yield
    except (JobCancelled, SynthesisCancelled) as error:
        raise Cancelled(_("This was cancelled.")) from error
