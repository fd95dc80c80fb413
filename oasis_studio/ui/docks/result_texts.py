"""What kept photos are called, and what is said about them."""

from __future__ import annotations

import base64
import html

import cv2
import numpy as np
from PySide6.QtCore import QDateTime, QLocale

from oasis_studio.core.document.result import Result
from oasis_studio.i18n import _, local_name

_SHORT = QLocale.FormatType.ShortFormat
_PICTURE = 280


def title(result: Result) -> str:
    """Its name, or else when it was kept: today's by the time alone."""
    return result.name or when(result)


def when(result: Result) -> str:
    moment = QDateTime.fromSecsSinceEpoch(result.made_at)
    if moment.date() == QDateTime.currentDateTime().date():
        return QLocale().toString(moment.time(), _SHORT)
    return QLocale().toString(moment, _SHORT)


def file_stem(result: Result, drawing: str) -> str:
    """A name for a file: the result's own, or the drawing's with the time."""
    moment = QDateTime.fromSecsSinceEpoch(result.made_at).toString("yyyy-MM-dd HH.mm.ss")
    return result.name or f"{drawing} {moment}"


def made_by(result: Result, is_installed: bool) -> str:
    """Model and seed."""
    model = local_name(result.model_name)
    if not is_installed:
        model = _("{model} (not installed)").format(model=model)
    return f"{model} · " + _("seed {seed}").format(seed=result.seed)


def details(result: Result) -> str:
    """Size, and the time where the title does not tell it."""
    size = f"{result.width} × {result.height}"
    return f"{when(result)} · {size}" if result.name else size


def spoken(result: Result, is_installed: bool) -> str:
    """All of it in a row, for people who hear the list."""
    words = [title(result), made_by(result, is_installed), details(result)]
    return ", ".join([words[0], _("starred"), *words[1:]] if result.is_starred else words)


def tip(result: Result, is_installed: bool, picture_hw3: np.ndarray | None) -> str:
    """A larger picture, and everything that is known; as HTML, in which names are text."""
    moment = QLocale().toString(QDateTime.fromSecsSinceEpoch(result.made_at), QLocale.FormatType.LongFormat)
    classes = ", ".join(local_name(name) for name in result.classes[:8])
    lines = [made_by(result, is_installed), f"{result.width} × {result.height}", moment, classes]
    if result.is_passing:
        lines.append(_("Kept by itself: it goes once there are many newer ones."))
    text = "<br>".join(html.escape(line) for line in lines if line)
    head = f"<b>{html.escape(title(result))}</b><br>"
    return f"{_image(picture_hw3)}<p>{head}{text}</p>"


def _image(picture_hw3: np.ndarray | None) -> str:
    if picture_hw3 is None:
        return ""
    done, data = cv2.imencode(".png", picture_hw3[..., ::-1])
    packed = base64.b64encode(data.tobytes()).decode() if done else ""
    scale = _PICTURE / max(picture_hw3.shape[:2])
    height, width = (max(1, round(side * scale)) for side in picture_hw3.shape[:2])
    return f'<img src="data:image/png;base64,{packed}" width="{width}" height="{height}">'


def matches(result: Result, wanted: str) -> bool:
    """Does every word of ``wanted`` occur in the name, the model, the seed, or a class of the picture?"""
    names = [result.name, result.model, result.model_name, str(result.seed), when(result), *result.classes]
    text = " ".join([*names, *(local_name(name) for name in result.classes)]).casefold()
    return all(word in text for word in wanted.casefold().split())
