"""Painting tools: from a press to a release they write into one layer and return one command."""

from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.core.tools.fill import FillTool
from oasis_studio.core.tools.path import LassoTool, PathTool, PolygonTool, PolylineTool
from oasis_studio.core.tools.stroke import BrushTool, EllipseTool, EraserTool, LineTool, RectangleTool
from oasis_studio.core.tools.tool import Tool, ToolOptions

__all__ = [
    "BrushTool",
    "EllipseTool",
    "EraserTool",
    "FillTool",
    "LassoTool",
    "LineTool",
    "PathTool",
    "PolygonTool",
    "PolylineTool",
    "RectangleTool",
    "Tip",
    "Tool",
    "ToolOptions",
]
