"""A mailbox of one between the painting thread and the rendering thread: newest wins.

Beside it lies a second place for a render that may wait (a variation, a frame): it is taken when nothing else is wanted
and given up as soon as something is.
"""

from __future__ import annotations

from threading import Lock

from oasis_studio.core.work.request import SynthesisRequest

FIRST_ASIDE = 2**40
"""Ids from here on belong to renders that may wait."""


class Mailbox:
    """Holds the newest request only. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._request: SynthesisRequest | None = None
        self._newest = -1
        self._is_closed = False
        self._aside: SynthesisRequest | None = None
        self._newest_aside = -1

    def put(self, request: SynthesisRequest) -> None:
        """Leave ``request``; one that still waits there is dropped."""
        with self._lock:
            if not self._is_closed:
                self._request = request
                self._newest = request.id

    def take(self) -> SynthesisRequest | None:
        """The waiting request, else the one that lies aside, or None."""
        with self._lock:
            if self._request is not None:
                request, self._request = self._request, None
            else:
                request, self._aside = self._aside, None
            return request

    def put_aside(self, request: SynthesisRequest) -> None:
        """Leave a request whose id is FIRST_ASIDE or more for when nothing else is to do; an older one is dropped."""
        with self._lock:
            if not self._is_closed:
                self._aside = request
                self._newest_aside = request.id

    def drop_aside(self) -> None:
        """Nobody waits for what lies aside any more."""
        with self._lock:
            self._aside, self._newest_aside = None, -1

    def is_stale(self, request_id: int) -> bool:
        """Is there a newer request than this, or nobody left who waits for it?"""
        if request_id >= FIRST_ASIDE:
            return self._is_closed or self._request is not None or request_id != self._newest_aside
        return self._is_closed or request_id != self._newest

    def close(self) -> None:
        """Take no more requests; everything in work is stale."""
        with self._lock:
            self._is_closed = True
            self._request = self._aside = None
