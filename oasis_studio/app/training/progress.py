"""What is known of a run from the events it wrote."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from oasis_studio.i18n import _, ngettext

_MOST_POINTS = 4000
"""Points kept of every curve; beyond that every second one goes."""


class RunStatus(StrEnum):
    """Where a run is; the last five are ends."""

    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    """The model is in the library."""
    DISCARDED = "discarded"
    FAILED = "failed"
    """It said why."""
    BROKEN = "broken"
    """It ended without a word: killed, or the machine went down."""

    @property
    def is_end(self) -> bool:
        return self in (RunStatus.FINISHED, RunStatus.DISCARDED, RunStatus.FAILED, RunStatus.BROKEN)


@dataclass(frozen=True)
class Preview:
    """After ``images``: ``sheet`` a picture in the run's folder, ``model`` a folder there that can be rendered with."""

    images: int
    sheet: str
    model: str


@dataclass
class TrainingProgress:
    """Takes events one by one. Curves are lists of (images seen, value)."""

    status: RunStatus = RunStatus.STARTING
    title: str = ""
    device: str = ""
    photos: int = 0
    held_out: int = 0
    images: int = 0
    total_images: int = 0
    images_per_second: float = 0.0
    seconds_left: float | None = None
    losses: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    metrics: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    best_images: int | None = None
    previews: list[Preview] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences about what the trainer changed on its own, or left out."""
    augment: float | None = None
    """Probability of augmentation that the trainer chose last."""
    publishing: tuple[int, int] | None = None
    """Which part of its end it is at, of how many."""
    model_id: str = ""
    message: str = ""
    hint: str = ""

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        return min(1.0, self.images / self.total_images) if self.total_images else 0.0

    def take(self, event: dict[str, Any]) -> None:
        """An event of a kind that is not known changes nothing, unless it has a ``message``: that is noted."""
        self.images = max(self.images, int(_number(event, "images")))
        match event.get("event"):
            case "started":
                self._start(event)
            case "step":
                self._step(event)
            case "metric":
                self._measure(event)
            case "preview":
                self._keep_preview(Preview(self.images, str(event.get("file", "")), str(event.get("model") or "")))
            case "publishing":
                self.status = RunStatus.STOPPING
                self.publishing = int(_number(event, "part")), int(_number(event, "parts"))
            case "paused":
                self.status, self.seconds_left = RunStatus.PAUSED, None
            case "resumed":
                self.status = RunStatus.RUNNING
            case "published":
                self.status, self.model_id = RunStatus.FINISHED, str(event.get("model") or "")
            case "discarded":
                self.status = RunStatus.DISCARDED
            case "failed":
                self.status = RunStatus.FAILED
                self.message, self.hint = str(event.get("message", "")), str(event.get("hint", ""))
            case "left_out":
                self.notes.append(_left_out(int(_number(event, "count"))))
            case "stopped_early":
                self.notes.append(_("It ended early: the held-out photos got no better any more."))
            case "adapted":
                self._adapt(event)
            case "rolled_back":
                self._roll_back(event)
            case "batch_halved":
                text = _("The memory did not suffice; it now works on {count} photos at a time.")
                self.notes.append(text.format(count=int(_number(event, "batch"))))
            case "not_saved":
                words = (str(event.get("message", "")), str(event.get("hint", "")))
                self.notes.append(" ".join(filter(None, words)))
            case _ if event.get("message"):
                self.notes.append(str(event["message"]))

    def _start(self, event: dict[str, Any]) -> None:
        """A run that goes on after a crash went back to what was saved: curves beyond that are cut off."""
        self.status = RunStatus.RUNNING
        self.message = self.hint = ""
        self.publishing = None
        self.title = str(event.get("title") or event.get("recipe") or "")
        self.device = str(event.get("device", ""))
        self.photos, self.held_out = int(_number(event, "photos")), int(_number(event, "held_out"))
        self.images = int(_number(event, "images"))
        self.total_images = int(_number(event, "total_images"))
        self._cut_off()

    def _adapt(self, event: dict[str, Any]) -> None:
        """Photos are altered more before the critic sees them, or less, than until now."""
        before, self.augment = self.augment, _number(event, "augment")
        if before is not None and self.augment > before:
            self.notes.append(_("The critic began to know the photos by heart; they are altered more."))

    def _roll_back(self, event: dict[str, Any]) -> None:
        """Points of the stretch that is done anew are no longer true."""
        self.images = int(_number(event, "to_images"))
        self._cut_off()
        text = _("The numbers diverged: it went back to photo {count} and learns at half the rate.")
        self.notes.append(text.format(count=self.images))

    def _cut_off(self) -> None:
        """Forget what lies beyond the images that count."""
        for curves in (self.losses, self.metrics):
            for name, points in curves.items():
                curves[name] = [point for point in points if point[0] <= self.images]
        self.previews = [preview for preview in self.previews if preview.images <= self.images]

    def _step(self, event: dict[str, Any]) -> None:
        if not self.status.is_end and self.status is not RunStatus.STOPPING:
            self.status = RunStatus.RUNNING
        self.images_per_second = _number(event, "images_per_second")
        if "augment" in event:
            self.augment = _number(event, "augment")
        self.seconds_left = _number(event, "seconds_left")
        self._add(self.losses, event.get("losses"))

    def _measure(self, event: dict[str, Any]) -> None:
        self._add(self.metrics, {key: value for key, value in event.items() if key not in ("images", "time", "event")})
        if event.get("best"):
            self.best_images = self.images

    def _add(self, curves: dict[str, list[tuple[int, float]]], values: Any) -> None:
        if not isinstance(values, dict):
            return
        for name, value in values.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                points = curves[name]
                points.append((self.images, float(value)))
                if len(points) > _MOST_POINTS:
                    del points[: len(points) // 2 : 2]

    def _keep_preview(self, preview: Preview) -> None:
        self.previews = [known for known in self.previews if known.sheet != preview.sheet] + [preview]


def _left_out(count: int) -> str:
    if not count:
        return _("Pixels with ids that are no class were not used.")
    text = ngettext("{count} pair could not be used.", "{count} pairs could not be used.", count)
    return text.format(count=count)


def _number(event: dict[str, Any], key: str) -> float:
    value = event.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
