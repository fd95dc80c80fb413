"""From the session to what a render needs."""

from __future__ import annotations

from oasis_studio.app.session import Session
from oasis_studio.core.request import Quality, SynthesisRequest
from oasis_studio.core.style_noise import Styling, noise_table
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def build_request(
    session: Session, styling: Styling, request_id: int, quality: Quality = Quality.PREVIEW, shrink: int = 1
) -> SynthesisRequest:
    """The drawing as it is now, in these styles; only every ``shrink``-th pixel. StudioError without a model."""
    card = session.card
    if card is None:
        raise session.card_problem or StudioError(_("There is no model that could render this."))
    table = noise_table(session.regions.map, styling, card.noise_size)
    step = slice(None, None, shrink)
    return SynthesisRequest(
        id=request_id,
        model=session.document.model,
        labels_HW=session.labels_HW[step, step].copy(),
        regions_HW=table.regions_HW[step, step],
        noise_RZ=table.noise_RZ,
        quality=quality,
        style_code=styling.image_code(card.capabilities.style_size),
    )
