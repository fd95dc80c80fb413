"""The tools of the tool column."""

from __future__ import annotations

from enum import StrEnum

from oasis_studio.core.tools import (
    BrushTool,
    EllipseTool,
    EraserTool,
    FillTool,
    LassoTool,
    LineTool,
    PolygonTool,
    PolylineTool,
    RectangleTool,
    Tool,
)


class ToolKind(StrEnum):
    """What a press on the label canvas does."""

    BRUSH = "brush"
    ERASER = "eraser"
    LINE = "line"
    POLYLINE = "polyline"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"
    LASSO = "lasso"
    FILL = "fill"
    PICK = "pick"
    SELECT_BOX = "select_box"
    SELECT_LASSO = "select_lasso"
    SELECT_REGION = "select_region"
    WAND = "wand"
    MOVE = "move"
    HAND = "hand"
    STYLE_BRUSH = "style_brush"
    GRADIENT = "gradient"
    CUT = "cut"

    @property
    def has_tip(self) -> bool:
        """Does its mark depend on the brush size?"""
        return self in (ToolKind.BRUSH, ToolKind.ERASER, ToolKind.LINE, ToolKind.POLYLINE, ToolKind.STYLE_BRUSH)

    @property
    def is_freehand(self) -> bool:
        return self in (ToolKind.BRUSH, ToolKind.ERASER)

    @property
    def is_path(self) -> bool:
        """Is it drawn with many clicks?"""
        return self in (ToolKind.POLYLINE, ToolKind.POLYGON)

    @property
    def is_shape(self) -> bool:
        """Is it drawn from one point to another?"""
        return self in (ToolKind.LINE, ToolKind.RECTANGLE, ToolKind.ELLIPSE)

    @property
    def draws_boxes(self) -> bool:
        """Do the pixels under both ends belong to what it draws?"""
        return self in (ToolKind.RECTANGLE, ToolKind.ELLIPSE, ToolKind.SELECT_BOX)

    @property
    def aims(self) -> bool:
        """Do its points go to guides that are near?"""
        return self.is_shape or self.is_path or self.draws_boxes

    @property
    def selects(self) -> bool:
        return self in (ToolKind.SELECT_BOX, ToolKind.SELECT_LASSO, ToolKind.SELECT_REGION, ToolKind.WAND)

    @property
    def styles(self) -> bool:
        """Does it change the look or the parts of a region, not its labels?"""
        return self in (ToolKind.STYLE_BRUSH, ToolKind.GRADIENT, ToolKind.CUT)

    @property
    def paints(self) -> bool:
        return not self.selects and not self.styles and self not in (ToolKind.PICK, ToolKind.HAND, ToolKind.MOVE)


def open_tool(kind: ToolKind, contiguous: bool = True) -> Tool:
    """A fresh painting tool; ValueError for a kind that does not paint."""
    if kind is ToolKind.FILL:
        return FillTool(contiguous=contiguous)
    tools: dict[ToolKind, type[Tool]] = {
        ToolKind.BRUSH: BrushTool,
        ToolKind.ERASER: EraserTool,
        ToolKind.LINE: LineTool,
        ToolKind.POLYLINE: PolylineTool,
        ToolKind.RECTANGLE: RectangleTool,
        ToolKind.ELLIPSE: EllipseTool,
        ToolKind.POLYGON: PolygonTool,
        ToolKind.LASSO: LassoTool,
    }
    if kind not in tools:
        raise ValueError(f"{kind} does not paint")
    return tools[kind]()
