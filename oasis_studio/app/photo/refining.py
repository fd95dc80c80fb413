"""How exact the next photo is: detail first, then composition, and the whole when the pen rests. Knows no Qt."""

from __future__ import annotations

from oasis_studio.core.work.request import Quality

SLOW_MS = 30.0
"""A following photo that takes longer comes in two steps: fewer would be shown a second than the eye notices."""
REST_SECONDS = 0.25
"""A pen that has not moved for so long rests."""


class Refinement:
    """Chooses the quality of a photo of a change, and of the better one of the same change after it."""

    def __init__(self) -> None:
        self._is_slow = False

    def first(self) -> Quality:
        """For a change. A change of everything is rendered whole by the engine, however it is asked."""
        return Quality.DETAIL if self._is_slow else Quality.LIVE

    def after(
        self, quality: Quality, is_partial: bool, milliseconds: float, is_complete: bool
    ) -> tuple[Quality, float] | None:
        """What may follow a photo if nothing else is wanted, and after how many seconds of rest; None: it is whole.

        ``is_complete``: no stroke is open.
        """
        if quality is Quality.LIVE:  # one that was rendered whole, because the edit was large, too
            self._is_slow = milliseconds > SLOW_MS
        if not is_partial:
            return None
        if quality is Quality.LIVE:
            return Quality.PREVIEW, 0.0 if is_complete else REST_SECONDS
        return (Quality.PREVIEW if is_complete else Quality.LIVE), 0.0  # with the pen up, nothing between is missed
