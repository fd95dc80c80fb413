"""Model and Help: render again, seeds, what this is, where the log lies."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from oasis_studio.app.files.log_file import log_path
from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _
from oasis_studio.paths import home
from oasis_studio.ui.actions.actions import ActionSpec
from oasis_studio.ui.questions import messages


class ModelActions(QObject):
    """Callbacks of the Model and Help menus."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window = window
        self._session = studio.session
        self._feed = studio.feed

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("model.render", _("&Render again"), self.render_again, "model", ("F5",)),
            ActionSpec(
                "model.dice",
                _("Roll the &dice"),
                self._session.roll_seed,
                "model",
                ("D",),
                "dice-5-outline",
                starts_section=True,
            ),
            ActionSpec("model.next", _("&Next seed"), self.next_seed, "model", ("Shift+D",)),
            ActionSpec("model.folder", _("&Show model folder"), self.show_models, "model", starts_section=True),
            ActionSpec("help.log", _("Show &log"), self.show_log, "help"),
            ActionSpec("help.about", _("&About OASIS Studio"), self.show_about, "help", starts_section=True),
        ]

    def render_again(self) -> None:
        """Look the model up again, in case it was installed meanwhile, and render."""
        self._session.look_for_model()
        self._feed.request()

    def next_seed(self) -> None:
        self._session.change_seed(self._session.document.seed + 1)

    def show_models(self) -> None:
        folder = home("models")
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_path().parent)))

    def show_about(self) -> None:
        messages.show_about(self._window)
