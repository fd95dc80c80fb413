"""What the brush says of classes: the one in hand, and the one under the pointer."""

from __future__ import annotations

import math

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.ui.canvas.brush_cursor import Tag


def tag_at(session: Session, pointer: tuple[float, float], is_inside: bool) -> Tag:
    """The tag for a pointer in document pixels; beyond the document nothing but the colour in hand is known."""
    text, swatch = _described(session, session.label) if _paints_class(session.tool) else ("", "")
    if not is_inside:
        return Tag(ring=swatch)
    x, y = pointer
    below, below_swatch = _described(session, int(session.labels_HW[math.floor(y), math.floor(x)]))
    return Tag(text, swatch, below, below_swatch, swatch) if text else Tag(below, below_swatch)


def _paints_class(tool: ToolKind) -> bool:
    return tool.paints and tool is not ToolKind.ERASER


def _described(session: Session, label: int) -> tuple[str, str]:
    """Name and colour of a class; of a number that is none the number, and no colour."""
    palette = session.document.palette
    if label >= len(palette):
        return str(label), ""
    return palette.classes[label].title, session.look.hex(palette, label)
