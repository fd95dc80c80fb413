"""What a model can be asked for, whatever network is inside: all that the editor knows about architectures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_STYLE_SIZE = 65536


@dataclass(frozen=True)
class Capabilities:
    """Declared by the model card.

    ``has_region_noise`` regions can have noise of their own · ``style_size`` numbers of the style code of the whole
    image, 0 where the model takes none · ``reads_style`` it comes with an encoder: a photo gives such a code ·
    ``has_critic`` its discriminator says of every pixel which class it reads, or *fake* · ``sees_instances`` the
    outlines between regions are an input · ``has_reader`` it comes with a segmenter that reads photos in its classes.
    """

    has_region_noise: bool = True
    style_size: int = 0
    reads_style: bool = False
    has_critic: bool = False
    sees_instances: bool = False
    has_reader: bool = False

    @property
    def reads_photos(self) -> bool:
        """Can the model turn a photo into a label map, by a reader of its own or by its critic?"""
        return self.has_reader or self.has_critic

    def to_json(self) -> dict[str, Any]:
        return {
            "region_noise": self.has_region_noise,
            "style_size": self.style_size,
            "style_encoder": self.reads_style,
            "critic": self.has_critic,
            "instances": self.sees_instances,
            "reader": self.has_reader,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Capabilities:
        """Raises ValueError unless every field is there and of its type; fields of the future are passed over.

        Cards written before there were readers lack ``reader``, which means that there is none.
        """
        flags = [data.get(name) for name in ("region_noise", "style_encoder", "critic", "instances")]
        size = data.get("style_size")
        has_reader = data.get("reader", False)
        if not all(isinstance(flag, bool) for flag in (*flags, has_reader)) or type(size) is not int:
            raise ValueError("capabilities are four flags and a size")
        if not 0 <= size <= MAX_STYLE_SIZE:
            raise ValueError("no such size of a style code")
        noise, encoder, critic, instances = map(bool, flags)
        return cls(noise, size, encoder, critic, instances, has_reader)
