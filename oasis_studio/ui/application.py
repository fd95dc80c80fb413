"""Starting and ending the program with a window."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from oasis_studio.app.log_file import log_path, open_log
from oasis_studio.app.settings import read_settings
from oasis_studio.app.single_instance import SingleInstance
from oasis_studio.app.studio import Studio
from oasis_studio.core.library import ModelLibrary
from oasis_studio.core.request import Renderer
from oasis_studio.paths import resource
from oasis_studio.ui import messages, theme, window_state
from oasis_studio.ui.main_window import MainWindow

log = logging.getLogger(__name__)

_BREATH_MS = 30
"""The window paints itself before the engine's import makes the processor busy."""


def run(library: ModelLibrary, open_renderer: Callable[[], Renderer], file: Path | None = None) -> int:
    """Open the window, with ``file`` or a sample in it; returns when it is closed.

    If the window is open in another process, ``file`` is opened there.
    """
    open_log()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("OASIS Studio")
    app.setDesktopFileName("oasis-studio")
    app.setWindowIcon(QIcon(str(resource("icons", "oasis-studio.png"))))
    instance = SingleInstance()
    if not instance.claim() and instance.hand_over(file):
        return 0
    settings = read_settings()
    theme.apply(app, settings.theme)
    studio = Studio(library, open_renderer, settings)
    window = MainWindow(studio)
    watch_faults(window)
    instance.asked.connect(window.receive)
    if not window_state.restore(window):
        window.resize(QSize(1440, 900).boundedTo(window.screen().availableSize()))
    window.show()
    window.files.open_first(file)
    window.comfort.show_first_tour()
    QTimer.singleShot(_BREATH_MS, studio.start)
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__  # nobody is left to read a message box
        instance.release()
        studio.close()  # a thread that is left running would keep the process alive


def watch_faults(window: MainWindow) -> None:
    """Write unexpected errors to the log and tell the person, one at a time."""
    is_told = False

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal is_told
        log.critical("unexpected error", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        if not is_told and not issubclass(kind, KeyboardInterrupt):
            is_told = True
            messages.show_fault(window, str(log_path()))
            is_told = False

    sys.excepthook = tell
