"""A state of the drawing that a person wants to come back to or compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Snapshot:
    """``labels_HW`` uint8, the flattened label map of that moment (of the document's size), and its seed."""

    name: str
    labels_HW: np.ndarray
    seed: int
