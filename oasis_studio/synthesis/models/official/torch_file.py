"""Reads a ``.pth`` or safetensors file that somebody else wrote: tensors only, none of a file's code runs."""

from __future__ import annotations

import os
import pickle
import pickletools
import tarfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.official.containers import StateDict, state_dicts

MAX_BYTES = 8 * 2**30
_FIRST = 3


def read_states(file: Path) -> list[StateDict]:
    """The state dicts in a ``.pth`` or safetensors file, at least one, with keys as they were published.

    Runs none of a file's code. StudioError if there are none, or if they are no plain weights.
    """
    loaded = _load(file)
    if not isinstance(loaded, Mapping) or not loaded or not all(isinstance(key, str) for key in loaded):
        raise StudioError(_("{file} is not a state dict of a network.").format(file=file.name))
    found = list(state_dicts(loaded))
    if not found:
        names = ", ".join(list(loaded)[:_FIRST])
        raise StudioError(_("{file} holds no weights of a network, but {names}.").format(file=file.name, names=names))
    for state in found:
        _check(state, file)
    return [state.as_published() for state in found]


def _check(state: StateDict, file: Path) -> None:
    """StudioError unless these tensors are plain ones that the file can hold."""
    # A view can claim any shape over a few stored bytes; real weights fill their file.
    claimed = sum(tensor.numel() * tensor.element_size() for tensor in state.tensors.values())
    if claimed > file.stat().st_size * 2 + 2**20:
        raise StudioError(_("{file} claims more weights than it holds.").format(file=file.name))
    if any(tensor.layout != torch.strided or tensor.is_quantized for tensor in state.tensors.values()):
        raise StudioError(_("{file} holds sparse or quantised tensors.").format(file=file.name))


def _load(file: Path) -> Any:
    try:
        with file.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise StudioError(_("Cannot read {file}: {error}.").format(file=file, error=error.strerror)) from error
    if size > MAX_BYTES:
        raise StudioError(_("{file} is far larger than any such network; not opened.").format(file=file.name))
    try:
        if _is_safetensors(file):
            return load_file(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        # On bytes that somebody else chose, the unpickler can raise anything.
        raise _load_failure(file, error) from error


def _is_safetensors(file: Path) -> bool:
    """Whether the file begins with the length of a JSON header and that header."""
    with file.open("rb") as stream:
        head = stream.read(9)
    return len(head) == 9 and head[8:] == b"{" and int.from_bytes(head[:8], "little") < file.stat().st_size


def _load_failure(file: Path, error: Exception) -> StudioError:
    text = str(error)
    if isinstance(error, pickle.UnpicklingError) and ("GLOBAL" in text or _names_code(file)):
        return StudioError(
            _("{file} carries program code, not only weights; none of it was run.").format(file=file.name),
            _("Use the plain weights (*_EMA.pth, *_G.pth) that the authors published."),
            text,
        )
    if "TorchScript" in text:
        return StudioError(_("{file} is a TorchScript program, not weights.").format(file=file.name), detail=text)
    if isinstance(error, MemoryError) or "allocate memory" in text:
        return StudioError(_("There is not enough memory to read {file}.").format(file=file.name), detail=text)
    if _is_tar(file):
        return StudioError(
            _("{file} has the old tar format of PyTorch 0.1, which cannot be read safely.").format(file=file.name),
            _("Save it again with a newer PyTorch."),
            text,
        )
    return StudioError(
        _("{file} is damaged, cut short, or not a PyTorch checkpoint.").format(file=file.name),
        _("Download it again."),
        text,
    )


def _names_code(file: Path) -> bool:
    """Is the file one whole bare pickle that imports something? Only looks at the opcodes."""
    try:
        with file.open("rb") as stream:
            # To the end, which raises on anything but a whole pickle.
            names = [opcode.name for opcode, _arg, _at in pickletools.genops(stream)]
            return any(name.endswith("GLOBAL") for name in names)
    except (OSError, ValueError):
        return False


def _is_tar(file: Path) -> bool:
    try:
        return tarfile.is_tarfile(file)
    except OSError:
        return False
