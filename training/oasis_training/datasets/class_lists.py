"""Class lists as files: what people keep beside their label maps."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oasis_studio.core.classes.lists import no_list, shipped_list
from oasis_studio.core.classes.palette import Palette, name_key
from oasis_studio.core.disk.whole_files import read_json, read_table, read_text
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import ClassList, DatasetClass

_NO_CLASS_NAMES = {"void", "unlabelled", "unlabeled", "ignore", "__ignore__", "_background_", "dont_care", "none"}


def find_class_list(folder: Path) -> ClassList | None:
    """The class list in ``folder``, whichever of the usual names it has, or None."""
    for name, read in _READERS.items():
        path = folder / name
        if path.is_file():
            return read_class_list(path, read)
    return None


def read_class_list(path: Path, read: Callable[[Path], ClassList] | None = None) -> ClassList:
    """The class list in a file: JSON of this program, CSV, CamVid's, CVAT's or one name a line; StudioError if none."""
    known = read or _READERS.get(path.name)
    if known is None:
        known = {".json": _from_json, ".csv": _from_csv}.get(path.suffix.lower(), _from_lines)
    try:
        found = known(path)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise StudioError(
            _("{path} is no class list: every class needs a name, an id and perhaps a colour.").format(path=path),
            detail=repr(error),
        ) from error
    ids = [entry.id for entry in found.classes]
    if not ids or len(set(ids)) != len(ids) or not all(0 <= number < 65534 for number in ids):
        raise StudioError(_("{path} is no class list: every class needs an id of its own.").format(path=path))
    return found


def named_class_list(name: str) -> ClassList:
    """A list that ships with the program by its name, or one in a file."""
    shipped = shipped_list(name)
    if shipped is not None:
        return from_palette(shipped)
    if not Path(name).is_file():
        raise no_list(name)
    return read_class_list(Path(name))


def from_palette(palette: Palette) -> ClassList:
    """The classes of a palette; its don't-care class means "not labelled"."""
    return ClassList(
        tuple(DatasetClass(c.id, c.name, c.color) for c in palette.classes if c.id != palette.dont_care),
        palette.dont_care,
    )


def parse_color(text: Any) -> tuple[int, int, int] | None:
    """``#rrggbb`` or three numbers as RGB; None for nothing. ValueError for anything else."""
    if text is None or text == "":
        return None
    if isinstance(text, str):
        match = re.fullmatch(r"#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", text.strip())
        if match is None:
            raise ValueError(_("{text} is no colour").format(text=text))
        return int(match[1], 16), int(match[2], 16), int(match[3], 16)
    red, green, blue = (int(channel) for channel in text)
    if not all(0 <= channel <= 255 for channel in (red, green, blue)):
        raise ValueError(_("{text} is no colour").format(text=text))
    return red, green, blue


def without_names(classes: list[DatasetClass]) -> ClassList:
    """The list; a class whose name says that it is none becomes the id of "not labelled"."""
    none = next((entry for entry in classes if name_key(entry.name) in _NO_CLASS_NAMES), None)
    return ClassList(tuple(entry for entry in classes if entry is not none), none.id if none else None)


def _from_json(path: Path) -> ClassList:
    data = read_json(path)
    if isinstance(data, list) and all(isinstance(name, str) for name in data):
        return without_names([DatasetClass(index, name) for index, name in enumerate(data)])
    none = data.get("dont_care") if isinstance(data, dict) else None
    none = None if none is None else int(none)
    entries = data["classes"] if isinstance(data, dict) else data
    classes = tuple(
        DatasetClass(int(entry["id"]), str(entry["name"]), parse_color(entry.get("color"))) for entry in entries
    )
    return ClassList(tuple(entry for entry in classes if entry.id != none), none)


def _from_csv(path: Path) -> ClassList:
    """``name,r,g,b`` with a title line, as CamVid's ``class_dict.csv`` has it; ids are the order."""
    rows = [{key.lower(): value for key, value in row.items()} for row in read_table(path)]
    classes = []
    for index, row in enumerate(rows):
        color = parse_color((row["r"], row["g"], row["b"])) if "r" in row else parse_color(row.get("color"))
        classes.append(DatasetClass(int(row.get("id") or index), (row.get("name") or row["class"]).strip(), color))
    return without_names(classes)


def _from_camvid(path: Path) -> ClassList:
    """``64 128 64 <tabs> Animal`` a line; ids are the order."""
    classes = []
    for line in read_text(path).splitlines():
        match = re.fullmatch(r"\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S.*?)\s*", line)
        if match:
            classes.append(DatasetClass(len(classes), match[4], parse_color((match[1], match[2], match[3]))))
    return without_names(classes)


def _from_cvat(path: Path) -> ClassList:
    """``label:r,g,b:parts:actions`` a line; CVAT's background is what nobody labelled."""
    classes = []
    for line in read_text(path).splitlines():
        if line.strip() and not line.startswith("#"):
            name, color = line.split(":")[:2]
            classes.append(DatasetClass(len(classes), name.strip(), parse_color(color.split(","))))
    none = next((entry for entry in classes if name_key(entry.name) == "background"), None)
    return ClassList(tuple(entry for entry in classes if entry is not none), none.id if none else None)


def _from_lines(path: Path) -> ClassList:
    """One name a line, with or without its number before it (``3: sky``)."""
    classes = []
    for line in read_text(path).splitlines():
        match = re.fullmatch(r"\s*(?:(\d+)\s*[:,;\t]\s*)?(\S.*?)\s*", line)
        if match:
            classes.append(DatasetClass(int(match[1]) if match[1] else len(classes), match[2]))
    return without_names(classes)


_READERS: dict[str, Callable[[Path], ClassList]] = {
    "classes.json": _from_json,
    "class_dict.csv": _from_csv,
    "classes.csv": _from_csv,
    "label_colors.txt": _from_camvid,
    "labelmap.txt": _from_cvat,
    "codes.txt": _from_lines,
    "classes.txt": _from_lines,
    "labels.txt": _from_lines,
}
