"""How a training run looks in a terminal: one progress line, and above it what happened."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from oasis_studio.api.processes import parsed
from oasis_studio.i18n import _, decimal, ngettext

_WIDE = 120
"""Columns of a terminal from which on the losses have room."""


class TrainingDisplay:
    """Shows the trainer's JSON lines; a line that is none is log text and is printed as it is."""

    def __init__(self, console: Console | None = None) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[text]}"),
        )
        self._progress = Progress(*columns, console=console or Console(highlight=False))
        self._task = self._progress.add_task(_("Training"), total=None, text="")

    def __enter__(self) -> TrainingDisplay:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, line: str) -> None:
        """Take one line of the trainer's output."""
        event = parsed(line)
        if event is None:
            self._say(escape(line.rstrip()))
        elif event["event"] == "step":
            self._step(event)
        else:
            self._say(_sentence(event))

    def _step(self, event: dict[str, Any]) -> None:
        images, rate = _number(event, "images"), _number(event, "images_per_second")
        left = _number(event, "seconds_left")
        losses = event.get("losses")
        text = _("{rate} images/s · {left} left").format(rate=decimal(rate, 1), left=_clock(left))
        if isinstance(losses, dict) and self._progress.console.width >= _WIDE:
            text += " · " + "  ".join(f"{escape(str(name))} {value}" for name, value in losses.items())
        self._progress.update(
            self._task,
            completed=images,
            total=images + rate * left,
            text=text,
        )

    def _say(self, text: str) -> None:
        if text:
            self._progress.console.print(text)


def _sentence(event: dict[str, Any]) -> str:
    """What to print for an event that is not a step."""
    match event["event"]:
        case "started":
            text = _("Started on {device}: {photos} photos to train on, {held_out} held out.")
        case "saved":
            text = _("Saved after {images} images.")
        case "preview":
            text = _("Preview: {file}")
        case "published":
            text = _("Published: {folder}")
        case "left_out":
            return escape(_left_out(event))
        case "metric":
            text = _("Distance to photos never trained on: {kernel_distance}") + (
                _(" (the best)") if event.get("best") else ""
            )
        case "rolled_back":
            text = _("{reason} Back to {to_images} images, with the learning rates times {rates}.")
        case "batch_halved":
            text = _("The memory does not suffice for a whole batch: {batch} images at once.")
        case "not_saved":
            text = "{message} {hint}"
        case "stopped_early":
            text = _("No better model since {best_images} images: this is the end.")
        case "failed":
            text = _("error: {message}")
        case _:
            text = "{event}: " + ", ".join(
                f"{key} {value}".replace("{", "{{").replace("}", "}}")
                for key, value in event.items()
                if key not in ("event", "time")
            )
    return escape(text.format_map(_Forgiving(event)))


def _left_out(event: dict[str, Any]) -> str:
    """Which pairs a run could not use, and which ids it did not know."""
    pairs, unknown, count = event.get("pairs"), event.get("unknown_pixels"), int(_number(event, "count"))
    lines = []
    if count:
        reasons = (
            [str(entry.get("reason")) for entry in pairs if isinstance(entry, dict)] if isinstance(pairs, list) else []
        )
        lines.append(ngettext("{count} pair was left out:", "{count} pairs were left out:", count).format(count=count))
        lines += reasons
    if isinstance(unknown, dict) and unknown:
        ids = ", ".join(map(str, unknown))
        lines.append(_("Pixels with ids beyond the classes were not used: {ids}.").format(ids=ids))
    return "\n".join(lines)


class _Forgiving(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _number(event: dict[str, Any], key: str) -> float:
    value = event.get(key)
    return float(value) if isinstance(value, int | float) else 0.0


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
