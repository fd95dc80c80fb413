"""``python -m oasis_training``: see :mod:`oasis_training.commands.training`."""

from __future__ import annotations

import sys

from oasis_studio.synthesis.rendering.waiting import wait_without_spinning

if __name__ == "__main__":
    wait_without_spinning()  # read when torch is loaded, which the next import does

from oasis_training.commands.training import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
