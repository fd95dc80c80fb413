"""Models of the library, and what each can do: photos from labels, labels from photos, doubt, and styles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oasis_studio.api import arrays
from oasis_studio.api.cancelling import IsCancelled, never
from oasis_studio.api.noise_rows import NoiseRows
from oasis_studio.api.photo_noise import PhotoNoise, noise_found, noise_job
from oasis_studio.api.requests import scene_request
from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import ModelLibrary, default_library
from oasis_studio.core.work.jobs import Critique, CritiqueJob, EncodeJob, Inversion, Segmentation, SegmentJob, StyleCode
from oasis_studio.core.work.request import SynthesisRequest

if TYPE_CHECKING:
    from oasis_studio.api.networks import Networks
    from oasis_studio.core.document.lock import Lock

Steps = Callable[[int, int], object]
"""Is told the steps done and the steps in all."""


def models() -> list[str]:
    """The ids of all models that can be opened by name, by their names for people; damaged ones are left out.

    >>> "outdoor" in models()
    True
    """
    return [card.id for card in default_library().cards()]


def open_model(name_or_path: str | PathLike[str], *, device: str = "auto", max_memory: int | None = None) -> Model:
    """A model by its id, its name or its folder. Weights are read when they are first needed.

    ``device`` is "auto" (the fastest that there is), "cpu", "cuda" or "mps"; ``max_memory`` in bytes is how large the
    process may become by rendering, which then goes in tiles. StudioError names near models if there is none.
    """
    library = default_library()
    folder, card = library.find(str(name_or_path))
    key = card.id if card.id in models() and library.find(card.id)[0] == folder else str(folder)
    return Model(library, key, device, max_memory)


@dataclass(frozen=True, eq=False)
class Variation:
    """One of several photos of a label map: ``noise_RZ`` as ``render(noise=…)`` takes it makes it again.

    ``photo_HW3`` uint8 RGB; ``realism`` 0…1 is the mean of what the critic says of it, None where nobody asked.
    """

    seed: int
    photo_HW3: np.ndarray
    noise_RZ: np.ndarray
    realism: float | None = None


class Model:
    """An open model; :func:`open_model` makes them. Calls from several threads take turns.

    ``card`` says all that is known of the model, ``folder`` is where it lies.
    """

    def __init__(self, library: ModelLibrary, key: str, device: str = "auto", max_memory: int | None = None) -> None:
        """``key`` is what ``library`` finds it by; the rest as for :func:`open_model`."""
        self.folder: Path
        self.card: ModelCard
        self.folder, self.card = library.find(key)
        self._library, self._key, self._device, self._max_memory = library, key, device, max_memory
        self._networks: Networks | None = None

    def __repr__(self) -> str:
        return f"<Model {self.card.id}: {len(self.classes)} classes, {self.native_size[0]}×{self.native_size[1]}>"

    @property
    def name(self) -> str:
        """What people call it."""
        return self.card.name

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; a class's id in label maps is its place here."""
        return tuple(entry.name for entry in self.card.palette.classes)

    @property
    def palette(self) -> np.ndarray:
        """(C, 3) uint8 RGB: the colour of every class, so that ``model.palette[labels]`` is a picture of them."""
        return self.card.palette.colors[: len(self.card.palette)].copy()

    @property
    def native_size(self) -> tuple[int, int]:
        """(width, height) in pixels of what it was trained on; it renders other sizes, too."""
        return self.card.native_size

    @property
    def noise_size(self) -> int:
        """Z, the numbers of one noise vector; 0 for a model without noise in its regions."""
        return self.card.noise_size

    def noise(self, seed: int | Iterable[int] = 0) -> np.ndarray:
        """(Z,) float32 for a seed, (N, Z) for N of them: what ``render(seed=…)`` uses. The same on every machine.

        >>> model = open_model("outdoor")
        >>> model.noise([1, 2]).shape == (2, model.noise_size)
        True
        """
        found = np.stack([noise_vector(each, self.noise_size) for each in arrays.seeds(seed)])
        return found[0] if isinstance(seed, int | np.integer) else found

    def render(
        self,
        labels_HW: Any,
        *,
        seed: int | Iterable[int] = 0,
        noise: Any = None,
        regions: Any = None,
        style: Any = None,
        locks: Sequence[Lock] = (),
        precision: str = "auto",
        progress: Steps | None = None,
        is_cancelled: IsCancelled = never,
    ) -> np.ndarray:
        """The photo of a label map: (H, W, 3) uint8 RGB. The same arguments give the same bytes.

        ``labels_HW`` (H, W) whole numbers: places in :attr:`classes`, or 255 for nothing, which only some models
        know. ``noise`` float32 is, with Z numbers in its last dimension,

        - (Z,): one vector for the whole image,
        - (C, Z): one for every class,
        - (R, Z) with ``regions`` (H, W): pixels of region r use row r, whatever their class,
        - (H, W, Z): one for every pixel.

        Without noise, ``seed`` (0…2³¹ − 1) makes it: one seed, one a class, or one a region. ``style`` (S,) float32
        is for models that take a style code of the whole image instead (:meth:`style_code`). ``locks``
        (:func:`~oasis_studio.api.locks.lock`) keep pixels of other photos. ``precision`` is "auto" or "fp32" for
        full precision, "bf16" and "int8" for less of it. ``progress`` is told the steps done and those in all.
        StudioError if arguments do not fit each other or the model; Cancelled soon after ``is_cancelled()`` is True.

        >>> import numpy as np
        >>> model = open_model("outdoor")
        >>> labels = np.zeros((64, 96), np.uint8)
        >>> labels[32:] = model.classes.index("grass")
        >>> model.render(labels, seed=3).shape
        (64, 96, 3)
        """
        request = self._request(labels_HW, seed, noise, regions, style, precision)
        return self._opened.render(request, precision, progress, is_cancelled, locks)

    def render_float(
        self,
        labels_HW: Any,
        *,
        seed: int | Iterable[int] = 0,
        noise: Any = None,
        regions: Any = None,
        style: Any = None,
        precision: str = "auto",
        progress: Steps | None = None,
        is_cancelled: IsCancelled = never,
    ) -> np.ndarray:
        """As :meth:`render`, as the network gives it: (H, W, 3) float32 in [−1, 1]."""
        request = self._request(labels_HW, seed, noise, regions, style, precision)
        return self._opened.render_float(request, precision, progress, is_cancelled)

    def variations(
        self,
        labels_HW: Any,
        seeds: Iterable[int] = range(9),
        *,
        only: Iterable[int] | None = None,
        seed: int | Iterable[int] = 0,
        noise: Any = None,
        regions: Any = None,
        locks: Sequence[Lock] = (),
        precision: str = "auto",
        judged: bool = False,
        is_cancelled: IsCancelled = never,
    ) -> Iterator[Variation]:
        """One photo after the other, one for each of ``seeds``, as each is ready.

        ``only`` names rows of the noise that differ, classes or regions; the others keep what ``seed`` or ``noise``
        gives them. Without it the whole image differs. ``judged`` asks the critic how real each photo looks, which
        takes about as long as the photo. All else as for :meth:`render`.
        """
        wanted = arrays.seeds(seeds)
        rows = None if only is None else NoiseRows.of(self.card, labels_HW, seed, noise, regions)
        chosen = [] if rows is None or only is None else rows.require(only)
        for each in wanted:
            noise_RZ = self.noise(each) if rows is None else rows.varied(each, chosen)
            given = None if rows is None else noise_RZ
            photo_HW3 = self.render(
                labels_HW, seed=each, noise=given, regions=regions, locks=locks,
                precision=precision, is_cancelled=is_cancelled,
            )  # fmt: skip
            realism = float(self.judge(photo_HW3, labels_HW).realism_HW.mean()) if judged else None
            yield Variation(each, photo_HW3, noise_RZ, realism)

    def segment(self, photo_HW3: Any, smallest: int = 0) -> Segmentation:
        """Read a photo: ``labels_HW`` uint8 in the model's classes and ``sure_HW`` float32, how likely each is, 0…1.

        ``photo_HW3`` (H, W, 3) uint8 RGB of any size. Pieces of fewer than ``smallest`` pixels take the class around
        them (0: one pixel in 2,000 of the photo). StudioError for a model with neither a reader nor a critic.
        """
        job = SegmentJob(self._key, arrays.photo(photo_HW3), int(smallest))
        return self._opened.work(job, Segmentation)

    def judge(self, photo_HW3: Any, labels_HW: Any) -> Critique:
        """Where the model's critic doubts a photo of that label map; all maps have the photo's size.

        ``surprise_HW`` float32 in nats, higher is worse; ``realism_HW`` 0…1, the share of pixels of real photos that
        are more suspicious; ``read_HW`` uint8 the class that each pixel reads as and ``sure_HW`` how likely it is.
        StudioError for a model without a critic that names classes.
        """
        labels = arrays.label_map(labels_HW, self.card)
        job = CritiqueJob(self._key, arrays.photo(photo_HW3, labels.shape), labels)
        return self._opened.work(job, Critique)

    def noise_from_photo(
        self,
        photo_HW3: Any,
        labels_HW: Any,
        *,
        photo_labels_HW: Any = None,
        only: Iterable[int] | None = None,
        seed: int | Iterable[int] = 0,
        noise: Any = None,
        regions: Any = None,
        on_progress: Callable[[float], object] | None = None,
        is_cancelled: IsCancelled = never,
    ) -> PhotoNoise:
        """Noise that makes regions of a label map look like the same classes in a photo (inversion).

        ``photo_HW3`` uint8 RGB of any size; ``photo_labels_HW`` of the same size says what it shows, and is read from
        the photo if it is missing. ``only`` names the rows of the noise that are looked for, classes or regions; by
        default all whose class the photo shows. They begin with ``seed`` or ``noise``, which the others keep.
        ``on_progress`` is told shares 0…1 of up to a minute. StudioError where the photo shows nothing of a class.
        """
        rows = NoiseRows.of(self.card, labels_HW, seed, noise, regions)
        image = arrays.photo(photo_HW3)
        shown = self.segment(image).labels_HW if photo_labels_HW is None else photo_labels_HW
        job = noise_job(self._key, self.card, rows, image, shown, only)
        return noise_found(rows, job, self._opened.work(job, Inversion, on_progress, is_cancelled))

    def style_code(self, photo_HW3: Any) -> np.ndarray:
        """(S,) float32: the style of a photo as ``render(style=…)`` takes it, by the model's encoder.

        StudioError for a model without one.
        """
        return self._opened.work(EncodeJob(self._key, arrays.photo(photo_HW3)), StyleCode).code_S

    def _request(
        self, labels_HW: Any, seed: int | Iterable[int], noise: Any, regions: Any, style: Any, precision: str
    ) -> SynthesisRequest:
        return scene_request(self._key, self.card, labels_HW, seed, noise, regions, style, precision)

    @property
    def _opened(self) -> Networks:
        """The networks, which load torch."""
        if self._networks is None:
            from oasis_studio.api.networks import Networks  # torch

            self._networks = Networks(self._library, self._device, self._max_memory)
        return self._networks
