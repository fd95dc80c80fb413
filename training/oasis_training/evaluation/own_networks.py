"""Networks that a person brings as TorchScript files: Inception for FID, a segmenter for the papers' mIoU.

They take RGB images in [0, 1] and do the rest, resizing and normalisation, themselves; only Inception is given the 299
pixels it knows. The program comes with neither.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_CHUNK = 16
_SIDE = 299


def open_script(path: Path, device: torch.device) -> torch.jit.ScriptModule:
    """A TorchScript network in evaluation mode; StudioError if the file is none. It may run code: trust its source."""
    if not path.is_file():
        raise StudioError(_("There is no file {path}.").format(path=path))
    try:
        return torch.jit.load(str(path), map_location=device).eval()
    except Exception as error:  # the reader raises whatever a strange file makes it stumble over
        raise StudioError(
            _("{path} is no TorchScript file.").format(path=path),
            _("Write one with torch.jit.script(network).save(path) or torch.jit.trace."),
            repr(error),
        ) from error


class InceptionFile:
    """Features (N, D) of a network such as the Inception of FID.

    One that has ``return_features`` (as the file of StyleGAN) takes bytes 0…255 and resizes itself.
    """

    def __init__(self, path: Path, device: torch.device) -> None:
        self._path, self._device = path, device
        self._network = open_script(path, device)
        self._takes_bytes = "return_features" in {entry.name for entry in self._network.forward.schema.arguments}  # type: ignore[attr-defined] # a script has it

    @torch.no_grad()
    def features(self, image_N3HW: Tensor) -> Tensor:
        """(N, D) float64 on the CPU; images in [−1, 1]. StudioError if the network does not take them."""
        rows = []
        for part in image_N3HW.split(_CHUNK):
            unit = ((part.to(self._device) + 1) / 2).clamp(0, 1)
            try:
                found = self._run(unit)
            except RuntimeError as error:
                raise _refused(self._path, error) from error
            found = found[0] if isinstance(found, tuple | list) else found
            if not isinstance(found, Tensor) or found.numel() % len(part) or found.numel() == 0:
                raise _refused(self._path, "no features")
            rows.append(found.reshape(len(part), -1).double().cpu())
        return torch.cat(rows)

    def _run(self, unit_N3HW: Tensor) -> object:
        if self._takes_bytes:
            return self._network((unit_N3HW * 255).round().to(torch.uint8), return_features=True)
        return self._network(F.interpolate(unit_N3HW, size=(_SIDE, _SIDE), mode="bilinear", align_corners=False))


class SegmenterFile:
    """Readings of a network (N, 3, H, W) → logits (N, C, h, w); C is the number of the data's classes.

    Where the data has an id 0 that means "no label", the network may leave it out, as those of the papers do.
    """

    def __init__(self, path: Path, palette: Palette, device: torch.device) -> None:
        self._path, self._device, self._palette = path, device, palette
        self._network = open_script(path, device)

    @torch.no_grad()
    def classes(self, image_N3HW: Tensor) -> Tensor:
        """(N, H, W) int64 on the CPU; images in [−1, 1]. StudioError if the network does not fit."""
        count, leaves_out = len(self._palette), self._palette.dont_care == 0
        found = []
        for part in image_N3HW.split(_CHUNK):
            try:
                logits = self._network(((part.to(self._device) + 1) / 2).clamp(0, 1))
            except RuntimeError as error:
                raise _refused(self._path, error) from error
            logits = logits[0] if isinstance(logits, tuple | list) else logits
            if not isinstance(logits, Tensor) or logits.dim() != 4 or len(logits) != len(part):
                raise _refused(self._path, "no logits")
            if logits.shape[1] != count and not (leaves_out and logits.shape[1] == count - 1):
                raise StudioError(
                    _("The network in {path} reads {found} classes; the data has {count}.").format(
                        path=self._path.name, found=logits.shape[1], count=count
                    )
                )
            logits = F.interpolate(logits.float(), size=part.shape[2:], mode="bilinear", align_corners=False)
            found.append(logits.argmax(dim=1).cpu() + (logits.shape[1] < count))
        return torch.cat(found)


def _refused(path: Path, reason: object) -> StudioError:
    return StudioError(
        _("The network in {path} does not take pictures as (N, 3, H, W) in [0, 1].").format(path=path.name),
        _("Resizing and normalisation belong into the file."),
        str(reason),
    )
