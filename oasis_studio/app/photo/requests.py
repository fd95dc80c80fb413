"""From the session to what a render needs."""

from __future__ import annotations

from oasis_studio.app.session.session import Session
from oasis_studio.core.models.style_noise import Styling, even_table, noise_table
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def build_request(
    session: Session,
    styling: Styling,
    request_id: int,
    quality: Quality = Quality.PREVIEW,
    shrink: int = 1,
    is_by_region: bool = False,
) -> SynthesisRequest:
    """The drawing as it is now, in these styles; only every ``shrink``-th pixel. StudioError without a model.

    ``is_by_region``: every region has a row of the noise, its number in the map. Otherwise regions that look the same
    may share one.
    """
    card = session.card
    if card is None:
        raise session.card_problem or StudioError(_("There is no model that could render this."))
    is_one = (styling.is_even or not card.noise_size) and not card.capabilities.sees_instances
    if is_one and not is_by_region:
        table = even_table(session.labels_HW.shape[0], session.labels_HW.shape[1], styling, card.noise_size)
    else:
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
