"""Where a person's models live: large files, which may belong on another disk than everything else."""

from __future__ import annotations

import os
from pathlib import Path

from oasis_studio.core.disk.atomic import write_bytes
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import MODELS_NOTE, usual_home


def choose_models_folder(folder: Path | None) -> None:
    """From now on models live in ``folder``, in every part of the program; None: where they usually do.

    Models that are elsewhere stay there. StudioError if nothing can be written into it.
    """
    note = usual_home("settings") / MODELS_NOTE
    if folder is None:
        note.unlink(missing_ok=True)
        return
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        is_writable = False
    if not is_writable:
        raise StudioError(
            _("Nothing can be written into {folder}.").format(folder=folder), _("Choose another folder for models.")
        )
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(_("The choice of a folder for models cannot be stored.")) from error
    write_bytes(note, f"{folder}\n".encode())
