"""Undo and redo, limited by bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from oasis_studio.core.document.document import Document
from oasis_studio.core.pixels.box import EMPTY, Box


@dataclass(frozen=True, slots=True)
class Change:
    """What a command touched: an area of labels, and which other parts of the document."""

    labels: Box = EMPTY
    areas: tuple[Box, ...] = ()
    """Boxes in ``labels`` outside of which nothing changed, where that is much less; () for all of it."""
    layers: bool = False
    """Order, names, visibility, locks, or number of the layers."""
    seed: bool = False
    """Seed of the whole image: same labels, another photo."""
    model: bool = False
    """Model, palette and background class: another photo, perhaps with other classes."""
    size: bool = False
    """Width and height; every layer has another array of labels now."""
    reference: bool = False
    """The photo under the labels, or how it is shown."""
    notes: bool = False
    """Notes or snapshots."""
    styles: bool = False
    """Styles of regions: same labels, another photo."""
    locks: bool = False
    """Which pixels of the photo stay as they are."""
    guides: bool = False
    results: bool = False
    """Photos that were kept."""

    @property
    def restyles(self) -> bool:
        """Does another seed, model or style give the same labels another photo?"""
        return self.seed or self.model or self.styles


class Command(Protocol):
    """One undoable step. ``apply`` and ``revert`` are exact opposites.

    ``size_bytes`` is what the step keeps in memory; once the step was applied it never changes.
    """

    @property
    def title(self) -> str: ...

    @property
    def size_bytes(self) -> int: ...

    def apply(self, document: Document) -> Change: ...

    def revert(self, document: Document) -> Change: ...


UNDO_BYTES = 512 * 2**20
"""What the steps may hold, unless a person says otherwise."""


class History:
    """The steps done and undone. The oldest are forgotten when all together hold more than ``limit_bytes``.

    A state of the document is known by its number: how many steps led there since the history began, the
    forgotten ones included. So "is it as saved?" is a comparison of two numbers.
    """

    def __init__(self, limit_bytes: int = UNDO_BYTES) -> None:
        self.limit_bytes = limit_bytes
        """Takes effect with the next step."""
        self._done: list[Command] = []
        self._undone: list[Command] = []
        self._forgotten = 0
        self._bytes = 0
        self._saved: int | None = 0
        """Number of the saved state; None once no undo or redo leads there any more."""
        self._being_saved: int | None = None
        """The same of the state that is on its way to a file."""

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    @property
    def undo_count(self) -> int:
        return len(self._done)

    @property
    def first_state(self) -> int:
        """Number of the oldest state that undo leads to."""
        return self._forgotten

    @property
    def undo_title(self) -> str:
        return self._done[-1].title if self._done else ""

    @property
    def redo_title(self) -> str:
        return self._undone[-1].title if self._undone else ""

    @property
    def titles(self) -> list[str]:
        """Of the steps done, from the oldest, and then of those undone; ``undo_count`` says where the first end."""
        return [step.title for step in [*self._done, *reversed(self._undone)]]

    @property
    def size_bytes(self) -> int:
        """Bytes that the steps hold."""
        return self._bytes

    @property
    def is_clean(self) -> bool:
        """Is the document as it was last saved (or as it was when the history began)?"""
        return self._saved == self._state

    def mark_saved(self) -> None:
        """The document as it is now is in a file."""
        self._saved = self._state

    def begin_saving(self) -> None:
        """The document as it is now is on its way to a file; it may change meanwhile."""
        self._being_saved = self._state

    def end_saving(self, is_saved: bool) -> None:
        """The document as it was at :meth:`begin_saving` is in a file, or could not be written."""
        if is_saved:
            self._saved = self._being_saved
        self._being_saved = None

    def mark_unsaved(self) -> None:
        """The document as it is now is in no file of the person's, and no undo or redo leads to what is.

        It was recovered, or a photo was kept, which is no step.
        """
        self._saved = self._being_saved = None

    def do(self, command: Command, document: Document) -> Change:
        """Apply ``command`` and remember it."""
        change = command.apply(document)
        self.record(command)
        return change

    def record(self, command: Command) -> None:
        """Remember a command whose effect is in the document already (a finished stroke).

        The steps that were undone are gone after it. The newest step is kept whatever it holds.
        """
        self._forget_states(lambda state: state > self._state)
        self._bytes -= sum(step.size_bytes for step in self._undone)
        self._undone.clear()
        self._done.append(command)
        self._bytes += command.size_bytes
        while len(self._done) > 1 and self._bytes > self.limit_bytes:
            self._bytes -= self._done.pop(0).size_bytes
            self._forgotten += 1
        self._forget_states(lambda state: state < self._forgotten)

    def undo(self, document: Document) -> Change:
        """Take back the last step; call only when ``can_undo``."""
        command = self._done.pop()
        self._undone.append(command)
        return command.revert(document)

    def redo(self, document: Document) -> Change:
        """Do the last undone step again; call only when ``can_redo``."""
        command = self._undone.pop()
        self._done.append(command)
        return command.apply(document)

    def go_to(self, count: int, document: Document) -> list[Change]:
        """Undo or redo until ``count`` steps (0..len(titles)) are done; what changed on the way."""
        changes = []
        while len(self._done) > max(count, 0):
            changes.append(self.undo(document))
        while len(self._done) < count and self._undone:
            changes.append(self.redo(document))
        return changes

    def _forget_states(self, is_gone: Callable[[int], bool]) -> None:
        """Nothing leads any more to states whose number ``is_gone``."""
        if self._saved is not None and is_gone(self._saved):
            self._saved = None
        if self._being_saved is not None and is_gone(self._being_saved):
            self._being_saved = None

    @property
    def _state(self) -> int:
        return self._forgotten + len(self._done)
