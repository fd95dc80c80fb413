"""What happened in a soak, so that the stretch after a kill knows what must not be lost."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from oasis_studio.core.document.document import Document
from oasis_studio.synthesis.rendering.memory import HeapStatus, gnu_library


class Ledger:
    """What happened, one JSON object a line; a line that a kill cut short is passed over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ledger.jsonl"
        self._began = time.monotonic()

    def note(self, what: str, **values: object) -> None:
        entry = {"what": what, "at": round(time.monotonic() - self._began, 2), **values}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def entries(self) -> list[dict]:
        found = []
        for line in self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found


def fingerprint(document: Document) -> str:
    """Of the labels as they are seen, the seed and the layers."""
    about = f"{document.seed} {document.model} {[layer.name for layer in document.layers]}".encode()
    return hashlib.sha1(document.flatten().tobytes() + about).hexdigest()


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def heap_mb() -> dict[str, int]:
    """What the C library holds: in use, freed but not handed back, and in mappings of their own."""
    library = gnu_library()
    if library is None or not hasattr(library, "mallinfo2"):
        return {}
    library.mallinfo2.restype = HeapStatus
    status = library.mallinfo2()
    return {name: getattr(status, name) >> 20 for name in ("used", "free", "mapped")}
