"""A mailbox of one between the painting thread and the rendering thread: newest wins."""

from __future__ import annotations

from threading import Lock

from oasis_studio.core.request import SynthesisRequest


class Mailbox:
    """Holds the newest request only. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._request: SynthesisRequest | None = None
        self._newest = -1
        self._is_closed = False

    def put(self, request: SynthesisRequest) -> None:
        """Leave ``request``; one that still waits there is dropped."""
        with self._lock:
            if not self._is_closed:
                self._request = request
                self._newest = request.id

    def take(self) -> SynthesisRequest | None:
        """The waiting request, or None."""
        with self._lock:
            request, self._request = self._request, None
            return request

    def is_stale(self, request_id: int) -> bool:
        """Is there a newer request than this, or nobody left who waits for it?"""
        return self._is_closed or request_id != self._newest

    def close(self) -> None:
        """Take no more requests; everything in work is stale."""
        with self._lock:
            self._is_closed = True
            self._request = None
