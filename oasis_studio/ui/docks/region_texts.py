"""What regions and their styles are called."""

from __future__ import annotations

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import Brushed, Mix, Origin, OwnSeed, RegionStyle, Source, StoredVector
from oasis_studio.core.models.style_noise import model_identity, seed_of
from oasis_studio.i18n import _, local_name


def region_name(session: Session, key: RegionKey) -> str:
    """The class, or that it is the whole image."""
    classes = session.document.palette.classes
    if key == WHOLE_IMAGE:
        return _("Whole image")
    return classes[key.label].title if key.label < len(classes) else str(key.label)


def layer_name(session: Session, key: RegionKey) -> str:
    """The layer that a region belongs to."""
    return next((layer.name for layer in session.document.layers if layer.id == key.layer_id), _("background"))


def source_text(session: Session, source: Source, is_whole: bool = False) -> str:
    """In a few words; ``is_whole``: of the whole image, whose own seed is told as a number."""
    if isinstance(source, OwnSeed):
        return _("seed {seed}").format(seed=source.seed)
    if isinstance(source, StoredVector):
        return _stored_text(session, source)
    if isinstance(source, Mix):
        first, second = source_text(session, source.first, is_whole), source_text(session, source.second, is_whole)
        percent = round(100 * source.share)
        return _("{first} + {percent} % {second}").format(first=first, second=second, percent=percent)
    return _("seed {seed}").format(seed=session.document.seed) if is_whole else _("image seed")


def _stored_text(session: Session, source: StoredVector) -> str:
    if session.card is not None and source.model != model_identity(session.card):
        return _("seed {seed} for {name}").format(seed=seed_of(source), name=source.name)
    if source.origin is Origin.PHOTO:
        return _("from photo · {name}").format(name=source.name)
    name = local_name(source.name)
    return _("{name} · swatch").format(name=name) if source.origin is Origin.SWATCH else name


def style_text(session: Session, style: RegionStyle, is_whole: bool = False) -> str:
    """Source, strength and what lies over it."""
    words = [source_text(session, style.source, is_whole)]
    if style.strength != 1:
        words.append(_("{percent} %").format(percent=round(100 * style.strength)))
    if any(isinstance(paint.shape, Brushed) for paint in style.paints):
        words.append(_("brushed"))
    if any(not isinstance(paint.shape, Brushed) for paint in style.paints):
        words.append(_("gradient"))
    return " · ".join(words)


def area_text(pixels: int, total: int) -> str:
    """A share of the image; small ones in pixels."""
    percent = 100 * pixels / total
    return _("{count} px").format(count=pixels) if percent < 0.5 else _("{percent} %").format(percent=round(percent))
