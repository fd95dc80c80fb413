"""The colours of the window, by what they are for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Roles:
    """Colours as #rrggbb. Class colours are data and never among them."""

    window: str
    panel: str
    raised: str
    hover: str
    line: str
    canvas: str
    text: str
    dim: str
    accent: str
    on_accent: str
    selected: str
    warning: str
    danger: str
    good: str


DARK = Roles(
    window="#1b1c1f",
    panel="#232529",
    raised="#2d3035",
    hover="#383c43",
    line="#34373d",
    canvas="#141517",
    text="#e6e7ea",
    dim="#969ca6",
    accent="#5b9bff",
    on_accent="#0d1626",
    selected="#28354c",
    warning="#e0a030",
    danger="#e5534b",
    good="#7fd18a",
)

LIGHT = Roles(
    window="#e6e8ec",
    panel="#f7f8fa",
    raised="#ffffff",
    hover="#e9edf3",
    line="#cdd2da",
    canvas="#d5d8dd",
    text="#1e2126",
    dim="#5c636e",
    accent="#1f66d6",
    on_accent="#ffffff",
    selected="#d5e3fb",
    warning="#8a5a00",
    danger="#bf2f28",
    good="#1d7436",
)

THEMES = {"dark": DARK, "light": LIGHT}
