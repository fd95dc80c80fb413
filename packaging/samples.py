"""Draws the sample scenes that ship with the program: ``python packaging/samples.py [FOLDER]``.

Every scene is a project of named layers, painted from the back to the front in the classes of the starter model.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from landforms import Landforms

from oasis_studio import paths
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.files.projects.project import write_project


class Scene(Landforms):
    """A document on the easel."""

    def __init__(self, palette: Palette, width: int, height: int, seed: int) -> None:
        super().__init__(width, height, seed)
        self.document = Document(width, height, palette, "outdoor")
        self.layer("Background")
        self.paint("sky", np.ones((height, width), bool))

    def layer(self, name: str) -> None:
        """Go on painting on a new layer on top."""
        self.document.layers.append(LabelLayer.blank(name, self.width, self.height))

    def paint(self, class_name: str, mask: np.ndarray) -> None:
        """Paint a mask on the top layer."""
        found = self.document.palette.by_name(class_name)
        assert found is not None, class_name
        self.document.layers[-1].labels[mask] = found.id


def mountain_lake(palette: Palette) -> Document:
    s = Scene(palette, 384, 256, 11)
    s.layer("Far mountains")
    far = s.ridge([(0, 0.36), (0.14, 0.27), (0.3, 0.38), (0.47, 0.16), (0.56, 0.24), (0.7, 0.4), (1, 0.31)], 0.12)
    s.paint("mountain", s.below(far))
    s.layer("Near mountains")
    near = s.ridge([(0, 0.2), (0.1, 0.29), (0.24, 0.44), (0.42, 0.52), (0.7, 0.5), (0.86, 0.35), (1, 0.26)], 0.1)
    s.paint("mountain", s.below(near))
    s.layer("Forest")
    woods = s.curve([(0, 0.43), (0.2, 0.5), (0.45, 0.545), (0.62, 0.54), (0.85, 0.47), (1, 0.42)], 2)
    s.paint("tree", s.below(s.spires(woods, 5, 12)))
    s.layer("Lake")
    s.paint("water", s.below(s.curve([(0, 0.585), (0.3, 0.575), (0.6, 0.57), (1, 0.59)], 1.5)))
    s.layer("Shore")
    bank = s.curve([(0, 0.77), (0.18, 0.81), (0.4, 0.93), (0.62, 0.955), (0.82, 0.89), (1, 0.85)], 2)
    s.paint("road or ground", s.between(bank - 4, bank + 4))
    s.paint("grass", s.below(bank))
    s.layer("Trees in front")
    for foot, tall in (((0.07, 0.86), 0.5), ((0.135, 0.87), 0.4), ((0.015, 0.88), 0.42), ((0.94, 0.92), 0.34)):
        s.paint("tree", s.conifer(foot, tall))
    return s.document


def coast(palette: Palette) -> Document:
    s = Scene(palette, 384, 256, 22)
    s.layer("Sea")
    s.paint("water", s.below(np.full(384, 0.43 * 256)))
    s.layer("Far headland")
    far = s.ridge([(0, 0.45), (0.3, 0.44), (0.38, 0.4), (0.5, 0.36), (0.62, 0.33), (1, 0.3)], 0.03)
    s.paint("mountain", s.between(far, s.curve([(0, 0.43), (0.5, 0.44), (1, 0.46)])))
    s.layer("Cliffs")
    top = s.ridge(
        [(0, 1), (0.5, 0.72), (0.545, 0.56), (0.57, 0.42), (0.6, 0.31), (0.64, 0.27), (0.78, 0.21), (1, 0.12)], 0.05
    )
    foot = s.curve([(0, 0.6), (0.5, 0.575), (0.62, 0.585), (0.75, 0.62), (0.87, 0.67), (1, 0.74)], 1)
    s.paint("mountain", s.between(top, foot))
    s.layer("Meadow on the cliffs")
    rim = s.ridge([(0, 0.3), (0.6, 0.3), (0.68, 0.3), (0.78, 0.31), (0.9, 0.36), (1, 0.34)], 0.05)
    s.paint("grass", s.between(top, rim) & s.right_of(0.6))
    s.paint("tree", s.between(s.crowns(top, 2, 7, 0.77, 0.98), top + 4) & s.right_of(0.75))
    s.layer("Beach")
    tide = s.curve([(0, 0.93), (0.2, 0.87), (0.4, 0.77), (0.55, 0.67), (0.66, 0.615), (0.75, 0.61), (1, 0.7)], 1)
    s.paint("road or ground", s.below(tide) & s.below(foot - 1))
    s.layer("Dunes")
    dunes = s.curve([(0, 1.1), (0.4, 1.03), (0.62, 0.93), (0.8, 0.87), (1, 0.8)], 3)
    s.paint("grass", s.below(s.crowns(dunes, 2, 5)))
    s.layer("Rocks in the sea")
    for place, radii in (((0.485, 0.58), (0.024, 0.09)), ((0.43, 0.585), (0.014, 0.03)), ((0.37, 0.6), (0.02, 0.016))):
        s.paint("mountain", s.blob(place, radii, 0.3) & ~s.below(np.full(s.width, (place[1] + 0.01) * s.height)))
    return s.document


def hill_road(palette: Palette) -> Document:
    s = Scene(palette, 384, 256, 33)
    s.layer("Far mountains")
    ridge = [(0, 0.43), (0.16, 0.36), (0.3, 0.42), (0.5, 0.33), (0.62, 0.38), (0.8, 0.3), (1, 0.39)]
    s.paint("mountain", s.below(s.ridge(ridge, 0.08)))
    s.layer("Far hills")
    hills = s.curve([(0, 0.45), (0.25, 0.43), (0.5, 0.475), (0.75, 0.44), (1, 0.47)], 2)
    s.paint("grass", s.below(hills))
    s.paint("tree", s.between(s.crowns(hills, 2, 5, 0.02, 0.32), hills + 4))
    s.paint("tree", s.blob((0.83, 0.49), (0.1, 0.022), 0.4) | s.blob((0.56, 0.515), (0.05, 0.014), 0.4))
    s.layer("Middle hill")
    middle = s.curve([(0, 0.62), (0.25, 0.56), (0.5, 0.535), (0.75, 0.57), (1, 0.54)], 1)
    s.paint("grass", s.below(middle))
    hedge = s.crowns(middle, 3, 7, 0.62, 1.05)
    s.paint("tree", s.between(hedge, middle + 5) & s.below(middle - 30) & s.right_of(0.6))
    s.layer("Road")
    road = [(0.545, 0.535), (0.5, 0.57), (0.44, 0.62), (0.5, 0.7), (0.58, 0.79), (0.5, 0.9), (0.36, 1.0)]
    s.paint("road or ground", s.band(road, [0.008, 0.014, 0.026, 0.05, 0.085, 0.14, 0.22], 0.03))
    s.layer("Trees")
    for foot, tall in (((0.14, 0.76), 0.4), ((0.3, 0.64), 0.17), ((0.25, 0.655), 0.13), ((0.85, 0.72), 0.28)):
        s.paint("tree", s.tree(foot, tall, 0.75))
    s.layer("Farmhouse")
    s.paint("building", s.house((0.685, 0.575), 0.055, 0.075, False) | s.house((0.73, 0.577), 0.025, 0.05))
    return s.document


def meadow(palette: Palette) -> Document:
    s = Scene(palette, 256, 256, 44)
    s.layer("Far forest")
    far = s.curve([(0, 0.4), (0.35, 0.43), (0.7, 0.46), (1, 0.45)], 2)
    s.paint("tree", s.below(s.crowns(far, 4, 9)))
    s.layer("Meadow")
    s.paint("grass", s.below(s.curve([(0, 0.55), (0.4, 0.52), (0.75, 0.505), (1, 0.52)], 1)))
    s.layer("Forest edge")
    edge = s.curve([(0, 0.14), (0.12, 0.2), (0.24, 0.32), (0.36, 0.44), (0.45, 0.56)], 2)
    foot = s.curve([(0, 0.72), (0.2, 0.63), (0.36, 0.565), (0.45, 0.53)], 1)
    near = ~s.right_of(0.42) & s.below(s.crowns(edge, 8, 16, 0, 0.42))
    s.paint("tree", near & ~s.below(s.crowns(foot, 2, 4)))
    s.layer("Path")
    path = [(0.66, 0.52), (0.64, 0.58), (0.58, 0.68), (0.62, 0.82), (0.72, 1.0)]
    s.paint("road or ground", s.band(path, [0.006, 0.014, 0.03, 0.055, 0.1], 0.06))
    s.layer("Old tree")
    s.paint("tree", s.tree((0.83, 0.74), 0.42, 0.8))
    s.layer("Sheep")
    for x, y, size in ((0.4, 0.74, 0.03), (0.47, 0.71, 0.025), (0.34, 0.69, 0.022)):
        body = s.blob((x, y), (size, size * 0.62), 0.08) | s.blob((x + size, y - size * 0.4), (size * 0.35, size * 0.3))
        legs = [s.polygon([(x + d * size, y), (x + d * size, y + size)]) for d in (-0.6, -0.35, 0.35, 0.6)]
        s.paint("object", np.logical_or.reduce([body, *legs]))
    return s.document


def alpine_village(palette: Palette) -> Document:
    s = Scene(palette, 384, 256, 55)
    s.layer("Peaks")
    peaks = [(0, 0.34), (0.12, 0.22), (0.2, 0.28), (0.36, 0.07), (0.46, 0.2), (0.6, 0.13), (0.78, 0.32), (1, 0.2)]
    s.paint("mountain", s.below(s.ridge(peaks, 0.13)))
    s.layer("Forest slopes")
    slope = s.curve([(0, 0.4), (0.2, 0.49), (0.42, 0.56), (0.65, 0.53), (0.85, 0.44), (1, 0.38)], 4)
    s.paint("tree", s.below(s.spires(slope, 5, 11)))
    s.layer("Pastures")
    pasture = s.curve([(0, 0.6), (0.2, 0.625), (0.5, 0.635), (0.8, 0.615), (1, 0.56)], 3)
    s.paint("grass", s.below(pasture))
    s.paint("grass", s.blob((0.8, 0.53), (0.07, 0.035), 0.3) | s.blob((0.17, 0.555), (0.06, 0.022), 0.3))
    s.layer("Village, back row")
    for x, y, wide, gable in ((0.315, 0.66, 0.055, False), (0.42, 0.655, 0.035, True), (0.6, 0.655, 0.06, False)):
        s.paint("building", s.house((x, y), wide, wide * 1.5, gable))
    s.paint("building", s.house((0.475, 0.665), 0.03, 0.16) | s.house((0.5, 0.665), 0.05, 0.085, False))
    s.paint("building", s.polygon([(0.462, 0.56), (0.475, 0.43), (0.488, 0.56)]))
    s.paint("building", s.house((0.735, 0.655), 0.045, 0.075))
    s.layer("Gardens")
    for x, y, tall in (
        (0.34, 0.675, 0.07),
        (0.43, 0.68, 0.08),
        (0.62, 0.675, 0.09),
        (0.25, 0.67, 0.1),
        (0.71, 0.68, 0.1),
    ):
        s.paint("tree", s.tree((x, y), tall, 0.9))
    s.layer("Village, front row")
    rows = (
        (0.27, 0.735, 0.085, True),
        (0.4, 0.725, 0.09, False),
        (0.545, 0.735, 0.08, True),
        (0.68, 0.725, 0.1, False),
    )
    for x, y, wide, gable in rows:
        s.paint("building", s.house((x, y), wide, wide * 1.45, gable))
    s.layer("Road")
    road = [(0.475, 0.7), (0.475, 0.76), (0.45, 0.83), (0.36, 0.91), (0.2, 1.0)]
    s.paint("road or ground", s.band(road, [0.018, 0.035, 0.07, 0.12, 0.2], 0.03))
    s.layer("Trees in front")
    for foot, tall in (((0.88, 0.9), 0.42), ((0.95, 0.93), 0.5), ((0.81, 0.85), 0.25), ((0.06, 0.82), 0.27)):
        s.paint("tree", s.conifer(foot, tall))
    return s.document


def desert(palette: Palette) -> Document:
    s = Scene(palette, 384, 256, 66)
    s.layer("Far range")
    s.paint("mountain", s.below(s.ridge([(0, 0.47), (0.2, 0.42), (0.5, 0.46), (0.75, 0.4), (1, 0.45)], 0.07)))
    s.layer("Table mountains")
    left = [(0, 0.34), (0.17, 0.33), (0.185, 0.345), (0.2, 0.42), (0.27, 0.5), (0.33, 0.53), (1, 0.7)]
    s.paint("mountain", s.below(s.ridge(left, 0.025)))
    right = [(0, 0.7), (0.55, 0.53), (0.62, 0.47), (0.635, 0.29), (0.65, 0.27), (0.74, 0.265), (0.765, 0.3)]
    right += [(0.775, 0.44), (0.85, 0.51), (1, 0.53)]
    s.paint("mountain", s.below(s.ridge(right, 0.025)))
    needle = [(0, 0.7), (0.42, 0.53), (0.455, 0.49), (0.463, 0.36), (0.475, 0.34), (0.487, 0.37), (0.495, 0.49)]
    s.paint("mountain", s.below(s.ridge([*needle, (0.53, 0.53), (1, 0.7)], 0.02)))
    s.layer("Plain")
    s.paint("road or ground", s.below(s.curve([(0, 0.54), (0.3, 0.525), (0.6, 0.53), (1, 0.535)], 1.5)))
    s.layer("Dry grass")
    for place, radii in (((0.2, 0.63), (0.16, 0.016)), ((0.72, 0.68), (0.2, 0.02)), ((0.36, 0.84), (0.25, 0.035))):
        s.paint("grass", s.blob(place, radii, 0.5))
    s.layer("Shrubs")
    for _shrub in range(26):
        x, y = s.random.uniform(0, 1), 0.56 + 0.42 * s.random.uniform() ** 1.5
        size = 0.006 + 0.09 * (y - 0.53) ** 1.3
        s.paint("tree", s.blob((x, y - size), (size * 0.9, size), 0.35))
    return s.document


def river_valley(palette: Palette) -> Document:
    s = Scene(palette, 320, 256, 77)
    s.layer("Far mountains")
    s.paint(
        "mountain", s.below(s.ridge([(0, 0.3), (0.25, 0.36), (0.45, 0.2), (0.56, 0.28), (0.75, 0.4), (1, 0.3)], 0.12))
    )
    s.layer("Valley floor")
    s.paint("grass", s.below(s.curve([(0, 0.5), (0.5, 0.47), (1, 0.5)], 1)))
    s.layer("River")
    river = [(0.53, 0.475), (0.56, 0.51), (0.44, 0.56), (0.52, 0.64), (0.66, 0.73), (0.5, 0.86), (0.3, 1.0)]
    widths = [0.01, 0.025, 0.055, 0.085, 0.13, 0.22, 0.36]
    s.paint("road or ground", s.band(river, [width * 1.18 + 0.008 for width in widths], 0.1))
    s.paint("water", s.band(river, widths, 0.05))
    s.layer("Left slope")
    left = s.ridge([(0, 0.12), (0.12, 0.22), (0.25, 0.35), (0.36, 0.46), (0.44, 0.505), (1, 0.9)], 0.05)
    foot = s.curve([(0, 0.77), (0.15, 0.66), (0.3, 0.56), (0.44, 0.5)], 2)
    s.paint("mountain", s.between(left, foot) & ~s.right_of(0.44))
    woods = s.curve([(0, 0.42), (0.15, 0.44), (0.3, 0.475), (0.43, 0.5)], 3)
    s.paint("tree", s.between(s.spires(woods, 5, 11, 0, 0.4), s.crowns(foot + 3, 2, 4)) & ~s.right_of(0.42))
    s.layer("Right slope")
    right = s.ridge([(0, 0.9), (0.6, 0.5), (0.7, 0.44), (0.82, 0.31), (0.92, 0.24), (1, 0.15)], 0.05)
    foot = s.curve([(0.55, 0.5), (0.75, 0.56), (0.9, 0.66), (1, 0.75)], 2)
    s.paint("mountain", s.between(right, foot) & s.right_of(0.6))
    woods = s.curve([(0.55, 0.49), (0.75, 0.47), (0.9, 0.44), (1, 0.4)], 3)
    s.paint("tree", s.between(s.spires(woods, 5, 12, 0.62, 1), s.crowns(foot + 3, 2, 4)) & s.right_of(0.6))
    s.layer("Trees by the river")
    for foot, tall in (((0.75, 0.85), 0.26), ((0.84, 0.9), 0.34), ((0.13, 0.84), 0.2), ((0.36, 0.64), 0.09)):
        s.paint("tree", s.tree(foot, tall, 0.75))
    return s.document


def island(palette: Palette) -> Document:
    s = Scene(palette, 320, 256, 88)
    s.layer("Sea")
    s.paint("water", s.below(np.full(320, 0.5 * 256)))
    s.layer("Far islands")
    far = s.ridge([(0, 0.46), (0.08, 0.45), (0.17, 0.51), (0.8, 0.51), (0.9, 0.47), (1, 0.455)], 0.03)
    s.paint("mountain", s.between(far, np.full(320, 0.503 * 256)))
    s.layer("Island")
    peak = [(0, 0.66), (0.2, 0.57), (0.3, 0.48), (0.43, 0.34), (0.5, 0.26), (0.56, 0.3), (0.66, 0.44), (0.78, 0.53)]
    shore = s.curve([(0, 0.6), (0.2, 0.595), (0.45, 0.625), (0.65, 0.63), (0.88, 0.595), (1, 0.6)], 1)
    s.paint("mountain", s.between(s.ridge([*peak, (0.9, 0.6), (1, 0.66)], 0.07), shore))
    s.layer("Beach")
    sand = s.curve([(0, 0.62), (0.12, 0.6), (0.25, 0.59), (0.5, 0.6), (0.75, 0.592), (0.9, 0.6), (1, 0.62)], 1)
    s.paint("road or ground", s.between(sand, shore + 3) & s.right_of(0.14) & ~s.right_of(0.9))
    s.layer("Palms and scrub")
    woods = s.curve([(0, 0.65), (0.2, 0.57), (0.35, 0.52), (0.5, 0.49), (0.65, 0.52), (0.82, 0.57), (1, 0.65)], 3)
    s.paint("tree", s.between(s.crowns(woods, 3, 8, 0.2, 0.82), s.crowns(sand + 3, 2, 4)))
    s.paint("grass", s.blob((0.62, 0.47), (0.07, 0.035), 0.4) | s.blob((0.42, 0.455), (0.05, 0.03), 0.4))
    s.layer("Sailing boat")
    s.paint("object", s.polygon([(0.2, 0.75), (0.29, 0.75), (0.275, 0.775), (0.215, 0.775)]))
    s.paint("object", s.polygon([(0.24, 0.74), (0.24, 0.61), (0.285, 0.74)]))
    s.paint("object", s.polygon([(0.233, 0.74), (0.233, 0.64), (0.205, 0.74)]))
    s.layer("Rocks in front")
    rocks = s.ridge([(0, 1.1), (0.55, 1.02), (0.68, 0.93), (0.8, 0.9), (0.9, 0.82), (1, 0.79)], 0.08)
    s.paint("mountain", s.below(rocks))
    return s.document


def forest_lake(palette: Palette) -> Document:
    s = Scene(palette, 256, 256, 99)
    s.layer("Far hills")
    s.paint("mountain", s.below(s.ridge([(0, 0.4), (0.3, 0.3), (0.55, 0.35), (0.8, 0.27), (1, 0.36)], 0.05)))
    s.layer("Far shore")
    s.paint("tree", s.below(s.spires(s.curve([(0, 0.43), (0.35, 0.465), (0.65, 0.46), (1, 0.42)], 2), 8, 18)))
    s.layer("Lake")
    s.paint("water", s.below(s.curve([(0, 0.56), (0.3, 0.53), (0.7, 0.525), (1, 0.55)], 1)))
    s.layer("Forest on both sides")
    left = s.curve([(0, 0.2), (0.12, 0.3), (0.25, 0.5), (0.34, 0.58)], 2)
    bank = s.curve([(0, 0.7), (0.15, 0.64), (0.34, 0.555), (0.4, 0.54)], 1)
    s.paint("tree", s.between(s.spires(left, 16, 34, 0, 0.26), bank) & ~s.right_of(0.36))
    right = s.curve([(0.68, 0.56), (0.8, 0.44), (0.92, 0.3), (1, 0.24)], 2)
    bank = s.curve([(0.64, 0.54), (0.8, 0.575), (1, 0.66)], 1)
    s.paint("tree", s.between(s.spires(right, 14, 30, 0.74, 1), bank) & s.right_of(0.66))
    s.layer("Near shore")
    shore = s.curve([(0, 0.85), (0.3, 0.9), (0.55, 0.955), (0.8, 0.92), (1, 0.83)], 2)
    s.paint("grass", s.below(s.crowns(shore, 2, 4)))
    s.layer("Stones")
    stones = (((0.42, 0.9), (0.05, 0.026)), ((0.54, 0.925), (0.035, 0.02)), ((0.68, 0.9), (0.06, 0.03)))
    for place, radii in (*stones, ((0.35, 0.86), (0.022, 0.012))):
        s.paint("mountain", s.blob(place, radii, 0.2))
    s.layer("Jetty")
    s.paint("object", s.polygon([(0.14, 0.9), (0.24, 0.91), (0.345, 0.755), (0.315, 0.753)]))
    s.layer("Fir in front")
    s.paint("tree", s.conifer((0.9, 0.97), 0.75) | s.conifer((1.0, 0.95), 0.55))
    return s.document


def farm(palette: Palette) -> Document:
    s = Scene(palette, 320, 256, 110)
    s.layer("Hills")
    hills = s.curve([(0, 0.42), (0.25, 0.37), (0.5, 0.41), (0.8, 0.35), (1, 0.39)], 2)
    s.paint("mountain", s.below(hills))
    s.layer("Wood")
    s.paint("tree", s.below(s.crowns(s.curve([(0, 0.46), (0.4, 0.485), (0.7, 0.48), (1, 0.45)], 2), 4, 9)))
    s.layer("Fields")
    s.paint("grass", s.below(s.curve([(0, 0.55), (0.5, 0.53), (1, 0.54)], 1)))
    s.paint("road or ground", s.polygon([(0, 0.6), (0.3, 0.565), (0.42, 0.568), (0.1, 0.665), (0, 0.68)]))
    s.paint("tree", s.blob((0.14, 0.565), (0.13, 0.012), 0.3))
    s.layer("Barn and house")
    s.paint("building", s.house((0.67, 0.66), 0.2, 0.2) | s.house((0.83, 0.655), 0.17, 0.17, False))
    s.paint("building", s.house((0.47, 0.645), 0.11, 0.13, False))
    s.paint("building", s.polygon([(0.55, 0.65), (0.55, 0.44), (0.565, 0.42), (0.58, 0.44), (0.58, 0.65)]))
    s.layer("Yard and drive")
    yard = [(0.62, 0.645), (0.6, 0.69), (0.5, 0.78), (0.34, 0.9), (0.22, 1.0)]
    s.paint(
        "road or ground", s.blob((0.66, 0.672), (0.2, 0.022), 0.2) | s.band(yard, [0.1, 0.12, 0.13, 0.2, 0.3], 0.02)
    )
    s.layer("Garden trees")
    for foot, tall in (((0.94, 0.72), 0.4), ((0.4, 0.665), 0.2), ((0.08, 0.78), 0.34)):
        s.paint("tree", s.tree(foot, tall, 0.75))
    s.layer("Pond and fence")
    s.paint("water", s.blob((0.79, 0.83), (0.15, 0.05), 0.2))
    for post in range(9):
        x, y = 0.02 + post * 0.034, 0.9 - post * 0.014
        s.paint(
            "object",
            s.polygon([(x, y - 0.07 + post * 0.004), (x + 0.006, y - 0.07 + post * 0.004), (x + 0.006, y), (x, y)]),
        )
    s.paint("object", s.polygon([(0.02, 0.85), (0.3, 0.755), (0.3, 0.765), (0.02, 0.865)]))
    return s.document


SCENES = {
    mountain_lake: 3,
    coast: 5,
    hill_road: 38,
    meadow: 30,
    alpine_village: 40,
    desert: 6,
    river_valley: 57,
    island: 55,
    forest_lake: 60,
    farm: 21,
}
"""And the seed of each photo: a look of the starter model that suits the scene."""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else paths.resource("samples")
    folder.mkdir(parents=True, exist_ok=True)
    palette = Palette.read(paths.resource("classes", "outdoor8.json"))
    for draw, seed in SCENES.items():
        path = folder / f"{draw.__name__.replace('_', '-')}.oasis"
        document = draw(palette)
        document.seed = seed
        write_project(path, document)
        print(path)


if __name__ == "__main__":
    main()
