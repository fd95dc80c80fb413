"""When a preview may start. Knows no Qt and no time of its own."""

from __future__ import annotations

MOST_PER_SECOND = 30


class RenderPacer:
    """While the pointer moves, the next preview starts when the last one is back and 1/30 s has passed.

    A change that is complete (pen up, undo, another seed) is urgent: it starts at once and makes the render in
    work stale. When nothing is wanted, a better photo of what is shown already may be in work; nothing waits for it.
    """

    def __init__(self) -> None:
        self._is_wanted = False
        self._is_urgent = False
        self._in_work: int | None = None
        self._refines = False
        self._refine_at: float | None = None
        self._started_at = float("-inf")

    @property
    def is_busy(self) -> bool:
        """Is there a render in work, or one that will start by itself?"""
        return self._in_work is not None or self._is_wanted or self._refine_at is not None

    @property
    def is_wanted(self) -> bool:
        """Is the photo on the screen out of date, and nothing newer in work?"""
        return self._is_wanted

    def ask(self, is_urgent: bool) -> None:
        """The photo on the screen is out of date."""
        self._is_wanted = True
        self._is_urgent = self._is_urgent or is_urgent
        self._refine_at = None

    def refine(self, at: float) -> None:
        """From then on the photo on the screen, which is up to date, may be rendered better."""
        self._refine_at = at

    def delay(self, now: float) -> float | None:
        """Seconds from ``now`` until the next render may start; None if there is nothing to start yet."""
        if not self._is_wanted:
            if self._refine_at is None or self._in_work is not None:
                return None
            return max(0.0, self._refine_at - now)
        if self._in_work is not None and not (self._refines or self._is_urgent):
            return None
        if self._is_urgent:
            return 0.0
        return max(0.0, self._started_at + 1 / MOST_PER_SECOND - now)

    def start(self, request_id: int, now: float) -> None:
        """A render was asked for: of the change, or else a better one of what is shown."""
        self._refines = self._refine_at is not None and not self._is_wanted
        self._is_wanted = self._is_urgent = False
        self._refine_at = None
        self._in_work = request_id
        if not self._refines:
            self._started_at = now

    def finish(self, request_id: int) -> None:
        """A render came back, with a photo or without; only the newest one counts."""
        if request_id == self._in_work:
            self._in_work = None

    def clear(self) -> None:
        """Forget everything asked for; what is in work belongs to nobody."""
        self._is_wanted = self._is_urgent = False
        self._refine_at = None
        self._in_work = None
