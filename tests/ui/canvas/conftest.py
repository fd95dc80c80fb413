from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.tool_kind import ToolKind
from tests.app import scene
from tests.ui.canvas.interruptions import INTERRUPTIONS
from tests.ui.desk import Desk


@pytest.fixture
def saved(desk: Desk, tmp_path: Path, qtbot: QtBot) -> Desk:
    desk.window.files._write(tmp_path / "yard.oasis")
    qtbot.waitUntil(lambda: not desk.studio.jobs.is_busy)
    return desk


@pytest.fixture
def afresh(saved: Desk, qtbot: QtBot) -> Iterator[str]:
    """The names of all interruptions, each with a blank drawing."""

    def names() -> Iterator[str]:
        path = saved.session.path
        for name in INTERRUPTIONS:
            saved.session.open(scene.document(), path)
            saved.session.choose_tool(ToolKind.BRUSH)
            saved.view.fit()
            yield name
            qtbot.waitUntil(lambda: not saved.studio.jobs.is_busy)

    return names()
