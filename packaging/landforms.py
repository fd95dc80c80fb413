"""Shapes of landscapes, as a person with a brush would paint them: masks and outlines for the sample scenes.

An outline is one height for every column, (W,) float pixels from the top; a mask is (H, W) bool. Positions are
fractions of the picture: (0, 0) is its top left corner, (1, 1) its bottom right.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

Place = tuple[float, float]


class Landforms:
    """Draws for one picture size; one random source makes every picture the same each time."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width, height
        self.random = np.random.default_rng(seed)
        self._y, self._x = np.mgrid[:height, :width] + 0.5

    def ridge(self, places: Sequence[Place], roughness: float) -> np.ndarray:
        """Outline through ``places``, broken up between them by midpoint displacement; 0 roughness is straight."""
        points = [(x * self.width, y * self.height) for x, y in places]
        while max(b[0] - a[0] for a, b in pairwise(points)) > 3:
            finer = points[:1]
            for a, b in pairwise(points):
                if b[0] - a[0] > 3:
                    at = self.random.uniform(0.38, 0.62)
                    shift = self.random.normal() * roughness * (b[0] - a[0])
                    finer.append((a[0] + at * (b[0] - a[0]), a[1] + at * (b[1] - a[1]) + shift))
                finer.append(b)
            points = finer
        return np.interp(self._x[0], *np.transpose(points))

    def curve(self, places: Sequence[Place], wobble: float = 0.0) -> np.ndarray:
        """Smooth outline through ``places``, with soft waves of ``wobble`` pixels."""
        line = self._smooth([x for x, _y in places], [y for _x, y in places], self._x[0] / self.width) * self.height
        for waves in (3, 7, 13):
            phase = self.random.uniform(0, 2 * np.pi)
            line = line + wobble / np.sqrt(waves) * np.sin(self._x[0] / self.width * waves * 2 * np.pi + phase)
        return line

    def crowns(self, line: np.ndarray, low: float, high: float, start: float = 0, end: float = 1) -> np.ndarray:
        """The outline with round tree crowns of ``low`` to ``high`` pixels on it, from one fraction to another."""
        result, x = line.copy(), start * self.width
        while x < end * self.width:
            radius = low + (high - low) * self.random.uniform() ** 2
            center = np.interp(x, self._x[0], line) + radius * self.random.uniform(-0.6, 0.4)
            inside = np.abs(self._x[0] - x) < radius
            cap = center - np.sqrt(np.maximum(radius**2 - (self._x[0] - x) ** 2, 0)) * self.random.uniform(0.8, 1.3)
            result = np.where(inside, np.minimum(result, cap), result)
            x += radius * self.random.uniform(0.3, 0.9)
        return result

    def spires(self, line: np.ndarray, low: float, high: float, start: float = 0, end: float = 1) -> np.ndarray:
        """The outline with conifers of ``low`` to ``high`` pixels on it."""
        result, x = line.copy(), start * self.width
        while x < end * self.width:
            tall = self.random.uniform(low, high)
            half = tall * self.random.uniform(0.2, 0.3)
            away = np.abs(self._x[0] - x) / half
            branches = 0.08 * tall * ((away * 4) % 1)
            top = np.interp(x, self._x[0], line) - tall * (1 - away) + branches
            result = np.where(away < 1, np.minimum(result, top), result)
            x += half * self.random.uniform(0.5, 1.5)
        return result

    def below(self, line: np.ndarray) -> np.ndarray:
        """Everything under an outline."""
        return self._y >= line

    def between(self, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
        """What lies under ``top`` and not under ``bottom``."""
        return self.below(top) & ~self.below(bottom)

    def right_of(self, x: float) -> np.ndarray:
        """Everything to the right of a fraction of the width."""
        return self._x > x * self.width

    def blob(self, center: Place, radii: Place, wobble: float = 0.2) -> np.ndarray:
        """A rounded patch; ``radii`` are fractions of the width and of the height."""
        dx = (self._x / self.width - center[0]) / radii[0]
        dy = (self._y / self.height - center[1]) / radii[1]
        angle, edge = np.arctan2(dy, dx), np.ones_like(dx)
        for waves in (2, 3, 5, 8):
            edge += wobble / waves * self.random.normal() * np.sin(waves * angle + self.random.uniform(0, 6.3))
        return np.hypot(dx, dy) < edge

    def band(self, places: Sequence[Place], widths: Sequence[float], wobble: float = 0.0) -> np.ndarray:
        """A road or river through ``places``, from the far end down, ``widths`` as fractions of the picture's."""
        y = self._y[:, 0] / self.height
        rows = [place[1] for place in places]
        center = self._smooth(rows, [place[0] for place in places], y)
        half = np.interp(y, rows, widths) / 2
        for waves in (9, 17):
            half = half * (1 + wobble * np.sin(y * waves * 2 * np.pi + self.random.uniform(0, 6.3)))
        inside = np.abs(self._x / self.width - center[:, None]) < half[:, None]
        return inside & (y >= rows[0])[:, None] & (y <= rows[-1])[:, None]

    def tree(self, foot: Place, tall: float, wide: float = 0.6) -> np.ndarray:
        """A broad-leaved tree standing at ``foot``, ``tall`` as a fraction of the picture's height."""
        x, y, tall = foot[0] * self.width, foot[1] * self.height, tall * self.height
        mask = np.zeros((self.height, self.width), np.uint8)
        half = max(0.6, tall * 0.022)
        trunk = [(x - half * 1.5, y), (x - half, y - tall * 0.6), (x + half, y - tall * 0.6), (x + half * 1.5, y)]
        cv2.fillPoly(mask, [np.round(trunk).astype(np.int32)], (1,))
        for _clump in range(60):
            angle, away = self.random.uniform(0, 2 * np.pi), np.sqrt(self.random.uniform())
            radius = tall * self.random.uniform(0.045, 0.075 + 0.08 * (1 - away))
            cx = x + np.cos(angle) * away * tall * wide / 2
            cy = y - tall * 0.6 + np.sin(angle) * away * tall * 0.34
            cv2.circle(mask, (round(cx), round(cy)), round(radius), (1,), -1)
        return mask.astype(bool)

    def conifer(self, foot: Place, tall: float) -> np.ndarray:
        """A fir standing at ``foot``: tiers of drooping branches."""
        x, y, tall = foot[0] * self.width, foot[1] * self.height, tall * self.height
        mask = np.zeros((self.height, self.width), np.uint8)
        tiers = max(4, int(tall / 9))
        for tier in range(tiers):
            low = y - tall * 0.06 - tall * 0.94 * tier / tiers
            half = tall * 0.19 * (1 - tier / tiers) * self.random.uniform(0.8, 1.1) + 1
            high = max(low - tall * 2.0 / tiers, y - tall)
            branch = [(x - half, low + half * 0.25), (x, high), (x + half, low + half * 0.25), (x, low - half * 0.1)]
            cv2.fillPoly(mask, [np.round(branch).astype(np.int32)], (1,))
        cv2.line(mask, (round(x), round(y)), (round(x), round(y - tall * 0.5)), (1,), max(1, round(tall * 0.04)))
        return mask.astype(bool)

    def polygon(self, places: Sequence[Place]) -> np.ndarray:
        """A patch with straight edges."""
        mask = np.zeros((self.height, self.width), np.uint8)
        corners = np.round(np.array(places) * (self.width, self.height)).astype(np.int32)
        cv2.fillPoly(mask, [corners], (1,))
        return mask.astype(bool)

    def house(self, foot: Place, wide: float, tall: float, is_gable: bool = True) -> np.ndarray:
        """A house on ``foot`` (middle of its base), seen from its gable or from its long side."""
        x, y = foot
        left, right, eaves, top = x - wide / 2, x + wide / 2, y - tall * 0.6, y - tall
        over = wide * 0.06
        roof = [(left - over, eaves), (x, top), (right + over, eaves)]
        if not is_gable:
            roof = [(left - over, eaves), (left + wide * 0.1, top), (right - wide * 0.1, top), (right + over, eaves)]
        return self.polygon([(left, y), (left, eaves), (right, eaves), (right, y)]) | self.polygon(roof)

    def _smooth(self, at: Sequence[float], values: Sequence[float], where: np.ndarray) -> np.ndarray:
        """Cubic curve through the values (Hermite, slopes from the neighbours), level beyond the ends."""
        knots, heights = np.array(at, float), np.array(values, float)
        slopes = np.gradient(heights, knots)
        where = np.clip(where, knots[0], knots[-1])
        left = np.clip(np.searchsorted(knots, where, "right") - 1, 0, len(knots) - 2)
        step = knots[left + 1] - knots[left]
        t = (where - knots[left]) / step
        keep, go = (1 + 2 * t) * (1 - t) ** 2, t**2 * (3 - 2 * t)
        lean = t * (1 - t) ** 2 * slopes[left] - t**2 * (1 - t) * slopes[left + 1]
        return keep * heights[left] + go * heights[left + 1] + lean * step
