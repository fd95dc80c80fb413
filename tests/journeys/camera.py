"""Pictures of windows, of those that wait for an answer, too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from tests.journeys.cut_texts import cut_texts
from tests.ui.desk import wait_until

Work = Callable[[], object]


class Camera:
    """Pictures go to ``folder``; ``cut`` collects what they do not show in full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cut: list[str] = []
        self._failures: list[BaseException] = []

    def shoot(self, widget: QWidget, name: str) -> None:
        for _turn in range(4):
            QApplication.processEvents()
        window = widget.window()
        if not window.screen().geometry().contains(window.geometry()):
            self.cut.append(f"{name}: reaches beyond the screen: {window.geometry()}")
        self.cut += [f"{name}: {text}" for text in cut_texts(widget)]
        assert widget.grab().save(str(self.folder / f"{name}.png"))

    def ask(self, name: str, opens: Work, prepare: Callable[[QDialog], object] | None = None) -> None:
        """Call ``opens``, which waits for an answer; picture what it shows, and answer "not now"."""
        QTimer.singleShot(0, lambda: self._look(name, prepare))
        opens()
        if self._failures:
            raise self._failures[0]

    def _look(self, name: str, prepare: Callable[[QDialog], object] | None) -> None:
        try:
            wait_until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QDialog)
            try:
                if prepare is not None:
                    prepare(dialog)
                self.shoot(dialog, name)
            finally:
                dialog.reject()
        except BaseException as error:  # a slot's exception would be printed, and forgotten
            self._failures.append(error)

    def menu(self, menu: QMenu, name: str, at: QPoint) -> None:
        menu.popup(at)
        self.shoot(menu, name)
        menu.close()
