"""What the tools are called, and what helps to use them."""

from __future__ import annotations

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.i18n import _


def tool_names() -> dict[ToolKind, str]:
    return {
        ToolKind.BRUSH: _("Brush"),
        ToolKind.ERASER: _("Eraser"),
        ToolKind.LINE: _("Line"),
        ToolKind.POLYLINE: _("Polyline"),
        ToolKind.RECTANGLE: _("Rectangle"),
        ToolKind.ELLIPSE: _("Ellipse"),
        ToolKind.POLYGON: _("Polygon"),
        ToolKind.LASSO: _("Lasso"),
        ToolKind.FILL: _("Fill"),
        ToolKind.PICK: _("Pick class"),
        ToolKind.SELECT_BOX: _("Select rectangle"),
        ToolKind.SELECT_LASSO: _("Select with lasso"),
        ToolKind.SELECT_REGION: _("Select region"),
        ToolKind.WAND: _("Magic wand"),
        ToolKind.MOVE: _("Move"),
        ToolKind.HAND: _("Hand"),
        ToolKind.STYLE_BRUSH: _("Style brush"),
        ToolKind.GRADIENT: _("Style gradient"),
        ToolKind.CUT: _("Cut region"),
    }


def tool_tip(tool: ToolKind) -> str:
    """A sentence for the status line."""
    if tool.is_path:
        return _("Click corner by corner · Enter or double click ends · Backspace takes one back · Esc cancels")
    if tool.is_shape:
        return _("Hold Shift for straight angles · Ctrl subtracts · Esc takes it back")
    if tool is ToolKind.WAND:
        return _("Selects what looks alike in the reference photo · Shift adds · Ctrl subtracts")
    if tool.selects:
        return _("Shift adds · Ctrl subtracts · both keep what is in both")
    tips = {
        ToolKind.LASSO: _("Draw around what you want to fill · Ctrl subtracts"),
        ToolKind.FILL: _("Fills what hangs together · Alt-click picks a class"),
        ToolKind.PICK: _("Click a class to paint with it"),
        ToolKind.MOVE: _("Drag to move · edges scale · beyond the corners turns · Enter applies · Esc cancels"),
        ToolKind.HAND: _("Drag to move · wheel: zoom"),
        ToolKind.STYLE_BRUSH: _("Brushes the second style over a region · Ctrl wipes it off · wheel: brush size"),
        ToolKind.GRADIENT: _("Drag from the region's own style to the second one · Ctrl makes it round"),
        ToolKind.CUT: _("Draw a line through a region: its parts get styles of their own"),
    }
    return tips.get(tool, _("Wheel: brush size · Ctrl+wheel: zoom · hold Space to pan"))
