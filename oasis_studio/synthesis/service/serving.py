"""Renders and does jobs for a window in another process: ``python -m oasis_studio.synthesis.service.serving``.

It reads frames (:mod:`oasis_studio.core.work.wire`) from stdin and answers on stdout; it ends when stdin does. One
thing is asked at a time. To *ask* comes *answer*, *cancelled* or *failed* (message, hint, detail, is it memory), and
*progress* before them; *cancel* names what is no longer wanted. The first frame says who is there: *ready*.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from oasis_studio import __version__
from oasis_studio.core.models.library import ModelLibrary, default_library
from oasis_studio.core.program.streams import replace_unencodable
from oasis_studio.core.work.jobs import JobCancelled
from oasis_studio.core.work.request import SynthesisCancelled, SynthesisRequest
from oasis_studio.core.work.wire import PROTOCOL, read_frame, write_frame
from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.rendering.waiting import wait_without_spinning


class Server:
    """Does what comes out of ``questions`` until None comes; ``say`` sends a frame."""

    def __init__(self, library: ModelLibrary, say: Callable[[str, int, object], None]) -> None:
        from oasis_studio.synthesis.engine.renderer import EngineRenderer  # torch, once the settings for it are made
        from oasis_studio.synthesis.service.workshop import NetworkWorkshop

        self.questions: SimpleQueue[tuple[int, Any] | None] = SimpleQueue()
        self.cancelled = -1
        self._say = say
        self._renderer = EngineRenderer(library)
        self._workshop = NetworkWorkshop(library)
        self.device = self._renderer.device.type

    def work(self) -> None:
        while (question := self.questions.get()) is not None:
            self._answer(*question)

    def _answer(self, number: int, value: Any) -> None:
        def is_stale() -> bool:
            return self.cancelled >= number

        def progress(found: object) -> None:
            self._say("progress", number, found)

        try:
            if isinstance(value, SynthesisRequest):
                answer: object = self._renderer.render(value, is_stale)
            else:
                answer = self._workshop.work(value, progress, is_stale)
        except (SynthesisCancelled, JobCancelled):
            self._say("cancelled", number, None)
        except StudioError as error:
            said = (error.message, error.hint, error.detail, isinstance(error, MemoryShortage))
            self._say("failed", number, said)
        except MemoryError as error:
            text = _("There is not enough memory for this."), _("Try a smaller photo or drawing.")
            self._say("failed", number, (*text, str(error), True))
        except Exception as error:  # noqa: BLE001 - a border: the window is told, and this process lives on
            self._say("failed", number, (_("This could not be done."), "", f"{type(error).__name__}: {error}", False))
        else:
            self._say("answer", number, answer)


def serve(source: BinaryIO, target: BinaryIO, library: ModelLibrary) -> None:
    """Until ``source`` ends."""
    server = Server(library, lambda kind, number, value: write_frame(target, kind, number, value))
    import torch

    who = {"protocol": PROTOCOL, "version": __version__, "torch": torch.__version__, "device": server.device}
    write_frame(target, "ready", 0, who)
    Thread(target=_listen, args=(source, server), daemon=True).start()
    server.work()


def _listen(source: BinaryIO, server: Server) -> None:
    """Frames from the window; its end is ours, in the middle of a render too."""
    try:
        while (frame := read_frame(source)) is not None:
            kind, number, value = frame
            if kind == "ask":
                server.questions.put((number, value))
            elif kind == "cancel":
                server.cancelled = max(server.cancelled, number)
    except Exception as error:  # noqa: BLE001 - the thread's border: whatever it is, nobody can ask anything more
        print(f"the window's frames cannot be read: {error!r}", file=sys.stderr)
    finally:
        server.cancelled = sys.maxsize
        server.questions.put(None)


def main() -> int:
    """Serve the window that started this process until it closes our stdin; returns the exit code."""
    wait_without_spinning()
    replace_unencodable()
    target = os.fdopen(os.dup(sys.stdout.fileno()), "wb")  # whatever is printed must not come between frames
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(source, target, default_library())
    except BrokenPipeError:
        os._exit(1)  # the window is gone, and the listener may still wait for it
    return 0


if __name__ == "__main__":
    sys.exit(main())
