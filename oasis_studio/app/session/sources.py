"""The files that the open drawing was made from: neither it nor anything made of it is written over them."""

from __future__ import annotations

from pathlib import Path

from oasis_studio.app.session.session import Session
from oasis_studio.core.disk.distinct import is_same_file, require_distinct


def require_apart(session: Session, output: Path, is_project: bool = False) -> None:
    """StudioError if writing ``output`` would replace what the drawing was opened from, labels that were imported into
    it, its reference photo, or a file of the folder whose photos are being labelled.

    ``is_project``: the drawing itself is saved, which may replace the project file that it was opened from.
    """
    path, document = session.path, session.document
    if is_project and path is not None and is_same_file(output, path):
        return
    reference = document.reference.source if document.reference else None
    require_distinct(output, [path, reference, *document.origins])
