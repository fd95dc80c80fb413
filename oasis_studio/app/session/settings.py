"""What the program remembers about a person's preferences: one TOML file."""

from __future__ import annotations

import logging
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import tomli_w

from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.errors import StudioError
from oasis_studio.i18n import LANGUAGES, _
from oasis_studio.paths import home

log = logging.getLogger(__name__)

MOST_RECENT_FILES = 8

STACKINGS = ("auto", "beside", "above")
"""How the canvases lie: as the drawing is largest, side by side, or one above the other."""
THEMES = ("dark", "light", "contrast", "contrast-light", "system")
_OF_THIS_START = ("is_temporary", "trouble")
RANGES = {"autosave_seconds": (10, 3600), "undo_megabytes": (32, 16384)}
"""Least and most of settings that are numbers."""


@dataclass
class Settings:
    """Preferences. Unknown keys of the file are dropped, values of the wrong type keep their default."""

    theme: str = "dark"
    """One of THEMES."""
    language: str = ""
    """Language code, "" for the system's."""
    reduce_motion: bool = False
    brush_size: int = 40
    has_pixel_grid: bool = True
    canvas_stacking: str = "auto"
    """One of STACKINGS."""
    wheel_zooms: bool = False
    """Does the wheel zoom over the labels, and not size the brush?"""
    has_rulers: bool = False
    safe_colors: bool = False
    """Show the classes in colours that colour-blind people tell apart."""
    patterns: bool = False
    """Mark the classes with hatch patterns."""
    autosave_seconds: int = 60
    undo_megabytes: int = 512
    keeps_results: bool = True
    """Keep the photos of new seeds, styles and models by themselves."""
    lossless_results: bool = False
    """As PNG, not as JPEG."""
    has_seen_tour: bool = False
    shortcuts: dict[str, list[str]] = field(default_factory=dict)
    """Keys of actions, by id, where the person changed them."""
    recent_files: list[str] = field(default_factory=list)
    recent_data: list[str] = field(default_factory=list)
    """Folders with labelled photos."""
    folders: dict[str, str] = field(default_factory=dict)
    """Where files were read or written last, by what they are for."""
    data_places: dict[str, str] = field(default_factory=dict)
    """Folders of photos that are being labelled, and the name of the photo where the person was."""
    python: str = ""
    """Interpreter of the environment that renders and trains; "" for the program itself."""
    trouble: str = field(default="", compare=False)
    """What is wrong with the file, in a sentence; it is not stored, and the file is kept aside."""
    is_temporary: bool = False
    """Nothing of these is stored: the program was started with its defaults, and the person's own are to stay."""

    def remember(self, path: Path) -> None:
        """Put ``path`` first among the recent files."""
        text = str(path.resolve())
        self.recent_files = [text, *(old for old in self.recent_files if old != text)][:MOST_RECENT_FILES]

    def remember_data(self, path: Path) -> None:
        """Put ``path`` first among the folders with labelled photos."""
        text = str(path.resolve())
        self.recent_data = [text, *(old for old in self.recent_data if old != text)][:MOST_RECENT_FILES]

    def forget(self, path: Path) -> None:
        """Take ``path`` off the recent files."""
        gone = {str(path), str(path.resolve())}
        self.recent_files = [old for old in self.recent_files if old not in gone]


def settings_file() -> Path:
    """The TOML file that keeps the preferences."""
    return home("settings") / "settings.toml"


def read_settings(path: Path | None = None) -> Settings:
    """The stored preferences; the defaults where there are none, or (``trouble`` says so) the file is damaged."""
    path = path or settings_file()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, ValueError) as error:
        log.warning("settings in %s are not readable, using the defaults: %s", path, error)
        text = _("The preferences cannot be read, so the defaults are used. The file is kept as {path}.")
        return Settings(trouble=text.format(path=_aside(path)))
    return Settings(**_fitting(data))


def _fitting(data: dict[str, Any]) -> dict[str, Any]:
    """The entries of ``data`` that are settings, of the right type and in their range."""
    defaults = asdict(Settings())
    known = {entry.name for entry in fields(Settings)} - set(_OF_THIS_START)
    fitting = {key: value for key, value in data.items() if key in known and type(value) is type(defaults[key])}
    for key in ("recent_files", "recent_data"):
        if not _are_texts(fitting.get(key, [])):
            del fitting[key]
    for key in ("data_places", "folders"):
        if not _are_texts(list(fitting.get(key, {}).values())):
            del fitting[key]
    if not all(isinstance(keys, list) and _are_texts(keys) for keys in fitting.get("shortcuts", {}).values()):
        del fitting["shortcuts"]
    if fitting.get("theme") not in THEMES:
        fitting.pop("theme", None)
    if fitting.get("canvas_stacking") not in STACKINGS:
        fitting.pop("canvas_stacking", None)
    if fitting.get("language") not in LANGUAGES:
        fitting.pop("language", None)
    for key, (low, high) in RANGES.items():
        if key in fitting:
            fitting[key] = max(low, min(fitting[key], high))
    return fitting


def _aside(path: Path) -> Path:
    """Where a file that cannot be read is kept."""
    return path.with_name(f"{path.stem}.broken{path.suffix}")


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def write_settings(settings: Settings, path: Path | None = None) -> None:
    """Store what differs from the defaults, so that better defaults of a later version reach the person.

    A failure is logged and nothing more, since no work is lost by it.
    """
    if settings.is_temporary:
        return
    path = path or settings_file()
    defaults = asdict(Settings())
    chosen = {
        key: value for key, value in asdict(settings).items() if value != defaults[key] and key not in _OF_THIS_START
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if settings.trouble and path.exists():
            path.replace(_aside(path))
        settings.trouble = ""
        write_atomically(path, lambda stream: tomli_w.dump(chosen, stream))
    except (OSError, StudioError) as error:
        log.warning("settings could not be stored in %s: %s", path, error)
