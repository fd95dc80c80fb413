"""The state dicts that a file holds: bare, in a container with other things, or under the names of wrappers.

A training often saves several networks and its optimizer in one file, and programs that compile or distribute a
network put their own names before the keys. What is left after taking these away are the published keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

COUNTER = "num_batches_tracked"

_WRAPPERS = frozenset({"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"})
"""What DataParallel, ``torch.compile`` and their likes put between the names of modules; no published key has them."""

_DEPTH = 4
"""Mappings within mappings that are looked into."""

_PARAMETRIZED = re.compile(r"(?P<stem>.*)\.parametrizations\.(?P<name>\w+)\.(?P<part>original[01]?|\d+\._[uv])$")


@dataclass(frozen=True)
class StateDict:
    """Tensors by their keys; ``place`` names the containers they stand in."""

    place: tuple[str, ...]
    tensors: Mapping[str, Tensor]

    @property
    def is_average(self) -> bool:
        """Whether a container's name says that it is the moving average of a generator's weights."""
        return any("ema" in name.lower() or "average" in name.lower() for name in self.place)

    def below(self, name: str) -> StateDict:
        """The tensors whose keys begin with a module's name, without it."""
        start = f"{name}."
        tensors = {key.removeprefix(start): value for key, value in self.tensors.items() if key.startswith(start)}
        return StateDict((*self.place, name), tensors)

    def as_published(self) -> StateDict:
        """The same tensors by keys without wrappers and parametrizations; counters of batches are left out."""
        plain = {}
        for key, value in self.tensors.items():
            if not key.endswith(COUNTER):
                plain[".".join(part for part in key.split(".") if part not in _WRAPPERS)] = value
        return StateDict(self.place, _without_parametrizations(plain))

    @property
    def modules(self) -> list[str]:
        """The first parts of the keys, in the order in which they come."""
        return list(dict.fromkeys(key.split(".")[0] for key in self.tensors if "." in key))


def state_dicts(loaded: Any, place: tuple[str, ...] = ()) -> Iterator[StateDict]:
    """All mappings from keys to tensors in what a file holds, the outer ones first."""
    if not isinstance(loaded, Mapping) or len(place) > _DEPTH:
        return
    tensors = {key: value for key, value in loaded.items() if isinstance(key, str) and isinstance(value, Tensor)}
    if tensors:
        yield StateDict(place, tensors)
    for key, value in loaded.items():
        if isinstance(key, str):
            yield from state_dicts(value, (*place, key))


def _without_parametrizations(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Keys of ``torch.nn.utils.parametrizations`` as the older spectral norm has them, and weight norm folded."""
    found: dict[tuple[str, str], dict[str, Tensor]] = {}
    result: dict[str, Tensor] = {}
    for key, value in tensors.items():
        match = _PARAMETRIZED.match(key)
        if match is None:
            result[key] = value
        else:
            found.setdefault((match["stem"], match["name"]), {})[match["part"].split(".")[-1]] = value
    for (stem, name), parts in found.items():
        for part, value in _plain_parts(parts).items():
            result[f"{stem}.{name}{part}"] = value
    return result


def _plain_parts(parts: dict[str, Tensor]) -> dict[str, Tensor]:
    """By what follows the tensor's name in the older form: ``_orig``, ``_u``, ``_v``, or nothing."""
    original = parts.get("original", parts.get("original0"))
    if "_u" in parts and original is not None:
        return {"_orig": original} | {part: parts[part] for part in ("_u", "_v") if part in parts}
    length, direction = parts.get("original0"), parts.get("original1")
    if length is not None and direction is not None and _are_weight_norm(length, direction):
        norms = direction.float().flatten(1).norm(dim=1).clamp_min(1e-12).reshape(length.shape)
        return {"": (direction * (length.float() / norms)).to(direction.dtype)}
    return {f".{part}": value for part, value in parts.items()}


def _are_weight_norm(length: Tensor, direction: Tensor) -> bool:
    """Whether these are the length and the direction of every output's weights."""
    return direction.dim() > 1 and tuple(length.shape) == (direction.shape[0], *(1,) * (direction.dim() - 1))
