"""What is done with the styles of regions, each as one step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.lock import all_locked
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import (
    DEEPEST_MIX,
    NO_TRAIL,
    PLAIN,
    STRONGEST,
    Brushed,
    Mix,
    OwnSeed,
    Paint,
    RegionStyle,
    Shape,
    Source,
    StoredVector,
    StyleTrail,
    depth,
)
from oasis_studio.core.history.style_commands import SetStyles, StepStyles
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_DICE = 100_000

Keys = Collection[RegionKey]
Change = Callable[[RegionKey, RegionStyle], RegionStyle]


class StyleEdits(QObject):
    """Works on the regions it is given, WHOLE_IMAGE among them. StudioError where the model cannot do it.

    Locked regions keep their styles as they keep their pixels: they are left alone, and StudioError if all are locked.

    ``second`` is the style that mixes, gradients and the style brush bring in; ``copied`` what paste puts down.
    """

    second_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.second: Source = OwnSeed(1)
        self.copied: RegionStyle | None = None

    # -- what there is ------------------------------------------------------------------------------------------

    def can_style(self, keys: Keys) -> bool:
        """Can the model give these looks of their own? Without region noise only the whole image can."""
        return not self.refusal(keys)

    def refusal(self, keys: Keys) -> str:
        """Why the model cannot, in a sentence; "" if it can."""
        return self.image_refusal if set(keys) <= {WHOLE_IMAGE} else self.region_refusal

    @property
    def image_refusal(self) -> str:
        """Why the whole image cannot be given a look; "" if it can."""
        card = self._session.card
        if card is None:
            return _("There is no model that could take a style.")
        if not card.capabilities.has_region_noise and not card.capabilities.style_size:
            return _("This model has neither noise nor a style code: its photos have one style.")
        return ""

    @property
    def region_refusal(self) -> str:
        """Why no region can be given a look of its own; "" if they can."""
        card = self._session.card
        if card is None or card.capabilities.has_region_noise or self.image_refusal:
            return self.image_refusal
        return _("This model gives the whole image one style: regions cannot differ.")

    def unlocked(self, keys: Keys) -> tuple[RegionKey, ...]:
        """Those of these regions whose pixels may change."""
        return tuple(key for key in keys if key not in self._session.document.locks)

    def trail(self, key: RegionKey) -> StyleTrail:
        return self._session.document.styles.get(key, NO_TRAIL)

    def style(self, key: RegionKey) -> RegionStyle:
        return self.trail(key).style

    def can_step(self, keys: Keys, steps: int) -> bool:
        """Did one of these that is not locked have another style before (-1), or after (1)?"""
        trails = [self.trail(key) for key in self.unlocked(keys)]
        return any(trail.can_step_back if steps < 0 else trail.can_step_forth for trail in trails)

    # -- sources ------------------------------------------------------------------------------------------------

    def roll(self, keys: Keys) -> None:
        """Another seed by chance for each."""
        random = np.random.default_rng()
        self._change(keys, _("Roll the dice"), lambda _key, style: style.sourced(OwnSeed(int(random.integers(_DICE)))))

    def set_seed(self, keys: Keys, seed: int) -> None:
        self.set_source(keys, OwnSeed(max(0, min(seed, MAX_SEED))), _("Change seed"))

    def step_seed(self, keys: Keys, steps: int) -> None:
        """The next seed or the one before."""

        def step(key: RegionKey, style: RegionStyle) -> RegionStyle:
            return style.sourced(OwnSeed((self.seed(key) + steps) % (MAX_SEED + 1)))

        self._change(keys, _("Change seed"), step)

    def seed(self, key: RegionKey) -> int:
        """The seed a region has, that of the first style where it is mixed, or the image's where it has none."""
        source = self.style(key).source
        while isinstance(source, Mix):
            source = source.first
        return source.seed if isinstance(source, OwnSeed) else self._session.document.seed

    def set_source(self, keys: Keys, source: Source, title: str = "") -> None:
        self._change(keys, title or _("Change style"), lambda _key, style: style.sourced(source))

    def reset(self, keys: Keys) -> None:
        """As the whole image again."""
        self._change(keys, _("Style of the image"), lambda _key, _style: PLAIN)

    def copy(self, key: RegionKey) -> None:
        """Take the style of a region; a plain one gives the image's seed."""
        style = self.style(key)
        is_plain = style.is_plain
        self.copied = style.sourced(OwnSeed(self._session.document.seed)) if is_plain else style

    def paste(self, keys: Keys) -> None:
        """Give these the copied style."""
        copied = self.copied
        if copied is None:
            raise StudioError(_("No style was copied yet."), _("Copy one from a region first."))
        self._change(keys, _("Paste style"), lambda _key, _style: copied)

    def step(self, keys: Keys, steps: int) -> None:
        """Back (-1) or forth (1) among the styles each had."""
        self._session.settle()
        if self.can_step(keys, steps):
            self._session.do(StepStyles(self.unlocked(keys), steps))

    def vector(self, key: RegionKey) -> np.ndarray:
        """The noise of a region, (Z,) float32, without what lies over it."""
        card = self._session.card
        size = 0 if card is None else card.noise_size or card.capabilities.style_size
        style, styling = self.style(key), self._session.styling
        return styling.vector(style.source, size) * np.float32(style.strength)

    # -- strength, mix, gradients -------------------------------------------------------------------------------

    def strengthened(self, keys: Keys, strength: float) -> Mapping[RegionKey, RegionStyle]:
        """Those styles with another strength, 0..STRONGEST."""
        strength = max(0.0, min(strength, STRONGEST))
        return {key: replace(self.style(key), strength=strength) for key in keys}

    def mixed(self, keys: Keys, share: float) -> Mapping[RegionKey, RegionStyle]:
        """Those styles with so much of ``second`` in them, 0..1."""
        return {key: self._mixed(self.style(key), share) for key in keys}

    def _mixed(self, style: RegionStyle, share: float) -> RegionStyle:
        own = style.source.first if isinstance(style.source, Mix) else style.source
        if share <= 0:
            return style.sourced(own)
        if max(depth(own), depth(self.second)) >= DEEPEST_MIX:
            return style.sourced(self.second if share >= 0.5 else own)
        return style.sourced(Mix(own, self.second, min(share, 1.0)))

    def set_second(self, source: Source) -> None:
        """What to mix in from now on; mixes that were made stay."""
        if source != self.second:
            self.second = source
            self.second_changed.emit()

    def try_out(self, styles: Mapping[RegionKey, RegionStyle]) -> None:
        """Show styles while a slider moves, without a step in the history."""
        self._session.try_styles(styles)

    def keep(self, styles: Mapping[RegionKey, RegionStyle], title: str) -> None:
        """Make them the styles: one step."""
        self._session.try_styles({}, is_over=True)
        self._change(list(styles), title, lambda key, _style: styles[key])

    def add_gradient(self, keys: Keys, shape: Shape, source: Source | None = None) -> None:
        """From each region's own style to ``source``, else to ``second``; a gradient that was there goes."""

        def grade(_key: RegionKey, style: RegionStyle) -> RegionStyle:
            brushed = tuple(paint for paint in style.paints if isinstance(paint.shape, Brushed))
            return replace(style, paints=(Paint(source or self.second, shape), *brushed)[-6:])

        self._change(keys, _("Style gradient"), grade)

    def clear_paints(self, keys: Keys) -> None:
        """Take gradients and brushed styles off."""
        self._change(keys, _("Remove gradients"), lambda _key, style: replace(style, paints=()))

    def use(self, keys: Keys, stored: StoredVector) -> None:
        """Give these a stored vector."""
        self.set_source(keys, stored, _("Use “{name}”").format(name=stored.name))

    # -- what they share ----------------------------------------------------------------------------------------

    def check(self, keys: Keys) -> None:
        """StudioError unless these can have styles."""
        if not keys:
            raise StudioError(_("No region is chosen."), _("Click one in the list of regions, or in the photo."))
        if self.image_refusal:
            raise StudioError(self.image_refusal, _("Use a model with region noise or a style code."))
        if self.refusal(keys):
            raise StudioError(
                self.region_refusal,
                _("Change the style of the whole image instead, or use a model with region noise."),
            )
        if not self.unlocked(keys):
            raise all_locked()

    def _change(self, keys: Keys, title: str, change: Change) -> None:
        self._session.settle()
        self.check(keys)
        styles = {key: change(key, self.style(key)) for key in self.unlocked(keys)}
        if any(style != self.style(key) for key, style in styles.items()):
            self._session.do(SetStyles(styles, title))
