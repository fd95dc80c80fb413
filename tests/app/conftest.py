from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oasis_studio.app.photo.synthesis_thread import SynthesisThread
from oasis_studio.app.session.session import Session
from oasis_studio.core.work.request import Renderer
from tests.app import scene


@pytest.fixture
def session(tmp_path: Path, qapp: object) -> Session:
    return Session(scene.library(tmp_path / "models"), scene.document())


@pytest.fixture
def open_thread(qapp: object) -> Iterator[Callable[[Callable[[], Renderer]], SynthesisThread]]:
    """Starts rendering threads and ends them after the test."""
    opened: list[SynthesisThread] = []

    def open_one(open_renderer: Callable[[], Renderer]) -> SynthesisThread:
        opened.append(SynthesisThread(open_renderer))
        opened[-1].start()
        return opened[-1]

    yield open_one
    for thread in opened:
        assert thread.close()
