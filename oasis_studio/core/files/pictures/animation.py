"""Writing photos in a row: single files, GIF, WebP, MP4."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from oasis_studio.core.disk.atomic import write_atomically, write_bytes
from oasis_studio.core.files.pictures import png
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Progress = Callable[[int, int], bool]
"""Frames written, of how many; returns whether to go on."""


class AnimationKind(StrEnum):
    """By the ending of the file; FRAMES is a folder of PNG files."""

    GIF = ".gif"
    WEBP = ".webp"
    MP4 = ".mp4"
    FRAMES = ""


class AnimationCancelled(Exception):  # noqa: N818 - not a failure
    """Nothing was written, or for FRAMES some files only."""


def write_animation(path: Path, frames: Sequence[np.ndarray], per_second: int, progress: Progress) -> None:
    """Write (H, W, 3) uint8 frames of one size as a loop; StudioError if the disk or the format refuses.

    The ending of ``path`` decides what it becomes; without one it is a folder. Except there, the file is written whole
    or not at all. Raises AnimationCancelled when ``progress`` says no.
    """
    kinds = {kind.value: kind for kind in AnimationKind}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise StudioError(
            _("{name} cannot be written: that ending is unknown.").format(name=path.name),
            _("Use .gif, .webp or .mp4, or no ending for a folder of frames."),
        )
    if not frames:
        raise StudioError(_("There are no frames to write."))
    _WRITERS[kind]().write(path, frames, per_second, progress)


class _Writer(ABC):
    @abstractmethod
    def write(self, path: Path, frames: Sequence[np.ndarray], per_second: int, progress: Progress) -> None: ...


class _Frames(_Writer):
    def write(self, path: Path, frames: Sequence[np.ndarray], per_second: int, progress: Progress) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refused(path, error) from error
        digits = max(4, len(str(len(frames))))
        for number, frame in enumerate(frames):
            write_bytes(path / f"frame-{number:0{digits}}.png", png.encode_image(frame))
            _go_on(progress, number + 1, len(frames))


class _Pillow(_Writer):
    format = ""

    def write(self, path: Path, frames: Sequence[np.ndarray], per_second: int, progress: Progress) -> None:
        pictures = self._pictures(frames, progress)
        first = next(pictures)

        def save(stream: object) -> None:
            first.save(
                stream,  # type: ignore[arg-type] - a binary file
                format=self.format,
                save_all=True,
                append_images=pictures,
                duration=round(1000 / per_second),
                loop=0,
                **self.options,
            )

        write_atomically(path, save)

    options: dict[str, object] = {}  # noqa: RUF012 - constant

    def _pictures(self, frames: Sequence[np.ndarray], progress: Progress) -> Iterator[Image.Image]:
        for number, frame in enumerate(frames):
            _go_on(progress, number, len(frames))
            yield self._picture(frame)

    def _picture(self, frame: np.ndarray) -> Image.Image:
        return Image.fromarray(frame)


class _Gif(_Pillow):
    format = "GIF"
    options = {"optimize": False, "disposal": 1}  # noqa: RUF012 - constant

    def _picture(self, frame: np.ndarray) -> Image.Image:
        return Image.fromarray(frame).quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)


class _Webp(_Pillow):
    format = "WEBP"
    options = {"quality": 85, "method": 2}  # noqa: RUF012 - constant


class _Mp4(_Writer):
    """OpenCV writes to a name only: into a temporary folder first, so that an old file stays until all is written."""

    def write(self, path: Path, frames: Sequence[np.ndarray], per_second: int, progress: Progress) -> None:
        height, width = frames[0].shape[:2]
        size = (width - width % 2, height - height % 2)  # the codec wants even sides
        with tempfile.TemporaryDirectory() as folder:
            name = Path(folder) / "animation.mp4"
            writer = cv2.VideoWriter(str(name), cv2.VideoWriter.fourcc(*"mp4v"), per_second, size)
            if not writer.isOpened():
                raise StudioError(
                    _("This computer cannot write MP4 files."), _("GIF and WebP work everywhere; choose one of them.")
                )
            try:
                for number, frame in enumerate(frames):
                    writer.write(np.ascontiguousarray(frame[: size[1], : size[0], ::-1]))
                    _go_on(progress, number + 1, len(frames))
            finally:
                writer.release()
            data = name.read_bytes()
        write_bytes(path, data)


_WRITERS: dict[AnimationKind, type[_Writer]] = {
    AnimationKind.GIF: _Gif,
    AnimationKind.WEBP: _Webp,
    AnimationKind.MP4: _Mp4,
    AnimationKind.FRAMES: _Frames,
}


def _go_on(progress: Progress, done: int, total: int) -> None:
    if not progress(done, total):
        raise AnimationCancelled


def check_writable(path: Path) -> None:
    """StudioError, before any frame is rendered, if nothing can be written there."""
    folder = path.parent if path.suffix else path
    try:
        if not path.suffix:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> StudioError:
    reason = error.strerror or str(error)
    return StudioError(
        _("{path} cannot be written: {reason}.").format(path=path, reason=reason),
        _("Choose another folder or name."),
        repr(error),
    )
