"""The verbs of the command line. Torch is imported only by those that need it."""

from oasis_studio.cli.program import main

__all__ = ["main"]
