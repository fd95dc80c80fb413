"""``python -m oasis_training.commands.calibration MODEL FOLDER``: a critic, measured on held-out photos."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.i18n import _
from oasis_training.commands.command import at_least, finish
from oasis_training.reading.calibration import HELD_OUT, calibrate


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the card is written, 2 after an expected failure."""
    use_language()
    parser = argparse.ArgumentParser(
        prog="oasis-studio model calibrate", description=_("Measure a model's critic on labelled photos.")
    )
    parser.add_argument("model", help=_("Id, name or folder of the model."))
    parser.add_argument("data", type=Path, metavar="FOLDER", help=_("Photos in images/, label PNGs in labels/."))
    share = _("Use one photo in so many, those that a training leaves out; 1: all.")
    parser.add_argument("--held-out", type=at_least(1), default=HELD_OUT, help=share)
    arguments = parser.parse_args(argv)
    return finish(lambda: _calibrate(arguments))


def _calibrate(arguments: argparse.Namespace) -> None:
    folder, card = default_library().find(arguments.model)
    card = calibrate(folder, card, arguments.data, arguments.held_out)
    for name, value in card.metrics.items():
        if name.startswith("reading_"):
            print(f"{name}: {value}")
    if card.critic is not None:
        print(_("read at: {sides}, trust in “fake”: {trust}").format(sides=card.critic.sides, trust=card.critic.trust))


if __name__ == "__main__":
    sys.exit(main())
