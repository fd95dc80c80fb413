"""Project files to look at and to damage."""

import json
import zipfile

import numpy as np

from tests.core import painters


def without_ids(document):
    head, layers = painters.state(document)
    return head, [layer[1:] for layer in layers]


def image_of(document, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (document.height, document.width, 3)).astype(np.uint8)


def repacked(path, changes):
    """The project again, with some entries replaced (bytes), changed (a function of the JSON) or removed (None)."""
    with zipfile.ZipFile(path) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    for name, change in changes.items():
        if callable(change):
            data = json.loads(entries[name])
            change(data)
            entries[name] = json.dumps(data).encode()
        elif change is None:
            del entries[name]
        else:
            entries[name] = change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path
