"""Pictures as text inside an HTML file."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image
from torch import Tensor

from oasis_studio.core.classes.palette import Palette


def picture_tag(image_3HW: Tensor, alt: str = "") -> str:
    """An ``img`` of a picture in [−1, 1]."""
    pixels = ((image_3HW.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    return _tag(Image.fromarray(np.ascontiguousarray(pixels)), "webp", alt, quality=88)


def label_tag(labels_HW: Tensor, palette: Palette, alt: str = "") -> str:
    """An ``img`` of a label map in the colours of its classes."""
    return _tag(Image.fromarray(palette.colors[labels_HW.numpy()]), "webp", alt, lossless=True)


def _tag(image: Image.Image, kind: str, alt: str, **options: object) -> str:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    data = base64.b64encode(stream.getvalue()).decode()
    return f'<img alt="{alt}" width={image.width} height={image.height} src="data:image/{kind};base64,{data}">'
