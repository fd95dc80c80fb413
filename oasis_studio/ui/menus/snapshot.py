"""Snapshots: keep, compare, bring back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.photo.comparison import Comparison
from oasis_studio.app.session.session import Session
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable


class SnapshotActions(QObject):
    """Callbacks of the snapshot part of the View menu."""

    def __init__(self, window: QWidget, session: Session, comparison: Comparison) -> None:
        super().__init__(window)
        self._session = session
        self._comparison = comparison
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        comparison = self._comparison
        return [
            ActionSpec(
                "view.snapshot",
                _("&Take snapshot"),
                comparison.take,
                "view",
                ("Shift+C",),
                "camera-outline",
                starts_section=True,
            ),
            ActionSpec(
                "view.compare", _("&Compare with the last snapshot"), self.toggle, "view", ("C",), is_checkable=True
            ),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        self._comparison.changed.connect(self._show)
        self._show()

    def toggle(self, compares: bool) -> None:
        """Compare with the newest snapshot, or stop comparing."""
        count = len(self._session.document.snapshots)
        self._comparison.compare(count - 1 if compares and count else None)

    def fill(self, menu: QMenu) -> None:
        """Every snapshot, with what can be done with it."""
        menu.clear()
        for index, snapshot in enumerate(self._session.document.snapshots):
            inner = menu.addMenu(snapshot.name.replace("&", "&&"))
            choices = (
                (_("Compare"), self._comparison.compare),
                (_("Bring back as a layer"), self._comparison.bring_back),
                (_("Remove"), self._comparison.remove),
            )
            for title, work in choices:
                inner.addAction(title).triggered.connect(partial(_run, work, index))
        if menu.isEmpty():
            menu.addAction(_("No snapshot taken yet")).setEnabled(False)

    def _show(self) -> None:
        if self._actions is not None:
            is_compared = self._comparison.snapshot is not None
            has_snapshots = bool(self._session.document.snapshots)
            self._actions.allow("view.compare", is_compared or has_snapshots, _("No snapshot taken yet"))
            self._actions["view.compare"].setChecked(is_compared)


def _run(work: Callable[[int], None], index: int, _checked: bool = False) -> None:
    work(index)
