"""Icons: Material Design 6, one weight, tinted by role."""

from __future__ import annotations

import qtawesome
from PySide6.QtGui import QIcon

from oasis_studio.ui.widgets import theme

TOOL_ICON = 20
SMALL_ICON = 16


def icon(name: str, role: str = "text") -> QIcon:
    """The icon ``mdi6.<name>`` in the colour of ``role``; dimmed where disabled."""
    roles = theme.roles()
    return qtawesome.icon(f"mdi6.{name}", color=getattr(roles, role), color_disabled=roles.line)
