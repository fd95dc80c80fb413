"""The window does not know which architectures there are."""

from pathlib import Path

import oasis_studio
from oasis_studio.synthesis.networks.architectures import ARCHITECTURES

ROOT = Path(oasis_studio.__file__).parent


def test_the_window_asks_for_abilities_and_never_for_an_architecture() -> None:
    """One place shows its name: the details of a model."""
    found = {}
    for file in (path for room in ("app", "ui") for path in (ROOT / room).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        named = [name for name in ARCHITECTURES if f'"{name}"' in text.lower()]
        if named or ".architecture" in text:
            found[file.relative_to(ROOT).as_posix()] = named
    assert found == {"ui/dialogs/model_details.py": []}
