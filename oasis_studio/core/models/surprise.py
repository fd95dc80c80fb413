"""How unlike a real photo every pixel is: what its discriminator says, and how fine its texture is.

A young discriminator hardly notices blur or noise: they are told from the *texture*, how the energy of brightness is
spread over fine and coarse detail, compared with that of real photos of the same class. Everything is measured in nats,
so that it can be added: the logarithm of how rare a value is.
"""

from __future__ import annotations

import itertools

import cv2
import numpy as np

from oasis_studio.core.models.calibration import LEVELS, Calibration, Quantiles, Traits, quantiles
from oasis_studio.core.models.reading import Reading

FAKE, MISREAD = "fake", "misread"
TEXTURE = ("energy", "fine", "middle", "coarse")
"""Energy of the finest detail; then how much finer detail there is for coarser, three times. Logarithms."""
_SCALES = (0.8, 1.6, 3.2, 6.4)
_WINDOW = 8.0
"""Pixels (standard deviation) over which energy is averaged."""
_FLOOR = 0.25
"""Below half a step of 8-bit brightness there is nothing to see."""
_RARE = 0.01
"""Nothing counts as rarer than one pixel in a hundred of a class: the quantiles know no better."""
_TINY = 1e-6
_TEXTURE_WEIGHT = 0.5
"""The four are not independent of each other."""


def measure(image_HW3: np.ndarray, labels_HW: np.ndarray, reading: Reading) -> Traits:
    """What is judged at every pixel, (H, W) float32 each; ``labels_HW`` is what the photo is meant to show."""
    fake = np.clip(reading.fake, _TINY, 1 - _TINY)
    meant = np.clip(reading.of(labels_HW), _TINY, 1)
    return {FAKE: np.log(fake / (1 - fake)), MISREAD: -np.log(meant), **texture(image_HW3)}


def texture(image_HW3: np.ndarray) -> Traits:
    """(H, W) float32 each: energy of the finest detail, and how it falls towards coarser detail."""
    finer = cv2.cvtColor(image_HW3, cv2.COLOR_RGB2GRAY).astype(np.float32)
    energies = []
    for scale in _SCALES:
        coarser = cv2.GaussianBlur(finer, (0, 0), scale)
        mean = cv2.GaussianBlur(np.square(finer - coarser), (0, 0), _WINDOW)
        energies.append(np.log(mean + _FLOOR) / 2)
        finer = coarser
    falls = (energies[0], *(fine - coarse for fine, coarse in itertools.pairwise(energies)))
    return dict(zip(TEXTURE, falls, strict=True))


def surprise(traits: Traits, labels: np.ndarray, calibration: Calibration | None) -> np.ndarray:
    """In nats, float32, higher is worse. Without a calibration only what the discriminator says counts."""
    if calibration is None:
        return (traits[MISREAD] + np.logaddexp(0, traits[FAKE])).astype(np.float32)
    # Over all classes: a class that is hard to read must not make every one of its pixels innocent.
    total = _rareness(1 - calibration.percentiles(MISREAD, traits[MISREAD]))
    for name in TEXTURE:
        share = calibration.percentiles(name, traits[name], labels)
        total += _TEXTURE_WEIGHT * _rareness(2 * np.minimum(share, 1 - share))
    if calibration.trust > 0:
        total += calibration.trust * _rareness(1 - calibration.percentiles(FAKE, traits[FAKE], labels))
    return total


def realism(surprise_HW: np.ndarray, photos: Quantiles) -> np.ndarray:
    """Share 0..1 of the pixels of real photos that surprise more; with no ``photos``, of the pixels given."""
    known = photos or quantiles(surprise_HW)
    return 1 - np.interp(surprise_HW, known, LEVELS).astype(np.float32)


def _rareness(share: np.ndarray) -> np.ndarray:
    return -np.log(_RARE + (1 - _RARE) * np.clip(share, 0, 1)).astype(np.float32)
