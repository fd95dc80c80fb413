import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from oasis_studio.core.history.commands import SetSeed
from oasis_studio.core.history.history import Change, History
from tests.core import painters


class _Weight:
    """A step that only weighs something."""

    title = "weight"

    def __init__(self, size_bytes):
        self.size_bytes = size_bytes

    def apply(self, document):
        return Change()

    def revert(self, document):
        return Change()


@pytest.fixture
def document():
    return painters.document()


def test_a_new_history_is_clean_and_empty(document):
    history = History()
    assert history.is_clean and not history.can_undo and not history.can_redo
    assert history.undo_title == history.redo_title == ""


def test_undo_back_to_the_saved_state_is_clean_again(document):
    history = History()
    history.do(SetSeed(1), document)
    history.mark_saved()
    history.do(SetSeed(2), document)
    assert not history.is_clean
    history.undo(document)
    assert history.is_clean and document.seed == 1


def test_a_saved_state_on_a_lost_redo_branch_never_counts_as_clean(document):
    history = History()
    history.do(SetSeed(1), document)
    history.mark_saved()
    history.undo(document)
    history.do(SetSeed(2), document)
    assert not history.is_clean
    history.undo(document)
    assert not history.is_clean


def test_a_forgotten_saved_state_never_counts_as_clean(document):
    history = History(limit_bytes=100)
    history.mark_saved()
    for _step in range(3):
        history.do(_Weight(60), document)
    while history.can_undo:
        history.undo(document)
        assert not history.is_clean


def test_the_state_before_the_oldest_step_is_still_clean_when_it_was_saved(document):
    history = History(limit_bytes=100)
    history.do(_Weight(60), document)
    history.mark_saved()
    history.do(_Weight(60), document)
    assert history.undo_count == 1
    history.undo(document)
    assert history.is_clean


def test_the_newest_step_stays_even_if_it_is_heavier_than_the_limit(document):
    history = History(limit_bytes=10)
    history.do(_Weight(60), document)
    assert history.can_undo


class HistoryMachine(RuleBasedStateMachine):
    """Against a model that knows every state by the number it was given when it came up."""

    LIMIT = 50

    @initialize()
    def start(self):
        self.document = painters.document()
        self.history = History(self.LIMIT)
        self.states, self.steps, self.at, self.saved, self.next = [0], [], 0, 0, 1

    @rule(size=st.integers(0, 30))
    def do(self, size):
        self.history.do(_Weight(size), self.document)
        del self.states[self.at + 1 :], self.steps[self.at :]
        self.states.append(self.next)
        self.steps.append(size)
        self.next += 1
        self.at += 1
        while len(self.steps) > 1 and sum(self.steps) > self.LIMIT:
            del self.states[0], self.steps[0]
            self.at -= 1

    @precondition(lambda self: self.at > 0)
    @rule()
    def undo(self):
        self.history.undo(self.document)
        self.at -= 1

    @precondition(lambda self: self.at < len(self.steps))
    @rule()
    def redo(self):
        self.history.redo(self.document)
        self.at += 1

    @rule()
    def save(self):
        self.history.mark_saved()
        self.saved = self.states[self.at]

    @invariant()
    def agrees(self):
        assert self.history.is_clean == (self.states[self.at] == self.saved)
        assert self.history.undo_count == self.at
        assert self.history.can_redo == (self.at < len(self.steps))
        assert self.history.size_bytes == sum(self.steps)


HistoryMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestHistoryMachine = HistoryMachine.TestCase


def test_what_happens_while_a_file_is_written_counts_as_unsaved(document):
    history = History()
    history.do(SetSeed(1), document)
    history.begin_saving()
    history.do(SetSeed(2), document)
    history.end_saving(is_saved=True)
    assert not history.is_clean
    history.undo(document)
    assert history.is_clean
    history.begin_saving()
    history.undo(document)
    history.do(SetSeed(3), document)  # no way leads back to what is being written
    history.end_saving(is_saved=True)
    history.undo(document)
    assert not history.is_clean
    history.begin_saving()
    history.end_saving(is_saved=False)
    assert not history.is_clean
