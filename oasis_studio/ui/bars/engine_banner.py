"""Says when the chosen Python environment failed and the program renders by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from oasis_studio.app.photo.engine_choice import EngineChoice
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.banner import Strip


class EngineBanner(Strip):
    """Stays until it is closed: photos go on coming, only slower."""

    preferences_wanted = Signal()

    def __init__(self, engine: EngineChoice, python_wanted: Callable[[], str], parent: QWidget) -> None:
        """``python_wanted()`` is the interpreter in the settings, which another try would use."""
        self._engine, self._python_wanted = engine, python_wanted
        self.again = QPushButton(_("Try again"))
        self.preferences = QPushButton(_("Preferences…"))
        super().__init__(parent, [self.again, self.preferences])
        self.again.clicked.connect(self._try_again)
        self.preferences.clicked.connect(self.preferences_wanted)
        engine.given_up.connect(self.show_failure)  # from any thread
        engine.changed.connect(self.hide)

    @Slot(object)
    def show_failure(self, error: StudioError) -> None:
        self.tell(error.message, error.hint)

    def _try_again(self) -> None:
        self.hide()
        self._engine.choose(self._python_wanted())
