"""The pixels of a label map as its file has them, before anybody says what they mean.

Array names: H height, W width, K colours of a palette.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from oasis_studio.core.disk.endings import LABEL_FORMATS
from oasis_studio.core.document.document import check_size
from oasis_studio.core.files.pictures import npy, png
from oasis_studio.core.files.pictures.bare import bare
from oasis_studio.core.files.pictures.picture import Picture, damaged, open_picture, turned
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_BAND = 256
"""Rows that are counted at a time, so that a large map needs little memory besides itself."""
_LIMIT = 2**31


@dataclass(frozen=True, eq=False)
class LabelPixels:
    """A label map as stored, turned upright; ``name`` is for messages.

    ``numbers_HW``: grey values of 1 to 32 bits, or indices into ``palette_K4`` (256 colours with their opacity); None
    where the pixels are colours, ``rgb_HW3`` uint8. ``alpha_HW`` uint8: 0 is transparent; None where nothing is.
    """

    name: str
    numbers_HW: np.ndarray | None = None
    rgb_HW3: np.ndarray | None = None
    alpha_HW: np.ndarray | None = None
    palette_K4: np.ndarray | None = None
    listed: int = 0
    """How many of the palette's colours the file lists."""

    @property
    def shape(self) -> tuple[int, int]:
        pixels = self.numbers_HW if self.numbers_HW is not None else self.rgb_HW3
        assert pixels is not None
        return pixels.shape[0], pixels.shape[1]

    @cached_property
    def unseen_hw(self) -> np.ndarray | None:
        """Pixels that are more transparent than opaque, which belong to no class; None where there are none."""
        if self.alpha_HW is None:
            return None
        found = self.alpha_HW < 128
        return found if found.any() else None

    @cached_property
    def half_transparent(self) -> int:
        """How many pixels are neither opaque nor transparent."""
        if self.alpha_HW is None:
            return 0
        return int(np.count_nonzero((self.alpha_HW > 0) & (self.alpha_HW < 255)))

    @cached_property
    def used(self) -> np.ndarray:
        """The indices of an indexed map that are seen, ascending."""
        assert self.numbers_HW is not None and self.palette_K4 is not None
        counts = np.zeros(256, np.int64)
        for top in range(0, len(self.numbers_HW), _BAND):
            counts += np.bincount(self.numbers_HW[top : top + _BAND].ravel(), minlength=256)
        return np.flatnonzero((counts > 0) & (self.palette_K4[:, 3] > 0))

    def seen_colors(self) -> np.ndarray:
        """(N, 3) uint8: the colours that an indexed map uses, or those of all pixels; transparent ones are left out."""
        if self.rgb_HW3 is not None:
            return self.rgb_HW3.reshape(-1, 3) if self.unseen_hw is None else self.rgb_HW3[~self.unseen_hw]
        if self.palette_K4 is not None:
            return self.palette_K4[self.used, :3]
        assert self.numbers_HW is not None
        return np.repeat(self.numbers_HW.clip(0, 255).astype(np.uint8).reshape(-1, 1), 3, axis=1)

    @cached_property
    def is_grey(self) -> bool:
        """Whether the colours, or those that the palette lists, all have equal channels."""
        colors = self.rgb_HW3 if self.palette_K4 is None else self.palette_K4[: self.listed, :3]
        return colors is not None and bool((colors[..., :1] == colors[..., 1:]).all())


def decode_pixels(
    data: bytes,
    name: str,
    check: Callable[[int, int], None] = check_size,
    formats: Sequence[str] = LABEL_FORMATS,
) -> LabelPixels:
    """The pixels of a picture or an array of labels; StudioError, calling it ``name``, if it is damaged or neither.

    ``check`` is given width and height before a pixel is decoded, and raises StudioError for sizes that are not wanted.
    """
    if data.startswith(npy.MAGIC):
        return LabelPixels(name, _whole(npy.decode_npy(data, name, check), name))
    if data.startswith(png.SIGNATURE):
        header = png.read_header(data, name)
        check(header.width, header.height)
    picture = open_picture(data, name, formats)
    check(*picture.image.size)
    picture.load()
    if picture.depth == 16 and picture.image.format == "PNG" and not picture.image.mode.startswith("I"):
        return _wide(data, picture)
    mode = picture.image.mode
    if mode in ("P", "PA"):
        return _indexed(picture)
    if mode in ("1", "L", "LA", "La") or mode.startswith(("I", "F")):
        return _grey(picture)
    has_alpha = mode in ("RGBA", "RGBa") or "transparency" in picture.image.info
    pixels = picture.upright(picture.converted("RGBA" if has_alpha else "RGB"))
    return LabelPixels(name, rgb_HW3=pixels[..., :3], alpha_HW=pixels[..., 3] if has_alpha else None)


def _indexed(picture: Picture) -> LabelPixels:
    image = picture.image
    listed = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)[:256]
    palette = np.full((256, 4), 255, np.uint8)
    palette[:, :3] = 0
    palette[: len(listed), :3] = listed
    transparency = image.info.get("transparency")
    if isinstance(transparency, bytes):
        palette[: len(transparency[:256]), 3] = np.frombuffer(transparency[:256], np.uint8)
    elif isinstance(transparency, int) and transparency < 256:
        palette[transparency, 3] = 0
    numbers = picture.upright(np.asarray(image.getchannel(0)))
    alpha = None
    if image.mode == "PA":
        alpha = picture.upright(np.asarray(image.getchannel(1)))
    elif (palette[:, 3] < 255).any():
        alpha = cv2.LUT(numbers, np.ascontiguousarray(palette[:, 3]))
    return LabelPixels(picture.name, numbers, alpha_HW=alpha, palette_K4=palette, listed=len(listed))


def _grey(picture: Picture) -> LabelPixels:
    image = picture.image
    if image.mode.startswith(("I", "F")):
        values = picture.upright(_whole(np.asarray(image), picture.name))
        return LabelPixels(picture.name, values, alpha_HW=_alpha(values, image.info.get("transparency")))
    values, alpha = picture.converted("LA" if image.mode in ("LA", "La") else "L"), None
    if values.ndim == 3:
        values, alpha = values[..., 0], picture.upright(values[..., 1])
    depth = 1 if image.mode == "1" else picture.depth
    if depth in (1, 2, 4):
        values = values // np.uint8(255 // (2**depth - 1))  # decoding stretches few bits to 0…255
    values = picture.upright(values)
    if alpha is None:
        alpha = _alpha(values, image.info.get("transparency"))
    return LabelPixels(picture.name, values, alpha_HW=alpha)


def _alpha(values_HW: np.ndarray, transparent: object) -> np.ndarray | None:
    """(H, W) uint8 where the file names one grey value as transparent."""
    if not isinstance(transparent, int):
        return None
    return np.where(values_HW == transparent, np.uint8(0), np.uint8(255))


def _wide(data: bytes, picture: Picture) -> LabelPixels:
    """A PNG of several channels of 16 bits, which Pillow cuts to 8; it has decoded it before, so it is whole."""
    name, (width, height) = picture.name, picture.image.size
    try:
        stored = cv2.imdecode(np.frombuffer(bare(data)[0], np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise damaged(name, error) from error
    if stored is None or stored.dtype != np.uint16 or stored.shape[:2] != (height, width):
        raise damaged(name)
    planes = turned(stored.reshape(height, width, -1), picture.orientation)
    alpha = None
    if planes.shape[2] in (2, 4):
        alpha = np.where(planes[..., -1] == 65535, 255, planes[..., -1] >> 8).astype(np.uint8)
    if picture.image.mode in ("LA", "L"):
        return LabelPixels(name, np.ascontiguousarray(planes[..., 0]), alpha_HW=alpha)
    rgb = planes[..., 2::-1]
    if (rgb % 257).any():  # an 8-bit value v is stored as 257 · v
        raise StudioError(
            _("{name} has 16-bit colours that are no colours of the classes.").format(name=name),
            _("Save it as PNG with 8 bits per channel, without smoothing and colour profile."),
        )
    return LabelPixels(name, rgb_HW3=(rgb // 257).astype(np.uint8), alpha_HW=alpha)


def _whole(values_HW: np.ndarray, name: str) -> np.ndarray:
    """The array if its values are whole numbers that can be ids; as int32 if they are signed or wide."""
    if values_HW.dtype.kind == "f" and not (np.isfinite(values_HW).all() and (values_HW % 1 == 0).all()):
        raise StudioError(
            _("{name} holds fractions, which are no class ids.").format(name=name),
            _("A label map consists of whole numbers."),
        )
    if values_HW.dtype in (np.uint8, np.uint16):
        return values_HW
    if values_HW.dtype.kind != "b" and (values_HW.min() < -_LIMIT or values_HW.max() >= _LIMIT):
        raise StudioError(_("{name} holds numbers too large for class ids.").format(name=name))
    return values_HW.astype(np.int32)
