"""Who renders, reads photos and trains: the program itself, or a Python environment that the person chose."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.photo.external_engine import EngineLost, ExternalEngine
from oasis_studio.core.work.jobs import Job, Progress, Workshop
from oasis_studio.core.work.request import Renderer, SynthesisRequest, SynthesisResult

log = logging.getLogger(__name__)


class EngineChoice(QObject):
    """:meth:`open_renderer` and :meth:`open_workshop` stand in the place of the program's own two functions.

    What they open follows the choice from one question to the next. An environment that fails is given up until it
    is chosen again, and the program does the work by itself; no question is lost by it.
    """

    changed = Signal()
    """Another one renders from now on."""
    given_up = Signal(object)
    """EngineLost: why. May be emitted in any thread."""

    def __init__(
        self,
        open_renderer: Callable[[], Renderer],
        open_workshop: Callable[[], Workshop],
        python: str = "",
        start: Callable[[str], ExternalEngine] = ExternalEngine,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_own_renderer, self._open_own_workshop = open_renderer, open_workshop
        self._start = start
        self._python = python
        self._lock = Lock()
        self._engines: list[ExternalEngine] = []

    @property
    def python(self) -> str:
        """The interpreter of the chosen environment, "" for the program itself."""
        return self._python

    def choose(self, python: str) -> None:
        """Use this interpreter from now on; the same one again starts it anew if it was given up."""
        if python != self._python:
            self._python = python
            self.changed.emit()

    def open_renderer(self) -> Renderer:
        """Called in the thread that will render, which may take long."""
        return _ChosenRenderer(self)

    def open_workshop(self) -> Workshop:
        return _ChosenWorkshop(self)

    def close(self) -> None:
        """End the processes that are left; nothing is asked any more."""
        with self._lock:
            engines, self._engines = self._engines, []
        for engine in engines:
            engine.close()

    # -- for the two below, in their threads ----------------------------------------------------------------------

    def own_renderer(self) -> Renderer:
        return self._open_own_renderer()

    def own_workshop(self) -> Workshop:
        return self._open_own_workshop()

    def start_engine(self, python: str) -> ExternalEngine:
        """A process of that environment; EngineLost if it does not start."""
        engine = self._start(python)
        with self._lock:
            self._engines.append(engine)
        return engine

    def end_engine(self, engine: ExternalEngine) -> None:
        with self._lock:
            if engine in self._engines:
                self._engines.remove(engine)
        engine.close()

    def give_up(self, python: str, error: EngineLost) -> None:
        """That environment failed: the program does its work, until it is chosen again. Told once."""
        with self._lock:
            is_news = python == self._python
            if is_news:
                self._python = ""
        if is_news:
            log.warning("given up: %s", error)
            self.given_up.emit(error)


class _Chosen:
    """Keeps at most one process, of the environment that is chosen now."""

    def __init__(self, choice: EngineChoice) -> None:
        self._choice = choice
        self._engine: ExternalEngine | None = None
        self._python = ""

    def external(self) -> ExternalEngine | None:
        """The process of the chosen environment; None where the program itself is chosen, or has to step in."""
        python = self._choice.python
        if self._engine is not None and python != self._python:
            self._choice.end_engine(self._engine)
            self._engine = None
        if not python:
            return None
        if self._engine is None:
            self._python = python
            try:
                self._engine = self._choice.start_engine(python)
            except EngineLost as error:
                self._choice.give_up(python, error)
        return self._engine

    def lose(self, error: EngineLost) -> None:
        """The process ended while it worked."""
        self._choice.give_up(self._python, error)
        self.external()  # closes it


class _ChosenRenderer(_Chosen):
    """A :class:`~oasis_studio.core.work.request.Renderer`; opens the one that is chosen at once."""

    def __init__(self, choice: EngineChoice) -> None:
        super().__init__(choice)
        self._own: Renderer | None = None
        if self.external() is None:
            self._own = choice.own_renderer()

    def render(self, request: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        engine = self.external()
        if engine is not None:
            self._own = None  # its memory is worth more than the second of opening it again
            try:
                return engine.render(request, is_stale)
            except EngineLost as error:
                self.lose(error)
        if self._own is None:
            self._own = self._choice.own_renderer()
        return self._own.render(request, is_stale)


class _ChosenWorkshop(_Chosen):
    """A :class:`~oasis_studio.core.work.jobs.Workshop`."""

    def __init__(self, choice: EngineChoice) -> None:
        super().__init__(choice)
        self._own: Workshop | None = None

    def work(self, job: Job, progress: Progress, is_stale: Callable[[], bool]) -> object:
        engine = self.external()
        if engine is not None:
            try:
                return engine.work(job, progress, is_stale)
            except EngineLost as error:
                self.lose(error)
        if self._own is None:
            self._own = self._choice.own_workshop()
        return self._own.work(job, progress, is_stale)
