"""The program for scripts and notebooks: models, photos, drawings and trainings as plain functions on NumPy arrays.

>>> from oasis_studio.api import models, open_model
>>> "outdoor" in models()
True
>>> open_model("outdoor").classes[:2]
('sky', 'tree')

Arrays are ``(height, width, …)``: label maps and region maps whole numbers, photos ``uint8`` RGB, noise ``float32``
drawn from N(0, 1). What is given is never written to, what comes back is the caller's. Every expected failure is a
:class:`StudioError` whose text is one sentence, and :class:`Cancelled` is the one that the caller asked for.
Nothing of Qt is imported, and torch only when a network is needed; each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from oasis_studio.errors import StudioError

if TYPE_CHECKING:
    from oasis_studio.api.cancelling import Cancelled
    from oasis_studio.api.evaluation import evaluate
    from oasis_studio.api.locks import lock
    from oasis_studio.api.model import Model, Variation, models, open_model
    from oasis_studio.api.photo_noise import PhotoNoise
    from oasis_studio.api.pictures import read_labels, read_photo, write_labels, write_photo
    from oasis_studio.api.projects import Project, new_project, open_project
    from oasis_studio.api.training import Trained, fine_tune, train

__all__ = [
    "Cancelled",
    "Model",
    "PhotoNoise",
    "Project",
    "StudioError",
    "Trained",
    "Variation",
    "evaluate",
    "fine_tune",
    "lock",
    "models",
    "new_project",
    "open_model",
    "open_project",
    "read_labels",
    "read_photo",
    "train",
    "write_labels",
    "write_photo",
]

_HOMES = {
    "cancelling": ("Cancelled",),
    "evaluation": ("evaluate",),
    "locks": ("lock",),
    "model": ("Model", "Variation", "models", "open_model"),
    "photo_noise": ("PhotoNoise",),
    "pictures": ("read_labels", "read_photo", "write_labels", "write_photo"),
    "projects": ("Project", "new_project", "open_project"),
    "training": ("Trained", "fine_tune", "train"),
}
"""Where each name is defined. Loading all of them at once would take longer than a start of the window may."""


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
