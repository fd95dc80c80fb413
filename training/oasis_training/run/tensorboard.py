"""Logs for TensorBoard, where a person wants them and has it installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.events import Listener

LOG_FOLDER = "tensorboard"


def open_log(folder: Path) -> Listener:
    """Writes losses, rates, metrics and previews of the run in ``folder``; StudioError without TensorBoard."""
    try:
        from torch.utils.tensorboard import SummaryWriter  # optional: it asks for a package of its own
    except ImportError as error:
        raise StudioError(
            _("TensorBoard is not installed."), _('Install it with "pip install tensorboard", or leave it out.')
        ) from error
    writer = SummaryWriter(str(folder / LOG_FOLDER))

    def write(kind: str, values: dict[str, Any]) -> None:
        images = values.get("images", 0)
        if kind == "step":
            for name, value in values["losses"].items():
                writer.add_scalar(f"losses/{name}", value, images)
            writer.add_scalar("images_per_second", values["images_per_second"], images)
        elif kind == "metric":
            writer.add_scalar("held_out/kernel_distance", values["kernel_distance"], images)
        elif kind == "preview":
            sheet = cv2.imread(str(folder / values["file"]))
            if sheet is not None:
                writer.add_image("preview", sheet[:, :, ::-1], images, dataformats="HWC")
        writer.flush()

    return write
