"""Actions as data: one table feeds menus, tool column and shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.ui.icons import icon


@dataclass(frozen=True)
class ActionSpec:
    """One thing the program can do. ``callback`` of a checkable action takes its new state."""

    id: str
    title: str
    callback: Callable[..., object]
    menu: str = ""
    """Name of the menu it belongs to, "" for none."""
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: str = ""
    """Of the checkable actions with one group name, one is checked at a time."""
    is_checkable: bool = False
    starts_section: bool = False
    """Is there a line above it in the menu?"""


class ActionTable(QObject):
    """The QActions made of the specs, by id. ``owner`` is the window whose shortcuts they are."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._actions: dict[str, QAction] = {}
        self._specs: list[ActionSpec] = []
        self._groups: dict[str, QActionGroup] = {}

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    @property
    def specs(self) -> list[ActionSpec]:
        return list(self._specs)

    def add(self, specs: Iterable[ActionSpec]) -> None:
        """Make actions of ``specs``; ValueError if an id or a key is taken."""
        for spec in specs:
            self._check_free(spec)
            self._specs.append(spec)
            self._actions[spec.id] = self._build(spec)

    def fill(self, menu: QMenu, name: str) -> None:
        """Put the actions of the menu called ``name`` into ``menu``, in the order they were added."""
        for spec in self._specs:
            if spec.menu == name:
                if spec.starts_section and not menu.isEmpty():
                    menu.addSeparator()
                menu.addAction(self._actions[spec.id])

    def tint(self) -> None:
        """Draw the icons again in the colours of the theme."""
        for spec in self._specs:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon))

    def _check_free(self, spec: ActionSpec) -> None:
        if spec.id in self._actions:
            raise ValueError(f"two actions are called {spec.id}")
        taken = {key: other.id for other in self._specs for key in other.keys}
        for key in spec.keys:
            if key in taken:
                raise ValueError(f"{spec.id} and {taken[key]} share the key {key}")

    def _build(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.title, self._owner)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setIconVisibleInMenu(False)
        if spec.icon:
            action.setIcon(icon(spec.icon))
        name = spec.title.replace("&", "").rstrip("…")
        action.setToolTip(f"{name}  ({spec.keys[0]})" if spec.keys else name)
        if spec.is_checkable or spec.group:
            action.setCheckable(True)
            action.triggered.connect(spec.callback)
        else:
            callback = spec.callback
            action.triggered.connect(lambda _checked=False: callback())
        if spec.group:
            group = self._groups.setdefault(spec.group, QActionGroup(self))
            group.addAction(action)
        self._owner.addAction(action)
        return action
