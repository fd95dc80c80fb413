"""Standard input, output and error, whose encoding the system chose."""

from __future__ import annotations

import contextlib
import sys


def replace_unencodable() -> None:
    """Let what a stream cannot encode or decode become a question mark, where it would end the program.

    A Korean sentence in a shell with an encoding of Western Europe is an example, or the name of a file that is no
    text. Programs without a console have no streams.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(OSError, ValueError):  # one that was closed, or read from before
                reconfigure(errors="replace")
