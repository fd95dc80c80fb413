"""``oasis-studio benchmark``: how fast a model is on this machine, and what to choose."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from oasis_studio.cli.render import ModelOption
from oasis_studio.cli.report import output
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.disk.distinct import require_distinct
from oasis_studio.core.models.library import default_library
from oasis_studio.i18n import _, decimal

_ROUNDS, _QUICK_ROUNDS = 7, 3


def benchmark(
    model: ModelOption,
    size: Annotated[int | None, typer.Option(min=64, max=2048, help=_("Side of the photo in pixels."))] = None,
    quick: Annotated[bool, typer.Option("--quick", help=_("Fewer rounds."))] = False,
    out: Annotated[Path | None, typer.Option("--json", help=_("File to write the numbers to."))] = None,
) -> None:
    """Print a table of milliseconds per photo and of how close each way is to the network itself."""
    library = default_library()
    folder, _card = library.find(model)  # a wrong name is told before torch is loaded
    if out is not None:
        require_distinct(out, [folder])

    from oasis_studio.synthesis.service.comparison import compare_renderers  # torch

    rows = compare_renderers(library, model, (size, size) if size else None, _QUICK_ROUNDS if quick else _ROUNDS)
    table = Table(title=rows[0].case)
    for heading in (_("Way"), _("ms"), _("times as fast"), _("largest error"), _("dB")):
        table.add_column(heading, justify="left" if heading == _("Way") else "right")
    for row in rows:
        psnr = "" if row.psnr is None else decimal(row.psnr)
        table.add_row(row.variant, decimal(row.wall_ms), decimal(row.ratio_wall, 1), f"{row.max_error:.0e}", psnr)
    output().print(table)
    by_name = {row.variant: row.wall_ms for row in rows}
    better = min(("fp32", "bf16", "int8"), key=lambda name: by_name.get(f"engine {name}", float("inf")))
    output().print(_("For previews, {precision} is faster here.").format(precision=better))
    if out is not None:
        write_json(out, [asdict(row) for row in rows])
