"""Memory that one training step frees is kept for the next one.

GNU's C library hands blocks of 32 MB and more, and what is free at the end of its heap, back to the system, and the
system fills their pages with zeros when they are asked for again. That is most of the time of operations that only run
through a large tensor. The libraries of other systems are left as they are.
"""

from __future__ import annotations

from oasis_studio.synthesis.rendering.memory import gnu_library, release_freed_memory

__all__ = ["keep_freed_memory", "release_freed_memory"]

_LARGEST_FAST_BLOCK, _TRIM_THRESHOLD, _MAPPED_BLOCKS = 1, -1, -4  # of mallopt(3)
_NEVER = -1


def keep_freed_memory() -> None:
    """From now on this process keeps what it frees: it holds as much as its largest step took."""
    library = gnu_library()
    if library is not None:
        library.mallopt(_MAPPED_BLOCKS, 0)
        library.mallopt(_TRIM_THRESHOLD, _NEVER)
        # Else what is left over beside an aligned block keeps that block from growing together with free ones.
        library.mallopt(_LARGEST_FAST_BLOCK, 0)
