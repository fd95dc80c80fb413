"""Starting and ending the program with a window."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from oasis_studio.app.files.log_file import log_path, open_log
from oasis_studio.app.files.single_instance import SingleInstance
from oasis_studio.app.session.settings import Settings, read_settings
from oasis_studio.app.studio import Studio
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.jobs import Workshop, no_workshop
from oasis_studio.core.work.request import Renderer
from oasis_studio.i18n import _
from oasis_studio.paths import home, resource
from oasis_studio.ui.bars.fault_banner import FaultBanner
from oasis_studio.ui.questions import messages
from oasis_studio.ui.widgets import localization, theme
from oasis_studio.ui.window import window_state
from oasis_studio.ui.window.display import Application, open_display
from oasis_studio.ui.window.ending import leave_at_once, take_down
from oasis_studio.ui.window.main_window import MainWindow

log = logging.getLogger(__name__)

_BREATH_MS = 30
"""The window paints itself before the engine's import makes the processor busy."""


def run(
    library: ModelLibrary,
    open_renderer: Callable[[], Renderer],
    file: Path | None = None,
    is_safe: bool = False,
    loop: Callable[[Studio, MainWindow], int] | None = None,
    open_workshop: Callable[[], Workshop] = no_workshop,
) -> int:
    """Open the window, with ``file`` or a sample in it; returns when it is closed.

    If the window is open in another process, ``file`` is opened there. ``is_safe``: default preferences, which are not
    stored. ``loop`` uses the window in the place of a person.
    """
    open_log()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else open_display()
    app.setApplicationName("OASIS Studio")
    app.setDesktopFileName("oasis-studio")
    app.setWindowIcon(QIcon(str(resource("icons", "oasis-studio.png"))))
    instance = SingleInstance()
    if not instance.claim() and instance.hand_over(file):
        return 0
    settings = Settings(is_temporary=True) if is_safe else read_settings()
    localization.apply(app)
    theme.apply(app, settings.theme)
    studio = Studio(library, open_renderer, settings, open_workshop)
    window = MainWindow(studio)
    watch_faults(window, lambda: studio.session.settle() and studio.autosave.save_now())
    instance.asked.connect(window.receive)
    if isinstance(app, Application):
        app.file_opened.connect(window.receive)
    if not window_state.restore(window):
        window.panels.reset()  # as it suits the window's height
    window.show()
    if trouble := settings.trouble or unwritable_home():
        window.status.tell(trouble)
    window.files.open_first(file)
    if loop is None:
        window.comfort.show_first_tour()
    QTimer.singleShot(_BREATH_MS, studio.start)
    QTimer.singleShot(_BREATH_MS, studio.training.look_for_run)
    code = 1  # what an exception out of the loop makes of it
    try:
        code = loop(studio, window) if loop else app.exec()
    finally:
        sys.excepthook = sys.__excepthook__  # nobody is left to read a message box
        threading.excepthook = threading.__excepthook__
        instance.release()
        if not studio.close():
            leave_at_once(code)
        take_down(app, window, studio, instance, is_own=existing is None)
    return code


def unwritable_home() -> str:
    """A sentence if nothing can be stored for this person, else ""."""
    folder = home("settings")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        is_writable = False
    else:
        is_writable = os.access(folder, os.W_OK)
    text = _("Nothing can be stored in {folder}: preferences and copies of unsaved work are lost at the end.")
    return "" if is_writable else text.format(folder=folder)


def run_offscreen_without_display(environ: MutableMapping[str, str] = os.environ) -> None:
    """Where there is nowhere to show a window, paint it into memory; a choice that was made before stays."""
    has_display = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not has_display:
        environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def watch_faults(window: MainWindow, keep: Callable[[], object]) -> None:
    """Write unexpected errors to the log, ``keep`` a copy of the drawing and tell the person, one at a time.

    Of an error in a thread behind the window a banner tells; work goes on.
    """
    is_told = False
    banner = FaultBanner(window.canvases.labels, window.reports.save)

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal is_told
        log.critical("unexpected error", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        if not is_told and not issubclass(kind, KeyboardInterrupt):
            is_told = True
            with suppress(Exception):  # what is broken may be the drawing
                keep()
            messages.show_fault(window, str(log_path()), window.reports.save)
            is_told = False

    sys.excepthook = tell
    threading.excepthook = banner.take
