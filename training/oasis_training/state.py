"""The resumable state of a run: tensors in ``state.safetensors``, everything else in ``state.json``."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.work.run_folder import STATE_FILE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

VERSION = 3


@dataclass
class Progress:
    """How far a run is: its phase, images seen in that phase, images and steps in all, seconds of work.

    ``best`` is the best held-out metric so far, ``best_images`` when it was, ``stale`` how many measurements were not
    better since · ``rates`` factor of the learning rates, halved whenever the run diverged · ``augment`` the adapted
    probability of augmentation · ``parts`` that a batch is worked on in · ``device`` and ``bf16`` it was trained with.
    """

    phase: int = 0
    phase_images: int = 0
    images: int = 0
    steps: int = 0
    seconds: float = 0.0
    averages: int = 0
    best: float | None = None
    best_images: int = 0
    stale: int = 0
    rates: float = 1.0
    rollbacks: int = 0
    augment: float | None = None
    parts: int = 1
    device: str = ""
    bf16: bool = False


def save(
    folder: Path,
    progress: Progress,
    networks: dict[str, nn.Module],
    optimisers: dict[str, torch.optim.Optimizer],
    draws: torch.Generator,
) -> None:
    """Write both files through temporary ones; a crash in between leaves the last good state.

    StudioError, with the last good state untouched, if the disk refuses.
    """
    tensors: dict[str, Tensor] = {"draws": draws.get_state(), "torch": torch.get_rng_state()}
    if torch.cuda.is_available():
        tensors["cuda"] = torch.cuda.get_rng_state()
    for name, network in networks.items():
        tensors |= {f"{name}/{key}": value.detach().contiguous().cpu() for key, value in network.state_dict().items()}
    for name, optimiser in optimisers.items():
        for index, slot in optimiser.state_dict()["state"].items():
            tensors |= {f"{name}/{index}/{key}": value.detach().contiguous().cpu() for key, value in slot.items()}
    step_file = folder / f"state-{progress.steps}.safetensors"
    temporary = step_file.with_suffix(".part")
    try:
        save_file(tensors, temporary)
        temporary.replace(step_file)
    except (SafetensorError, OSError) as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise StudioError(
            _("The state of the training could not be saved: {error}.").format(error=error),
            _("Free some space; the state that was saved before is whole."),
        ) from error
    _write_index(folder, step_file.name, progress)
    for old in [*folder.glob("state-*.safetensors"), *folder.glob("state-*.part")]:
        if old != step_file:
            with suppress(OSError):
                old.unlink()


def write_progress(folder: Path, progress: Progress) -> None:
    """Save ``progress`` beside the tensors that are saved already."""
    index = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
    _write_index(folder, index["tensors"], progress)


def _write_index(folder: Path, tensors: str, progress: Progress) -> None:
    """The one moment at which a new state becomes the state."""
    index = {"version": VERSION, "tensors": tensors, "progress": asdict(progress)}
    write_json(folder / STATE_FILE, index)


def has_state(folder: Path) -> bool:
    """Whether a run or a reader's work was saved in ``folder``."""
    return (folder / STATE_FILE).is_file()


def load(
    folder: Path,
    networks: dict[str, nn.Module],
    optimisers: dict[str, torch.optim.Optimizer],
    draws: torch.Generator,
) -> Progress:
    """Put everything back; StudioError if the state is of another recipe or a newer program."""
    try:
        index: dict[str, Any] = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
        if index["version"] > VERSION:
            raise StudioError(_("This run was written by a newer version of the program."))
        tensors = load_file(folder / index["tensors"])
        progress = Progress(**index["progress"])
        for name, network in networks.items():
            network.load_state_dict(_part(tensors, name))
        for name, optimiser in optimisers.items():
            _load_optimiser(optimiser, _part(tensors, name))
        draws.set_state(tensors["draws"])
        torch.set_rng_state(tensors["torch"])
        if torch.cuda.is_available() and "cuda" in tensors:
            torch.cuda.set_rng_state(tensors["cuda"])
    except (OSError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise StudioError(_("The saved state of this run cannot be continued: {error}.").format(error=error)) from error
    return progress


def _part(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key.removeprefix(name + "/"): value for key, value in tensors.items() if key.startswith(name + "/")}


def _load_optimiser(optimiser: torch.optim.Optimizer, slots: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in slots.items():
        index, name = key.split("/")
        state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
