"""Opens the backbone that comes with the program: once in a process, when something first looks with it."""

from __future__ import annotations

import threading

import torch
from safetensors import SafetensorError
from safetensors.torch import load

from oasis_studio.core.models.backbone import NAME, BackboneCard, BackboneId, backbone_files
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.backbone.network import Backbone

_lock = threading.Lock()
_opened: dict[torch.device, Backbone] = {}


def shared_backbone(device: torch.device) -> Backbone:
    """The backbone on ``device``, in float32 and frozen; every caller in the process gets the same one.

    The weights are read on the first call. Raises StudioError if the file is missing, damaged or not the one that
    its card names.
    """
    with _lock:
        if device not in _opened:
            # Whoever looks first may not need gradients to the pixels; a training that looks later does.
            with torch.inference_mode(False):
                _opened[device] = _read().to(device)
        return _opened[device]


def check_backbone(wanted: BackboneId | None, model: str) -> None:
    """Raise StudioError unless ``model`` was made with ``wanted``, the backbone that comes with this program."""
    if wanted is None:
        raise StudioError(
            _('The card of the model "{model}" does not say with which network it looks at pictures.').format(
                model=model
            )
        )
    ours = BackboneCard.read().id
    if wanted != ours:
        raise StudioError(
            _('The critic of "{model}" needs the network "{wanted}", and this program comes with "{ours}".').format(
                model=model, wanted=wanted, ours=ours
            ),
            _("Photos can be painted with it. Its critic needs the version of OASIS Studio that it was made with."),
        )


def _read() -> Backbone:
    path, card = backbone_files()[0], BackboneCard.read()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unusable(_("{path} cannot be read: {error}").format(path=path, error=error.strerror)) from error
    if card.digest(data) != card.id.sha256:
        raise _unusable(_("{path} was changed or damaged.").format(path=path))
    network = _empty()
    try:
        state = {key: value.float() for key, value in load(data).items()}
        network.load_state_dict(state, assign=True)
    except (SafetensorError, RuntimeError) as error:
        raise _unusable(_("{path} holds other weights than expected.").format(path=path), str(error)) from error
    return network.eval().requires_grad_(False)


def _empty() -> Backbone:
    with torch.device("meta"):
        return Backbone()


def _unusable(reason: str, detail: str = "") -> StudioError:
    return StudioError(
        _("The network that looks at pictures ({name}) cannot be used: {reason}").format(name=NAME, reason=reason),
        _("Painting goes on without a critic. Install OASIS Studio again to get it back."),
        detail,
    )
