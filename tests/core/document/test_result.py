"""Which results stay, and what is done with them while new ones come in beside the history."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from oasis_studio.core.document import result as rules
from oasis_studio.core.document.result import MOST_PASSING, Result, kept
from oasis_studio.core.history.history import History
from oasis_studio.core.history.result_commands import ChangeResults, RemoveResults
from tests.core import painters


def result(number=0, size=10, **how):
    return Result(b"x" * size, b"", str(number), 40, 32, number, "outdoor", "Outdoor", "", number, ("sky",), **how)


def filled(*results):
    shelf = ()
    for each in results:
        shelf = kept(shelf, each)
    return shelf


def test_the_oldest_that_the_program_kept_go_and_all_others_stay():
    others = [result(1), result(2, is_automatic=True, is_starred=True), result(3, is_automatic=True, name="evening")]
    passing = [result(number, is_automatic=True) for number in range(10, 10 + MOST_PASSING + 5)]
    assert filled(*others, *passing) == (*others, *passing[5:])
    assert filled(*passing, *others) == (*passing[5:], *others)


def test_they_are_limited_in_bytes_too_but_the_newest_is_always_there(monkeypatch):
    monkeypatch.setattr(rules, "MOST_PASSING_BYTES", 100)
    small, large = [result(number, 30, is_automatic=True) for number in range(4)], result(9, 500, is_automatic=True)
    assert filled(*small) == tuple(small[1:])
    assert filled(*small, large) == (large,)
    mine = result(8, 1000)
    assert filled(*small[:3], mine) == (*small[:3], mine), "what a person kept takes nothing from them"


class Shelf(RuleBasedStateMachine):
    """Steps by the ids of results, undone and redone in any order, while others come in and oldest ones go.

    What is expected: of every result that is there, the star and the name that the steps done give it.
    """

    @initialize()
    def start(self):
        self.document, self.history, self.done, self.undone = painters.document(), History(), [], []
        self.ever = {}

    @rule(is_automatic=st.booleans())
    def keep(self, is_automatic):
        new = result(len(self.ever), is_automatic=is_automatic)
        self.ever[new.id] = new
        self.document.results = kept(self.document.results, new)

    @precondition(lambda self: self.document.results)
    @rule(data=st.data(), star=st.sampled_from([None, True, False]), name=st.sampled_from([None, "", "a"]))
    def change(self, data, star, name):
        ids = self._some(data)
        self._do(ChangeResults(ids, "Change", star, name), ("change", ids, star, name))

    @precondition(lambda self: self.document.results)
    @rule(data=st.data())
    def remove(self, data):
        ids = self._some(data)
        self._do(RemoveResults(ids), ("remove", ids))

    @precondition(lambda self: self.done)
    @rule()
    def undo(self):
        assert self.history.undo(self.document).results
        self.undone.append(self.done.pop())

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self):
        assert self.history.redo(self.document).results
        self.done.append(self.undone.pop())

    @invariant()
    def are_as_the_steps_say(self):
        expected = dict(self.ever)
        for kind, ids, *values in self.done:
            for gone in ids:
                old = expected[gone]
                if kind == "remove":
                    expected[gone] = replace(old, name="gone")
                elif old.name != "gone":
                    star, name = values
                    expected[gone] = replace(
                        old,
                        is_starred=old.is_starred if star is None else star,
                        name=old.name if name is None else name,
                    )
        there = {each.id: each for each in self.document.results}
        for key, each in expected.items():
            if each.name == "gone":
                assert key not in there
            elif key in there:
                assert (there[key].name, there[key].is_starred) == (each.name, each.is_starred)
            else:
                assert each.is_automatic, "only what the program kept may have been pushed out"
        assert list(there) == sorted(there), "the order never changes"

    def _do(self, command, told):
        self.history.do(command, self.document)
        self.done.append(told)
        self.undone.clear()

    def _some(self, data):
        ids = [each.id for each in self.document.results]
        return data.draw(st.frozensets(st.sampled_from(ids), min_size=1, max_size=3))


@pytest.mark.parametrize("most", [3, 50])
def test_steps_hold_while_results_come_and_go(monkeypatch, most):
    monkeypatch.setattr(rules, "MOST_PASSING", most)
    run_state_machine_as_test(
        Shelf, settings=settings(max_examples=60, stateful_step_count=25, deadline=None, derandomize=True)
    )


def test_a_photo_that_was_kept_is_unsaved_work_whatever_is_undone():
    history, document = History(), painters.document()
    history.begin_saving()
    history.mark_unsaved()
    history.end_saving(True)
    assert not history.is_clean, "it came in while the file was written"
    history.mark_saved()
    command = RemoveResults(frozenset())
    history.do(command, document)
    history.undo(document)
    assert history.is_clean
