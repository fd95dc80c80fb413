"""Files that are either written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_GONE = [
    getattr(errno, name)
    for name in ("ESTALE", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENOTCONN", "ETIMEDOUT")
    if hasattr(errno, name)
]
"""What systems say where a network folder was."""


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let ``write`` fill a new file in the folder of ``path``, then put it in the place of ``path`` in one step.

    If anything fails, a full disk included, the old file stays as it was and no other file stays behind. Raises
    StudioError for what the disk refuses; an exception of ``write`` that is no OSError passes through.
    """
    target = Path(path).resolve()  # a link keeps pointing at the file
    temporary = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with temporary.open("xb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise StudioError(
            _("{path} could not be saved: {reason}.").format(path=path, reason=_reason(error)),
            _hint(error),
            repr(error),
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` as the whole file, as :func:`write_atomically` does."""
    write_atomically(path, lambda stream: stream.write(data))


def write_json(path: Path, value: Any) -> None:
    """Write a value as indented JSON in UTF-8. Texts that are none, as names of files can be, are escaped."""
    try:
        data = json.dumps(value, indent=2, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        data = json.dumps(value, indent=2).encode()
    write_bytes(path, data + b"\n")


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: OSError) -> str:
    reasons = {
        errno.ENOSPC: _("the disk is full"),
        errno.EDQUOT: _("your share of the disk is full"),
        errno.EACCES: _("you may not write in this folder"),
        errno.EPERM: _("you may not write in this folder"),
        errno.EROFS: _("this disk is read-only"),
        errno.ENOENT: _("this folder does not exist"),
        errno.EISDIR: _("it is a folder"),
        **dict.fromkeys(_GONE, _("the folder is on a network that cannot be reached")),
    }
    return reasons.get(error.errno or 0) or error.strerror or str(error)


def _hint(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("Free some space or save to another disk. The file that was there is unchanged.")
    return _("Choose another folder or name. A file that was there is unchanged.")
