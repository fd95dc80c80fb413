"""The tools of the tool column."""

from __future__ import annotations

from enum import StrEnum

from oasis_studio.core.tools import (
    BrushTool,
    EllipseTool,
    EraserTool,
    FillTool,
    LineTool,
    RectangleTool,
    Tool,
)


class ToolKind(StrEnum):
    """What a press on the label canvas does."""

    BRUSH = "brush"
    ERASER = "eraser"
    LINE = "line"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    FILL = "fill"
    PICK = "pick"
    HAND = "hand"

    @property
    def has_tip(self) -> bool:
        """Does its mark depend on the brush size?"""
        return self in (ToolKind.BRUSH, ToolKind.ERASER, ToolKind.LINE)

    @property
    def is_shape(self) -> bool:
        """Is it drawn from one point to another?"""
        return self in (ToolKind.LINE, ToolKind.RECTANGLE, ToolKind.ELLIPSE)

    @property
    def paints(self) -> bool:
        return self not in (ToolKind.PICK, ToolKind.HAND)


def open_tool(kind: ToolKind, contiguous: bool = True) -> Tool:
    """A fresh painting tool; ValueError for a kind that does not paint."""
    if kind is ToolKind.FILL:
        return FillTool(contiguous=contiguous)
    tools: dict[ToolKind, type[Tool]] = {
        ToolKind.BRUSH: BrushTool,
        ToolKind.ERASER: EraserTool,
        ToolKind.LINE: LineTool,
        ToolKind.RECTANGLE: RectangleTool,
        ToolKind.ELLIPSE: EllipseTool,
    }
    if kind not in tools:
        raise ValueError(f"{kind} does not paint")
    return tools[kind]()
