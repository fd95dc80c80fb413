"""What a check found in labelled photos, and what can be done about each kind of problem."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class Fix(StrEnum):
    """What is done with the pairs or classes that have a problem."""

    LEAVE_OUT = "leave out"
    KEEP = "keep"
    SCALE = "scale"
    """The label map is scaled to its photo."""
    ONE_OF_EACH = "one of each"


class ProblemKind(StrEnum):
    """What can be wrong with labelled photos."""

    UNREADABLE = "unreadable"
    NO_LABELS = "no labels"
    NO_PHOTO = "no photo"
    SIZES = "sizes"
    SHAPES = "shapes"
    """Shapes of an annotation that could not be drawn."""
    BLANK = "blank"
    UNKNOWN_IDS = "unknown ids"
    EMPTY_CLASSES = "empty classes"
    DUPLICATES = "duplicates"


@dataclass(frozen=True)
class Problem:
    """``names`` of pairs, classes or ids that have it; ``fixes`` to choose from, the proposal first."""

    kind: ProblemKind
    names: tuple[str, ...]
    fixes: tuple[Fix, ...]


@dataclass(frozen=True)
class FoundClass:
    """A class of the data: ``share`` 0..1 of all pixels, ``pairs`` it occurs in; ``color`` #rrggbb or "" for none."""

    id: int
    name: str
    color: str
    share: float
    pairs: int


@dataclass(frozen=True)
class Findings:
    """``pairs`` in all; of these ``unreadable`` and ``mismatched`` ones by name · ``groups`` of nearly equal photos."""

    format: str
    pairs: int
    unreadable: frozenset[str]
    mismatched: frozenset[str]
    """Their label map has another size than their photo."""
    undrawn: frozenset[str]
    """A shape of them could not be drawn."""
    shortest_side: int
    classes: tuple[FoundClass, ...]
    unlabelled_share: float
    problems: tuple[Problem, ...]
    groups: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Findings:
        """From the output of ``dataset check --json``; StudioError if it is something else."""
        try:
            return _findings(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise StudioError(_("The check gave no readable result."), detail=repr(error)) from error

    def usable(self, fixes: dict[ProblemKind, Fix]) -> int:
        """How many pairs converting writes with these ``fixes``; a pair with several problems counts once."""
        lost = self.unreadable | set(self.passed_over(fixes))
        if fixes.get(ProblemKind.SIZES) is not Fix.SCALE:
            lost |= self.mismatched
        return max(0, self.pairs - len(lost))

    def passed_over(self, fixes: dict[ProblemKind, Fix]) -> list[str]:
        """Names of the pairs that ``fixes`` leave out beyond those that no training can use."""
        names: list[str] = sorted(self.undrawn) if fixes.get(ProblemKind.SHAPES) is Fix.LEAVE_OUT else []
        if fixes.get(ProblemKind.BLANK) is Fix.LEAVE_OUT:
            names += next((p.names for p in self.problems if p.kind is ProblemKind.BLANK), ())
        if fixes.get(ProblemKind.DUPLICATES) is Fix.ONE_OF_EACH:
            names += [name for group in self.groups for name in group[1:]]
        return list(dict.fromkeys(names))


def _findings(data: dict[str, Any]) -> Findings:
    unreadable = [entry["name"] for entry in data["unreadable"]]
    sizes = [entry["name"] for entry in data["size_mismatches"]]
    groups = tuple(tuple(group) for group in data["near_duplicates"])
    return Findings(
        format=data["format"],
        pairs=data["pairs"],
        unreadable=frozenset(unreadable),
        mismatched=frozenset(sizes),
        undrawn=frozenset(entry["name"] for entry in data.get("shapes", [])),
        shortest_side=data["shortest_side"],
        classes=tuple(
            FoundClass(c["id"], c["name"], c["color"] or "", c["share"], c["pairs"]) for c in data["classes"]
        ),
        unlabelled_share=data["unlabelled_share"],
        problems=tuple(_problems(data, unreadable, sizes, groups)),
        groups=groups,
        notes=tuple(data["notes"]),
    )


def _problems(
    data: dict[str, Any], unreadable: list[str], sizes: list[str], groups: tuple[tuple[str, ...], ...]
) -> list[Problem]:
    kind, fix = ProblemKind, Fix
    missing = data["missing"]
    unknown = [_("other colours") if entry["id"] is None else str(entry["id"]) for entry in data["unknown_ids"]]
    every = [
        (kind.UNREADABLE, [_with_reason(entry) for entry in data["unreadable"]], (fix.LEAVE_OUT,)),
        (kind.NO_LABELS, [entry["name"] for entry in missing if entry["part"] == "labels"], (fix.LEAVE_OUT,)),
        (kind.NO_PHOTO, [entry["name"] for entry in missing if entry["part"] == "photo"], (fix.LEAVE_OUT,)),
        (kind.SIZES, sizes, (fix.LEAVE_OUT, fix.SCALE)),
        (kind.SHAPES, [_with_reason(entry) for entry in data.get("shapes", [])], (fix.KEEP, fix.LEAVE_OUT)),
        (kind.BLANK, data["blank"], (fix.LEAVE_OUT, fix.KEEP)),
        (kind.UNKNOWN_IDS, unknown, (fix.LEAVE_OUT,)),
        (kind.EMPTY_CLASSES, data["empty_classes"], (fix.LEAVE_OUT, fix.KEEP)),
        (kind.DUPLICATES, [" = ".join(group) for group in groups], (fix.KEEP, fix.ONE_OF_EACH)),
    ]
    return [Problem(each, tuple(names), fixes) for each, names, fixes in every if names]


def _with_reason(entry: dict[str, str]) -> str:
    return f"{entry['name']} ({entry['message']})"
