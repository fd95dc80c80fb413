"""Sliders and fields for the chosen regions: strength, mix with a second style, feather of the lock."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.lock import USUAL_FEATHER, WIDEST_FEATHER
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import STRONGEST, Mix, OwnSeed
from oasis_studio.i18n import _
from oasis_studio.ui.docks.region_texts import source_text
from oasis_studio.ui.questions import messages
from oasis_studio.ui.widgets.icon_button import WheelButton
from oasis_studio.ui.widgets.number_field import NumberField
from oasis_studio.ui.widgets.step_slider import StepSlider
from oasis_studio.ui.widgets.text import label

_WORD = 58
_VALUE = 44


class RegionFields(QWidget):
    """While a slider moves, the photo follows; letting it go is one step in the history."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio, self._session = studio, studio.session
        self.seed = NumberField(0, MAX_SEED)
        self.seed.setAccessibleName(_("Seed of the chosen regions"))
        self.seed.setToolTip(_("The same seed gives the same photo again"))
        self.roll = WheelButton("dice-5-outline", _("Roll the dice · wheel: next seed"), self.step_seed)
        self.roll.clicked.connect(self.roll_seed)
        self.feather = NumberField(0, WIDEST_FEATHER)
        self.feather.setFixedWidth(56)
        self.feather.setAccessibleName(_("Feather of the lock in pixels"))
        self.feather.setToolTip(_("Pixels outside the lock in which the photo blends into the locked pixels"))
        strength = _("Strength: less is closer to what the model shows on average")
        self.strength = _slider(studio.session, strength, STRONGEST, 100)
        self.mix = _slider(studio.session, _("Mix the second style in"), 1, 0)
        self.second = QPushButton()
        self.second.setObjectName("quiet")
        self.second.setToolTip(_("Second style: for mix, gradient and style brush · click: another one"))
        self._strength_value, self._mix_value = label("", "dim"), label("", "dim")
        self._feather_word = label(_("Feather"), "dim")
        self._lay_out()
        self.seed.valueChanged.connect(self._set_seed)
        self.feather.valueChanged.connect(self._set_feather)
        for slider, try_out, keep in (
            (self.strength, self._try_strength, self._keep_strength),
            (self.mix, self._try_mix, self._keep_mix),
        ):
            slider.valueChanged.connect(try_out)
            slider.sliderReleased.connect(keep)
        self.second.clicked.connect(self._roll_second)
        session = self._session
        for signal in (session.regions.chosen_changed, session.styles_changed, session.locks_changed):
            signal.connect(self.refresh)
        for signal in (session.seed_changed, session.model_changed, session.document_opened):
            signal.connect(self.refresh)
        studio.styles.second_changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.dice = WheelButton("dice-5-outline", _("Another second style · wheel: next seed"), self._step_second)
        self.dice.clicked.connect(self._roll_second)
        rows: list[list[QWidget]] = [
            [label(_("Seed"), "dim"), self.seed, self.roll, self._feather_word, self.feather],
            [label(_("Strength"), "dim"), self.strength, self._strength_value],
            [label(_("Mix"), "dim"), self.mix, self._mix_value],
            [label(_("with"), "dim"), self.second, self.dice],
        ]
        word = max(_WORD, *(widgets[0].sizeHint().width() for widgets in rows))
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(8)
            widgets[0].setFixedWidth(word)
            for widget in widgets:
                row.addWidget(widget, 1 if isinstance(widget, QSlider | QPushButton) else 0)
            if widgets[1] is self.seed:
                row.setSpacing(4)  # with the feather there is just enough room: the panel must not grow for it
                widgets[0].setFixedWidth(_WORD + 4)
                row.insertStretch(3, 1)
            column.addLayout(row)
        for value in (self._strength_value, self._mix_value):
            value.setFixedWidth(_VALUE)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    @property
    def targets(self) -> tuple[RegionKey, ...]:
        """The chosen regions, or the whole image."""
        return tuple(self._session.regions.chosen) or (WHOLE_IMAGE,)

    def refresh(self) -> None:
        """Show the first of the chosen regions' values."""
        keys = self.targets
        styles = self._studio.styles
        style = styles.style(keys[0])
        source = style.source
        is_able = styles.can_style(keys) and bool(styles.unlocked(keys))
        share = source.share if isinstance(source, Mix) else 0.0
        for slider, value in ((self.strength, style.strength), (self.mix, share)):
            if not slider.isSliderDown():
                _quietly(slider, round(100 * value))
        _quietly(self.seed, styles.seed(keys[0]))
        for widget in (self.seed, self.roll, self.strength, self.mix, self.second, self.dice):
            widget.setEnabled(is_able)
        self.second.setText(source_text(self._session, source.second if isinstance(source, Mix) else styles.second))
        locks = [self._session.document.locks[key] for key in keys if key in self._session.document.locks]
        _quietly(self.feather, locks[0].feather if locks else USUAL_FEATHER)
        for widget in (self._feather_word, self.feather):
            widget.setVisible(bool(locks))
        self._show_percent()

    def step_seed(self, steps: int) -> None:
        """The next seed of what is chosen."""
        if self.targets == (WHOLE_IMAGE,):
            self._session.change_seed(self._session.document.seed + steps)
        else:
            self._attempt(lambda: self._studio.styles.step_seed(self.targets, steps))

    def roll_seed(self) -> None:
        """Another seed by chance for what is chosen."""
        if self.targets == (WHOLE_IMAGE,):
            self._session.roll_seed()
        else:
            self._attempt(lambda: self._studio.styles.roll(self.targets))

    # -- from the widgets ---------------------------------------------------------------------------------------

    def _set_seed(self, seed: int) -> None:
        if self.targets == (WHOLE_IMAGE,):
            self._session.change_seed(seed)
        else:
            self._attempt(lambda: self._studio.styles.set_seed(self.targets, seed))

    def _set_feather(self, feather: int) -> None:
        self._studio.locks.set_feather(self.targets, feather)

    def _try_strength(self, percent: int) -> None:
        self._show_percent()
        if self.strength.isSliderDown():
            self._studio.styles.try_out(self._studio.styles.strengthened(self.targets, percent / 100))
        else:
            self._keep_strength()

    def _keep_strength(self) -> None:
        styles = self._studio.styles.strengthened(self.targets, self.strength.value() / 100)
        self._attempt(lambda: self._studio.styles.keep(styles, _("Strength of style")))

    def _try_mix(self, percent: int) -> None:
        self._show_percent()
        if self.mix.isSliderDown():
            self._studio.styles.try_out(self._studio.styles.mixed(self.targets, percent / 100))
        else:
            self._keep_mix()

    def _keep_mix(self) -> None:
        styles = self._studio.styles.mixed(self.targets, self.mix.value() / 100)
        self._attempt(lambda: self._studio.styles.keep(styles, _("Mix styles")))

    def _roll_second(self) -> None:
        self._take_second(int(np.random.default_rng().integers(100_000)))

    def _step_second(self, steps: int) -> None:
        second = self._studio.styles.second
        self._take_second((second.seed if isinstance(second, OwnSeed) else 0) + steps)

    def _take_second(self, seed: int) -> None:
        """Another second style; a mix under way takes it at once."""
        self._studio.styles.set_second(OwnSeed(max(0, min(seed, MAX_SEED))))
        if self.mix.value():
            self._keep_mix()

    def _show_percent(self) -> None:
        for text, slider in ((self._strength_value, self.strength), (self._mix_value, self.mix)):
            text.setText(_("{number} %").format(number=slider.value()))

    def _attempt(self, work) -> None:
        messages.attempt(self.window(), work)


def _slider(session: Session, name: str, most: float, usual: int) -> StepSlider:
    slider = StepSlider(session, usual)
    slider.setRange(0, round(100 * most))
    slider.setPageStep(10)
    slider.setToolTip(name)
    slider.setAccessibleName(name)
    return slider


def _quietly(field: QSlider | NumberField, value: int) -> None:
    if field.value() != value:
        field.blockSignals(True)
        field.setValue(value)
        field.blockSignals(False)
