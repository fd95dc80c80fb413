"""How long a fine-tuning lasts, and what it does in that time."""

from __future__ import annotations

from dataclasses import dataclass

from oasis_training.recipe import Phase

LEAST_IMAGES = 400
"""Images that any training gets, however slow the machine."""


@dataclass(frozen=True)
class Preset:
    """``minutes`` of training · share of them without decay of the rates · how many previews to show."""

    minutes: float
    previews: int


PRESETS = {"try": Preset(5, 5), "evening": Preset(150, 15), "long": Preset(540, 30)}

RATES = {"cpu": 8.0, "cuda": 150.0, "mps": 20.0}
"""Images of 128×128 a second that a small model trains with, as long as nobody measured it on the machine."""


@dataclass(frozen=True)
class Sizes:
    """``crop`` in pixels, photos of how many pixels, images in a step."""

    crop: int
    scale: int
    batch: int


def images_of(preset: Preset, images_per_second: float) -> int:
    """Images that fit into the preset's time, in round numbers."""
    return max(LEAST_IMAGES, round(preset.minutes * 60 * images_per_second / 100) * 100)


ALL_IS_NEW, SOME_IS_NEW, NOTHING_IS_NEW = 200, 40, 0
"""Steps in which a discriminator that has classes to learn names pixels before it judges pictures."""


def tuning_phases(images: int, sizes: Sizes, reading_steps: int, critic_is_new: bool) -> list[Phase]:
    """The phases of a training that starts from a base model: gentle rates that run out in the last quarter.

    ``reading_steps`` steps train the discriminator on photos alone. If ``critic_is_new``, as many more train it on
    photos and rendered images while the generator stays as it is: the generator then meets a discriminator that can
    tell the two apart from the first step on. Each of the two takes a fifth of the images at the most.
    """
    reading = min(reading_steps * sizes.batch, images // 5)
    judging = reading if critic_is_new else 0
    kind = {"size": sizes.crop, "scale": sizes.scale, "batch": sizes.batch, "augment": 0.7}
    rates = {"rate_generator": 1e-4, "rate_discriminator": 2e-4}
    both = images - reading - judging
    phases = [
        Phase(images=reading, rate_discriminator=4e-4, discriminator_only=True, **kind),
        Phase(images=judging, rate_discriminator=4e-4, rate_generator=0.0, **kind),
        Phase(images=both - both // 4, **rates, **kind),
        Phase(images=both // 4, decay=True, **rates, **kind),
    ]
    return [phase for phase in phases if phase.images]


def new_phases(images: int, sizes: Sizes) -> list[Phase]:
    """From nothing: half of the pictures at half the size, where they cost a quarter."""
    small = {"size": sizes.crop // 2, "batch": 2 * sizes.batch, "augment": 0.5, "rate_discriminator": 6e-4}
    full = {"size": sizes.crop, "scale": sizes.scale, "batch": sizes.batch, "augment": 0.5}
    warm_up, grown = images // 6, images // 2
    return [
        Phase(images=warm_up, discriminator_only=True, **{**small, "rate_discriminator": 1e-3}),
        Phase(images=grown, **small),
        Phase(images=images - warm_up - grown - images // 8, rate_discriminator=6e-4, **full),
        Phase(images=images // 8, rate_discriminator=2e-4, decay=True, **full),
    ]
