"""Weights under published keys: which network they are, and how ours gets them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.checkpoint import Network, check_finite, check_shapes, filled, shapes_of
from oasis_studio.synthesis.models.official.containers import COUNTER, StateDict
from oasis_studio.synthesis.models.official.torch_file import read_states


class Kind(Enum):
    """Networks that are known by their keys."""

    OASIS_GENERATOR = r"body\.\d+\."
    OASIS_DISCRIMINATOR = r"body_(down|up)\.\d+\."
    SPADE_GENERATOR = r"(head_0|G_middle_\d|up_\d)\."
    SPADE_DISCRIMINATOR = r"discriminator_\d+\.model"
    SPADE_ENCODER = r"fc_(mu|var)\."
    PIX2PIXHD = r"(model(\d+_\d+)?|scale\d+_layer\d+)\.\d+\."

    @property
    def title(self) -> str:
        """With its article, inside a sentence."""
        return {
            Kind.OASIS_GENERATOR: _("an OASIS generator"),
            Kind.OASIS_DISCRIMINATOR: _("an OASIS discriminator"),
            Kind.SPADE_GENERATOR: _("a SPADE generator"),
            Kind.SPADE_DISCRIMINATOR: _("a SPADE discriminator"),
            Kind.SPADE_ENCODER: _("a SPADE image encoder"),
            Kind.PIX2PIXHD: _("a network of pix2pixHD, or one built like it"),
        }[self]


@dataclass(frozen=True)
class PublishedWeights:
    """The tensors of ``file`` (its name) by published key; ``kind`` is None if no key tells what they are.

    ``place``: the names of the containers that they stand in within the file.
    """

    file: str
    state: Mapping[str, Tensor]
    kind: Kind | None
    place: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path, *kinds: Kind) -> PublishedWeights:
        """The network of one of ``kinds`` in a file, or else what it holds instead; a moving average comes first.

        StudioError if the file cannot be read, or holds no plain weights.
        """
        states = read_states(path)
        found = [(kind, part) for state in states for kind, part in _networks(state)]
        wanted = [entry for entry in found if entry[0] in kinds]
        if wanted:
            kind, state = min(wanted, key=lambda entry: not entry[1].is_average)
        else:
            kind, state = found[0] if found else (None, states[0])
        return cls(path.name, state.tensors, kind, state.place)

    def expect(self, *kinds: Kind) -> None:
        """StudioError unless it is one of these networks; it says which one was given in its place."""
        if self.kind in kinds:
            return
        expected = _(" or ").join(kind.title for kind in kinds)
        if self.kind is None:
            raise StudioError(
                _("{file} is not {expected}: it begins with {names}.").format(
                    file=self.file, expected=expected, names=self._first_names()
                )
            )
        raise StudioError(
            _("{file} is {found}, not {expected}.").format(file=self.file, found=self.kind.title, expected=expected),
            _("Give the generator's file first, its discriminator with --discriminator, its encoder with --encoder.")
            if self.kind is not Kind.PIX2PIXHD
            else _("OASIS Studio runs networks of OASIS and of SPADE."),
        )

    def shape(self, key: str, *dimensions: int) -> tuple[int, ...]:
        """The shape of a tensor of so many dimensions; StudioError if there is none."""
        tensor = self.state.get(key)
        if tensor is None or tensor.dim() not in dimensions:
            raise self._unusable(_("it has no usable {key}").format(key=key))
        return tuple(tensor.shape)

    def count(self, pattern: str) -> int:
        """How many different numbers the pattern's group takes in the keys; StudioError unless they count from 0."""
        numbers = {int(match[1]) for key in self.state if (match := re.match(pattern, key))}
        if not numbers or numbers != set(range(len(numbers))):
            raise self._unusable(_("its blocks are not numbered 0, 1, 2 …"))
        return len(numbers)

    def mismatch(self, classes: int, palette: Palette) -> StudioError:
        """The failure to raise when the class list of an OASIS network is of another length."""
        return StudioError(
            _('{source} was made for {found} classes, the list "{name}" has {expected}.').format(
                source=self.file, found=classes, name=palette.name, expected=len(palette)
            ),
            _(
                "Choose the class list of the data set it was trained on with --classes; a network whose noise "
                "has other than 64 channels needs --noise-size too."
            ),
        )

    def with_inputs_reordered(self, order: list[int], pattern: str) -> PublishedWeights:
        """The first input channels of the weights whose key matches, in another order; the others stay."""

        def reordered(tensor: Tensor) -> Tensor:
            if tensor.dim() < 2 or tensor.shape[1] < len(order):
                return tensor  # a wrong shape, which filling will name
            return torch.cat([tensor[:, order], tensor[:, len(order) :]], dim=1)

        state = {key: reordered(tensor) if re.search(pattern, key) else tensor for key, tensor in self.state.items()}
        return replace(self, state=state)

    def fill(self, network: Network) -> Network:
        """Check names, shapes and values, complete what old files lack, and hand the weights to the network."""
        wanted = network.state_dict()
        expected = {key: shape for key, shape in shapes_of(network).items() if not key.endswith(COUNTER)}
        complete = dict(self.state)
        for key in expected:
            if key.endswith(".weight_v") and key not in complete:
                stem = key.removesuffix("weight_v")
                u, weight = complete.get(stem + "weight_u"), complete.get(stem + "weight_orig")
                if u is not None and weight is not None and u.dim() == 1 and u.shape[0] == weight.shape[0]:
                    complete[key] = F.normalize(weight.float().flatten(1).T @ u.float(), dim=0, eps=1e-12)
        check_shapes({key: tuple(tensor.shape) for key, tensor in complete.items()}, expected, self.file)
        ready = {key: tensor.detach().to(wanted[key].dtype).contiguous() for key, tensor in complete.items()}
        check_finite(ready)
        counters = {key: torch.zeros((), dtype=torch.long) for key in wanted if key.endswith(COUNTER)}
        return filled(network, ready | counters)

    def _unusable(self, reason: str) -> StudioError:
        what = self.kind.title if self.kind else _("a known network")
        return StudioError(
            _("{file} looks like {what}, but {reason} (it begins with {names}).").format(
                file=self.file, what=what, reason=reason, names=self._first_names()
            )
        )

    def _first_names(self) -> str:
        names = ", ".join(sorted(self.state)[:3])
        return f"{'.'.join(self.place)}: {names}" if self.place else names


def _networks(state: StateDict, depth: int = 3) -> Iterator[tuple[Kind, StateDict]]:
    """The networks that are known by their keys: the whole, or if it is none, those below its first modules."""
    kind = next((kind for kind in Kind if any(re.match(kind.value, key) for key in state.tensors)), None)
    if kind is not None:
        yield kind, state
    elif depth:
        for name in state.modules:
            yield from _networks(state.below(name), depth - 1)
