"""How good models are, side by side, measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from oasis_studio.api.cancelling import Cancelled, IsCancelled, never
from oasis_studio.api.processes import Event, run_to_end
from oasis_studio.core.work.child import module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_MODULE = "oasis_training.commands.evaluation"


def evaluate(
    models: str | Sequence[str],
    data: str | PathLike[str],
    *,
    limit: int = 300,
    size: int | None = None,
    all_pairs: bool = False,
    recipe: str | PathLike[str] | None = None,
    classes: str = "",
    readers: Iterable[str] = (),
    report: str | PathLike[str] | None = None,
    device: str = "auto",
    threads: int = 0,
    on_event: Callable[[Event], object] | None = None,
    is_cancelled: IsCancelled = never,
) -> dict[str, Any]:
    """Measure models on labelled photos that they were not trained on; returns what ``evaluate --json`` writes.

    ``models`` are ids, names or folders; ``data`` a folder with ``images/``, ``labels/`` and a class list. ``limit``
    (8 or more) label maps are used at the most, pictures have ``size`` pixels a side (32 or more; by default the first
    model's own). ``all_pairs`` is for data no model was trained on; a ``recipe`` says which pairs were held out.
    ``classes`` names or is a class list of the data; the ``readers`` of these models say what pictures show. A
    ``report`` is an HTML file to write. ``on_event`` hears of what begins: dictionaries with ``event`` "stage" and a
    ``text``. ``columns`` of the result holds the photos, every model and two controls.

    StudioError with one sentence if it cannot be done; Cancelled soon after ``is_cancelled()`` is True.
    """
    places = [models] if isinstance(models, str) else [str(model) for model in models]
    if not places:
        raise StudioError(_("Say which models are to be measured."))
    options: dict[str, object] = {"--limit": limit, "--device": device, "--threads": threads}
    options |= {"--size": size, "--recipe": recipe, "--classes": classes or None, "--report": report}
    words = [f"{name}={value}" for name, value in options.items() if value is not None]
    words += [f"--reader={reader}" for reader in readers] + ["--all"] * all_pairs
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "numbers.json"
        command = module_command(_MODULE, "--events", f"--json={file}", *words, "--", *places, str(data))
        # nothing is written before the end, so there is nothing that a slower way would save
        if run_to_end(command, on_event or _unheard, is_cancelled, subprocess.Popen.kill):
            raise Cancelled(_("This was cancelled."))
        return json.loads(file.read_text(encoding="utf-8"))


def _unheard(_event: Event) -> None:
    """Nobody wants to know."""
