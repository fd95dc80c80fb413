"""What a training could not use of its data: counted while it is read, named at the end of the run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_FIRST = 100
"""Names that go into the event; the count is of all."""


@dataclass
class Problems:
    """``left_out``: why a pair is not used, by its name · ``unknown``: pixels of each id beyond the classes, by pair.

    Reading the same pairs again, at another size, changes nothing.
    """

    left_out: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, Counter[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.left_out or self.unknown)

    def update(self, other: Problems) -> None:
        """Take in what another set of pairs had."""
        self.left_out |= other.left_out
        self.unknown |= other.unknown

    @property
    def unknown_pixels(self) -> Counter[int]:
        """Pixels of each unknown id over all pairs, in the size of the files."""
        total: Counter[int] = Counter()
        for pixels in self.unknown.values():
            total.update(pixels)
        return total

    def to_notes(self) -> dict[str, Any]:
        """All of it as JSON, for :meth:`from_notes`."""
        unknown = {name: {str(number): n for number, n in found.items()} for name, found in self.unknown.items()}
        return {"left_out": self.left_out, "unknown": unknown}

    @classmethod
    def from_notes(cls, notes: dict[str, Any]) -> Problems:
        unknown = {name: Counter({int(number): n for number, n in f.items()}) for name, f in notes["unknown"].items()}
        return cls(dict(notes["left_out"]), unknown)

    def to_json(self) -> dict[str, Any]:
        """The values of the event ``left_out``."""
        named = [{"name": name, "reason": reason} for name, reason in sorted(self.left_out.items())]
        return {
            "count": len(named),
            "pairs": named[:_FIRST],
            "unknown_pixels": {str(number): pixels for number, pixels in self.unknown_pixels.most_common()},
        }
