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
    outline: str = "transparent"
    """Around what is chosen or under the mouse, in the themes where shades do not tell."""

    @property
    def has_outlines(self) -> bool:
        return self.outline != "transparent"


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

CONTRAST = Roles(
    window="#000000",
    panel="#000000",
    raised="#000000",
    hover="#262626",
    line="#999999",
    canvas="#000000",
    text="#ffffff",
    dim="#e4e4e4",
    accent="#4de1ff",
    on_accent="#000000",
    selected="#002a42",
    warning="#ffc14d",
    danger="#ffa59d",
    good="#7dff9b",
    outline="#ffffff",
)

CONTRAST_LIGHT = Roles(
    window="#ffffff",
    panel="#ffffff",
    raised="#ffffff",
    hover="#e4e4e4",
    line="#595959",
    canvas="#ffffff",
    text="#000000",
    dim="#262626",
    accent="#0039a6",
    on_accent="#ffffff",
    selected="#d9eaff",
    warning="#5c3a00",
    danger="#8f0f0a",
    good="#00521f",
    outline="#000000",
)

THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST, "contrast-light": CONTRAST_LIGHT}
