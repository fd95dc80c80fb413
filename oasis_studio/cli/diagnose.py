"""``oasis-studio diagnose``: a report to send to whoever helps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oasis_studio.cli.report import output
from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.diagnosis import write_diagnosis
from oasis_studio.i18n import _


def diagnose(
    out: Annotated[Path, typer.Option("-o", "--out", help=_("Where to write the report."))] = Path(
        "oasis-studio-report.zip"
    ),
) -> None:
    """Write versions, device, log and settings to a zip; no pictures, and no names of your files."""
    write_diagnosis(out, default_library(), {"device": _device()})
    output().print(_("Written to {path}.").format(path=out))


def _device() -> str:
    try:
        from oasis_studio.synthesis.rendering.device import choose_device  # torch: it may be what is broken
    except (ImportError, OSError) as error:
        return _("PyTorch cannot be loaded: {error}").format(error=error)
    return str(choose_device())
