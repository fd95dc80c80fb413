"""Every tool can be found: it has an action with a key, a name and a sentence of help."""

from __future__ import annotations

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.ui.bars.tool_texts import tool_names, tool_tip
from tests.ui.desk import Desk


def test_every_tool_has_an_action_with_a_key_a_name_and_help(desk: Desk) -> None:
    actions = desk.window.actions_by_id
    assert set(tool_names()) == set(ToolKind)
    for kind in ToolKind:
        action = actions[f"tool.{kind.value}"]
        assert actions.keys(f"tool.{kind.value}") and not action.icon().isNull() and tool_tip(kind), kind
        action.trigger()
        assert desk.session.tool is kind
