"""``python -m oasis_training.commands.calibration MODEL FOLDER``: a critic, measured on held-out photos."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.reading.calibration import HELD_OUT, calibrate


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the card is written, 2 after an expected failure."""
    use_language()
    parser = argparse.ArgumentParser(prog="oasis-studio model calibrate", description=__doc__)
    parser.add_argument("model", help=_("id, name or folder of the model"))
    parser.add_argument("data", type=Path, help=_("folder with images/ and labels/ in the model's classes"))
    parser.add_argument("--held-out", type=int, default=HELD_OUT, help=_("one photo in so many is used; 1: all"))
    arguments = parser.parse_args(argv)
    try:
        folder, card = default_library().find(arguments.model)
        card = calibrate(folder, card, arguments.data, max(1, arguments.held_out))
    except StudioError as error:
        print(_("error: {message}").format(message=error.message), file=sys.stderr)
        print(error.hint, file=sys.stderr)
        return 2
    for name, value in card.metrics.items():
        if name.startswith("reading_"):
            print(f"{name}: {value}")
    if card.critic is not None:
        print(_("read at: {sides}, trust in “fake”: {trust}").format(sides=card.critic.sides, trust=card.critic.trust))
    return 0


if __name__ == "__main__":
    sys.exit(main())
