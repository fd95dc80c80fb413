"""What a model's discriminator is good for: heat map, reading, repairs, labels and styles from photos."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.photo.critic import Look, reading_refusal_of, refusal_of
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.style import Origin, RegionStyle, StoredVector
from oasis_studio.core.files.pictures.photo import read_photo
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.core.models.style_noise import model_identity
from oasis_studio.core.work.jobs import EncodeJob, StyleCode
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.canvas.canvases import Canvases
from oasis_studio.ui.canvas.critic_overlay import CriticOverlay
from oasis_studio.ui.dialogs.photo_labels import PhotoLabelsDialog
from oasis_studio.ui.dialogs.photo_style import PhotoStyleDialog
from oasis_studio.ui.questions import file_names, messages
from oasis_studio.ui.questions.asking import ask

_NEED_CRITIC = ("critic.realism", "critic.reading", "critic.fix")
_LOOKS = {"critic.realism": Look.REALISM, "critic.reading": Look.READING}


class CriticActions(QObject):
    """Models that cannot do a thing have its command disabled, and its tooltip says why."""

    told = Signal(str)
    """A sentence for the status line."""

    def __init__(self, window: QWidget, studio: Studio, canvases: Canvases) -> None:
        super().__init__(window)
        self._window, self._studio, self._session = window, studio, studio.session
        self._critic = studio.critic
        self._actions: ActionTable | None = None
        self.overlay = CriticOverlay(self._critic, self._session, canvases.photo, self._tell)
        self._critic.failed.connect(self._tell)
        self._critic.told.connect(self.told)

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec(
                *("critic.realism", _("Heat map: what looks least real"), self.show_realism, "view"),
                ("Shift+H",),
                is_checkable=True,
                starts_section=True,
            ),
            ActionSpec(
                *("critic.reading", _("Hatching: what reads as another class"), self.show_reading),
                "view",
                ("Shift+J",),
                is_checkable=True,
            ),
            ActionSpec("critic.fix", _("Fix the worst region"), self._critic.fix_worst, "model", ("Ctrl+Shift+F",)),
            ActionSpec("photo.style", _("Style from a photo…"), self.choose_style, "model", ("Ctrl+Alt+Y",)),
            ActionSpec("photo.labels", _("Labels from a photo…"), self.choose_labels, "file", ("Ctrl+Alt+L",)),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        for signal in (self._session.model_changed, self._session.document_opened, self._critic.changed):
            signal.connect(self._show)
        self._show()

    def show_realism(self, is_shown: bool) -> None:
        """Lay the heat map over the photo, or take it away."""
        self._critic.show(Look.REALISM if is_shown else Look.NOTHING)

    def show_reading(self, is_shown: bool) -> None:
        """Hatch what reads as another class, or no longer."""
        self._critic.show(Look.READING if is_shown else Look.NOTHING)

    # -- from photos --------------------------------------------------------------------------------------------

    def choose_labels(self) -> None:
        path = self._ask_photo(_("Labels from a photo"))
        if path is not None:
            self.take_labels(path)

    def take_labels(self, path: Path) -> None:
        """Read a photo as labels, and ask where they go."""
        messages.attempt(self._window, lambda: ask(PhotoLabelsDialog(self._studio, path, self._window)))

    def choose_style(self) -> None:
        path = self._ask_photo(_("Style from a photo"))
        if path is not None:
            self.take_style(path)

    def take_style(self, path: Path) -> None:
        """Give regions the style of a photo; the whole image, for models that have one code for all of it."""
        card = self._session.card
        if card is not None and card.capabilities.reads_style:
            messages.attempt(self._window, lambda: self._encode(path))
        else:
            messages.attempt(self._window, lambda: ask(PhotoStyleDialog(self._studio, path, self._window)))

    def offer(self, path: Path, place: QPoint, take_reference: Callable[[Path], object]) -> QMenu:
        """Ask what a dropped photo is for; ``take_reference`` lays it under the labels."""
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        menu.addAction(_("Lay it under the labels")).triggered.connect(lambda: take_reference(path))
        for name, title, work in (
            ("photo.labels", _("Read its labels…"), self.take_labels),
            ("photo.style", _("Take its style…"), self.take_style),
        ):
            action = menu.addAction(title)
            action.triggered.connect(lambda _checked=False, work=work: work(path))
            action.setEnabled(self._actions is not None and self._actions[name].isEnabled())
            action.setToolTip(self._actions[name].toolTip() if self._actions is not None else "")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
        return menu

    def _encode(self, path: Path) -> None:
        """The encoder is quick: no dialog, one step that can be undone."""
        task = self._studio.workbench.start(EncodeJob(self._session.document.model, read_photo(path)))
        take = partial(self._take_code, path.stem, self._session.document.model)
        task.finished.connect(lambda found: self._session.when_settled(partial(take, found)))
        task.failed.connect(self._tell)
        self.told.emit(_("Reading the style of {name}…").format(name=path.name))

    def _take_code(self, name: str, model: str, found: StyleCode) -> None:
        card = self._session.card
        if card is None or self._session.document.model != model:
            return
        try:
            stored = StoredVector.of(found.code_S, model_identity(card), Origin.PHOTO, name)
        except ValueError:
            self._tell(StudioError(_("The encoder of this model gives values that are not numbers.")))
            return
        if self._session.do(SetStyles({WHOLE_IMAGE: RegionStyle(stored)}, _("Style from a photo"))):
            self.told.emit(_("The image has the style of {name} now.").format(name=name))

    # -- what they share ----------------------------------------------------------------------------------------

    def _ask_photo(self, caption: str) -> Path | None:
        folder = self._session.path.parent if self._session.path else Path.home()
        return file_names.ask_open(self._window, caption, file_names.opened_photo_filter(), folder)

    def _tell(self, error: StudioError) -> None:
        messages.show_error(self._window, error)

    def _show(self) -> None:
        if self._actions is None:
            return
        refusal = refusal_of(self._session)
        reasons: dict[str, str] = dict.fromkeys(_NEED_CRITIC, refusal)
        reasons["photo.labels"] = reading_refusal_of(self._session)
        reasons["photo.style"] = style_refusal(self._session.card.capabilities if self._session.card else None)
        if not reasons["critic.fix"] and self._session.card and not self._session.card.capabilities.has_region_noise:
            reasons["critic.fix"] = _("Regions of this model have no noise of their own.")
        for name, reason in reasons.items():
            self._actions.refuse(name, reason)
        for name, look in _LOOKS.items():
            self._actions[name].setChecked(self._critic.look is look)


def style_refusal(capabilities: Capabilities | None) -> str:
    """Why no style can be taken from a photo; "" if it can."""
    if capabilities is None:
        return _("There is no model that could take a style.")
    if capabilities.has_region_noise or capabilities.reads_style:
        return ""
    if capabilities.style_size:
        return _("This model comes without the encoder that reads the style of a photo.")
    return _("This model has neither noise nor a style code: its photos have one style.")
