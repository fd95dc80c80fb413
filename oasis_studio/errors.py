"""Failures that a person can understand and act on."""

from __future__ import annotations


class StudioError(Exception):
    """An expected failure: one clear sentence, and where it helps a hint on what to do.

    ``str(error)`` is fit to be shown; ``detail`` is for the log only.
    """

    def __init__(self, message: str, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail


class MemoryShortage(StudioError):  # noqa: N818 - what it is, not what it is raised as
    """Not enough memory for this work; a smaller version of it may succeed."""
