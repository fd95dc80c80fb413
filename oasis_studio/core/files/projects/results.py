"""Photos that were kept, in a project file: ``oasis/results.json``, and of each its photo and its scene.

A scene is a zip with what a project has under ``oasis/``; it is opened by the same code, and migrates like a project.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.disk.container import DAMAGE, Container, open_packed
from oasis_studio.core.document.document import MAX_SIDE, MIN_SIDE, Document
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.style import StyleTrail
from oasis_studio.core.files.pictures.photo import decode_photo, encode_photo, photo_size
from oasis_studio.core.files.projects import entries, manifest
from oasis_studio.core.files.projects.region_json import RegionEntries
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext

log = logging.getLogger(__name__)

FILE = "oasis/results.json"

_MAX_LIST = 16 * 2**20
_MAX_BYTES = 2**30
"""Of all results together: more than anybody keeps, and what a hostile file may cost at most."""
_PARTS = re.compile(r"oasis/result-\d{1,6}\.(jpg|png|oasis)")


# -- a result of a drawing ------------------------------------------------------------------------------------------


def made_result(
    document: Document,
    image_HW3: np.ndarray,
    model_name: str,
    model_sha256: str,
    made_at: int,
    is_lossless: bool = False,
    is_automatic: bool = False,
) -> Result:
    """Pack a photo, uint8 RGB of the document's size, and all that made it; slow enough to be done behind the window.

    The photo is a JPEG of high quality, or a PNG.
    """
    regions = RegionEntries.of(document)
    entries.check_maps(document, regions)
    metadata = {"Software": "OASIS Studio", "Model": document.model, "Seed": str(document.seed)}
    return Result(
        encode_photo(image_HW3, "PNG" if is_lossless else "JPEG", metadata),
        pack_scene(document, model_sha256),
        digest_of(image_HW3),
        document.width,
        document.height,
        made_at,
        document.model,
        model_name,
        model_sha256,
        document.seed,
        _classes(document),
        is_automatic=is_automatic,
    )


def digest_of(image_HW3: np.ndarray) -> str:
    """SHA-256 of the size and the pixels."""
    found = hashlib.sha256(repr(image_HW3.shape).encode())
    found.update(np.ascontiguousarray(image_HW3).data)
    return found.hexdigest()


def _classes(document: Document) -> tuple[str, ...]:
    counts = np.asarray(cv2.calcHist([document.flatten()], [0], None, [256], [0, 256])).ravel()[:UNPAINTED]
    order = [label for label in np.argsort(-counts, kind="stable").tolist() if counts[label]]
    return tuple(document.palette.classes[label].name for label in order)


def pack_scene(document: Document, model_sha256: str = "") -> bytes:
    """Everything that makes the photo, and nothing else. The same scene gives the same bytes."""
    styles = {key: StyleTrail((trail.style,)) for key, trail in document.styles.items() if not trail.style.is_plain}
    scene = replace(document, reference=None, snapshots=(), results=(), notes="", guides=Guides(), styles=styles)
    regions, stream = RegionEntries.of(scene), io.BytesIO()
    text = manifest.to_json(scene, False, model_sha256, regions)
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo(manifest.FILE), text.encode(), zipfile.ZIP_DEFLATED)
        for name, pack in entries.pictures(scene, regions):
            archive.writestr(zipfile.ZipInfo(name), pack(), zipfile.ZIP_STORED)
    return stream.getvalue()


def open_scene(result: Result) -> Document:
    """The drawing that the photo was made of, in arrays of its own; StudioError if it is damaged."""
    try:
        with open_packed(result.scene, "") as container:
            return entries.read_document(container).document
    except StudioError as error:
        raise StudioError(
            _("The drawing that belongs to this photo is damaged."),
            _("The photo can still be looked at and exported."),
            f"{error} {error.detail}",
        ) from error


def open_photo(result: Result, side: int = 0) -> np.ndarray:
    """(h, w, 3) uint8 RGB; if ``side`` is given, made smaller to fit into a square of it. StudioError if damaged."""
    image = decode_photo(result.photo, _("The kept photo"), side)
    if side and max(image.shape[:2]) > side:
        scale = side / max(image.shape[:2])
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    return image


# -- in a project file ----------------------------------------------------------------------------------------------


def result_entries(results: tuple[Result, ...]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file; none without results."""
    if results:
        told = [_result_json(result, number) for number, result in enumerate(results)]
        yield FILE, json.dumps({"results": told}, indent=1).encode()
    for number, result in enumerate(results):
        yield _photo_file(result, number), result.photo
        yield _scene_file(number), result.scene


def read_results(container: Container) -> tuple[tuple[Result, ...], str]:
    """Those that are whole, and a sentence about the others, "" if there are none."""
    if not container.has(FILE):
        return (), ""
    try:
        told = json.loads(container.read(FILE, _MAX_LIST))["results"]
        if type(told) is not list:
            raise TypeError("no list of results")
    except (StudioError, *_WRONG) as error:
        log.warning("no results can be read in %s: %r", container.name, error)
        return (), _("The kept photos in {name} are damaged and were left out.").format(name=container.name)
    found, budget = [], _MAX_BYTES
    for entry in told:
        try:
            result = _read_result(container, entry, budget)
        except (StudioError, *_WRONG) as error:
            log.warning("a result in %s was left out: %r", container.name, error)
        else:
            found.append(result)
            budget -= result.nbytes
    return tuple(found), _about_skipped(len(told) - len(found), container.name)


def _about_skipped(count: int, name: str) -> str:
    text = ngettext(
        "{count} kept photo in {name} is damaged and was left out.",
        "{count} kept photos in {name} are damaged and were left out.",
        count,
    )
    return text.format(count=count, name=name) if count else ""


def _photo_file(result: Result, number: int) -> str:
    return f"oasis/result-{number}.{'png' if result.is_lossless else 'jpg'}"


def _scene_file(number: int) -> str:
    return f"oasis/result-{number}.oasis"


def _result_json(result: Result, number: int) -> dict[str, Any]:
    return {
        "name": result.name,
        "is_starred": result.is_starred,
        "is_automatic": result.is_automatic,
        "made_at": result.made_at,
        "model": {"id": result.model, "name": result.model_name, "sha256": result.model_sha256},
        "seed": result.seed,
        "width": result.width,
        "height": result.height,
        "classes": list(result.classes),
        "sha256": result.digest,
        "photo": _photo_file(result, number),
        "scene": _scene_file(number),
    }


_WRONG = (KeyError, TypeError, AttributeError, OverflowError, RecursionError, *DAMAGE)


def _read_result(container: Container, entry: dict[str, Any], budget: int) -> Result:
    text, whole = partial(manifest.of_kind, str), manifest.whole
    files = [text(entry[part]) for part in ("photo", "scene")]
    if not all(_PARTS.fullmatch(file) for file in files):
        raise ValueError("a result in another place")
    photo = container.read(files[0], budget)
    scene = container.read(files[1], budget - len(photo))
    width, height = (whole(entry[side], MIN_SIDE, MAX_SIDE) for side in ("width", "height"))
    if photo_size(photo, files[0]) != (height, width):
        raise ValueError("a photo of another size")
    if not zipfile.is_zipfile(io.BytesIO(scene)):
        raise ValueError("no scene")
    model = entry["model"]
    return Result(
        photo,
        scene,
        text(entry["sha256"]),
        width,
        height,
        whole(entry["made_at"], 0, 2**40),
        text(model["id"]),
        text(model["name"]),
        text(model["sha256"]),
        whole(entry["seed"], 0, MAX_SEED),
        tuple(text(each) for each in manifest.of_kind(list, entry["classes"])),
        text(entry["name"]),
        manifest.of_kind(bool, entry["is_starred"]),
        manifest.of_kind(bool, entry["is_automatic"]),
    )
