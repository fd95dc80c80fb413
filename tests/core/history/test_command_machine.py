"""All commands, done, undone and redone in any order, against a list of the states that came up."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import oasis_studio.app
import oasis_studio.core
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.history.commands import Together
from oasis_studio.core.history.document_commands import SetReference, TakeSnapshot
from oasis_studio.core.history.history import Command, History
from oasis_studio.core.history.style_commands import SetLocks, SetStyles
from oasis_studio.errors import StudioError
from tests.core import command_steps, painters


class CommandMachine(RuleBasedStateMachine):
    @initialize(layers=st.integers(0, 3), seed=st.integers(0, 9), is_worked_on=st.booleans())
    def start(self, layers, seed, is_worked_on):
        self.document = worked_on() if is_worked_on else painters.document(layers=layers, seed=seed)
        self.history = History()
        self.states, self.at = [painters.state(self.document)], 0

    @precondition(lambda self: self.document.layers)
    @rule(data=st.data(), name=st.sampled_from(sorted(command_steps.STROKES)))
    def use_a_tool(self, data, name):
        before = self.document.flatten()
        command = self._try(lambda: command_steps.STROKES[name](data.draw, self.document))
        if command is not None:
            self.history.record(command)
            self._note(command)
        elif painters.state(self.document) != self.states[self.at]:
            raise AssertionError(f"{name} changed {np.count_nonzero(before != self.document.flatten())} pixels alone")

    @rule(data=st.data(), name=st.sampled_from(sorted(command_steps.STEPS)))
    def do(self, data, name):
        step = command_steps.STEPS[name]
        if not self.document.layers and step in command_steps.NEED_LAYERS:
            return
        command = self._try(lambda: step(data.draw, self.document))
        assert painters.state(self.document) == self.states[self.at], "nothing is done before it is asked for"
        if command is not None:
            self._check_area(lambda: [self.history.do(command, self.document)])
            self._note(command)

    @precondition(lambda self: self.history.can_undo)
    @rule()
    def undo(self):
        self._check_area(lambda: [self.history.undo(self.document)])
        self.at -= 1

    @precondition(lambda self: self.history.can_redo)
    @rule()
    def redo(self):
        self._check_area(lambda: [self.history.redo(self.document)])
        self.at += 1

    @rule(data=st.data())
    def go_to(self, data):
        self.at = data.draw(st.integers(0, len(self.states) - 1))
        self._check_area(lambda: self.history.go_to(self.at, self.document))

    @invariant()
    def is_as_it_was(self):
        assert painters.state(self.document) == self.states[self.at]
        assert self.history.undo_count == self.at and len(self.history.titles) == len(self.states) - 1

    @invariant()
    def flattens_as_a_naive_painter_does(self):
        assert np.array_equal(self.document.flatten(), painters.flatten(self.document))

    def teardown(self):
        if hasattr(self, "history"):
            self.history.go_to(0, self.document)
            assert painters.state(self.document) == self.states[0]
            self.history.go_to(len(self.states), self.document)
            assert painters.state(self.document) == self.states[-1]

    # -- what the rules share -----------------------------------------------------------------------------------

    def _try(self, step):
        """What a person is refused changes nothing."""
        try:
            return step()
        except StudioError:
            return None

    def _note(self, command):
        del self.states[self.at + 1 :]
        self.states.append(painters.state(self.document))
        self.at += 1

    def _check_area(self, act):
        """Whatever looks different afterwards lies in the boxes that the change names."""
        before = self.document.flatten()
        changes = act()
        after = self.document.flatten()
        if before.shape != after.shape:
            assert any(change.size for change in changes)
            return
        different = before != after
        for change in changes:
            for area in change.areas or (change.labels,):
                different[area.slices] = False
        assert not different.any()


def worked_on() -> Document:
    """Layers of large areas, some in a group, with styles, a lock, a photo under them, a snapshot and results."""
    document = painters.document(layers=3)
    document.layers[0].labels[:] = 1
    document.layers[0].labels[:, 20:] = 2
    document.layers[1].labels[5:25] = 1
    document.layers[0].group = document.layers[2].group = "far"
    regions = RegionMap(document)
    keys = [region.key for region in regions.regions]
    SetStyles({key: RegionStyle(OwnSeed(number)) for number, key in enumerate(keys)}).apply(document)
    SetLocks({keys[0]: Lock.of(regions.mask(keys[0]), painters.photo(40, 32), 4)}).apply(document)
    SetReference(Reference.fitted(painters.photo(), 40, 32)).apply(document)
    TakeSnapshot("before").apply(document)
    document.results = tuple(painters.kept(document, seed, is_automatic=bool(seed)) for seed in range(3))
    return document


def parts(command: Command) -> Iterator[Command]:
    """A command, and those inside it."""
    yield command
    for part in command.commands if isinstance(command, Together) else ():
        yield from parts(part)


def command_classes() -> set[type]:
    """Every class of the program that is a command."""
    found = set()
    for package in (oasis_studio.core, oasis_studio.app):
        for entry in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for _name, kind in inspect.getmembers(importlib.import_module(entry.name), inspect.isclass):
                is_command = all(hasattr(kind, name) for name in ("apply", "revert"))
                if is_command and kind is not Command and not inspect.isabstract(kind):
                    found.add(kind)
    return found


def test_every_command_holds_in_any_order():
    run_state_machine_as_test(
        CommandMachine,
        settings=settings(
            max_examples=80,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_command_is_left_out():
    """Each comes from a step or a stroke that the machine takes."""
    makers = [*command_steps.STEPS.values(), *command_steps.STROKES.values()]
    assert command_classes() - set().union(*map(classes_made_by, makers)) == set()


def classes_made_by(make) -> set[type]:
    """The classes of the commands of a few tries, those inside of others, too."""
    found = set()

    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(st.data())
    def take(data):
        with suppress(StudioError):
            command = make(data.draw, worked_on())
            if command is not None:
                found.update(type(one) for one in parts(command))

    take()
    return found


@pytest.mark.parametrize("name", command_steps.STEPS)
def test_every_step_is_taken_back_and_done_again(name):
    taken = []

    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(st.data())
    def take(data):
        document = worked_on()
        start = painters.state(document)
        try:
            command = command_steps.STEPS[name](data.draw, document)
        except StudioError:
            return
        if command is None:
            return
        command.apply(document)
        taken.append(command)
        end, size = painters.state(document), command.size_bytes
        for _round in range(2):
            command.revert(document)
            assert painters.state(document) == start
            command.apply(document)
            assert painters.state(document) == end and command.size_bytes == size

    take()
    assert taken, "it was never possible"
