"""Actions as data: one table feeds menus, tool column, command palette and shortcuts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.ui.widgets.icons import icon

_BRACKETED = re.compile(r" ?\(&[^&]\)")


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
    words: str = ""
    """Other words by which the command palette finds it."""


class ActionTable(QObject):
    """The QActions made of the specs, by id. ``owner`` is the window whose shortcuts they are."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._actions: dict[str, QAction] = {}
        self._specs: list[ActionSpec] = []
        self._groups: dict[str, QActionGroup] = {}
        self._menu_titles: dict[str, str] = {}
        self._refusals: dict[str, str] = {}

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
            self._put_keys(spec, list(spec.keys))

    def fill(self, menu: QMenu, name: str) -> None:
        """Put the actions of the menu called ``name`` into ``menu``, in the order they were added."""
        self._menu_titles[name] = plain(menu.title())
        for spec in self._specs:
            if spec.menu == name:
                if spec.starts_section and not menu.isEmpty():
                    menu.addSeparator()
                menu.addAction(self._actions[spec.id])

    def menu_title(self, name: str) -> str:
        """What the menu called ``name`` is called for people; "" for none."""
        return self._menu_titles.get(name, "")

    def keys(self, action_id: str) -> list[str]:
        """The keys that trigger an action now, in the form of ``ActionSpec.keys``."""
        return [key.toString() for key in self._actions[action_id].shortcuts()]

    def owner_of(self, key: str) -> ActionSpec | None:
        """The action that a key triggers now."""
        wanted = QKeySequence(key).toString()
        return next((spec for spec in self._specs if wanted in self.keys(spec.id)), None)

    def bind(self, action_id: str, keys: Iterable[str]) -> None:
        """Let those keys trigger the action, in place of its old ones; from another action they are taken."""
        wanted = list(dict.fromkeys(QKeySequence(key).toString() for key in keys))
        for key in wanted:
            owner = self.owner_of(key)
            if owner is not None and owner.id != action_id:
                self._put_keys(owner, [kept for kept in self.keys(owner.id) if kept != key])
        self._put_keys(next(spec for spec in self._specs if spec.id == action_id), wanted)

    def restore(self, action_id: str) -> list[ActionSpec]:
        """Give an action the keys of its spec again, and those that are free then to the actions they come from.

        Returns the others that lost a key by it.
        """
        spec = next(spec for spec in self._specs if spec.id == action_id)
        wanted = [QKeySequence(key).toString() for key in spec.keys]
        robbed = [owner for key in wanted if (owner := self.owner_of(key)) is not None and owner.id != action_id]
        freed = [key for key in self.keys(action_id) if key not in wanted]
        self.bind(action_id, wanted)
        for other in self._specs:
            back = [QKeySequence(key).toString() for key in other.keys]
            if any(key in freed for key in back):
                held = self.keys(other.id)
                self._put_keys(other, [key for key in back if key in held or key in freed] or held)
        return robbed

    def changed_keys(self) -> dict[str, list[str]]:
        """The keys of all actions that differ from what their specs say."""
        found = {spec.id: self.keys(spec.id) for spec in self._specs}
        defaults = {spec.id: [QKeySequence(key).toString() for key in spec.keys] for spec in self._specs}
        return {action_id: keys for action_id, keys in found.items() if keys != defaults[action_id]}

    def bind_all(self, changed: Mapping[str, list[str]]) -> None:
        """Go back to the keys of the specs, except for ``changed``; ids that are no actions (any more) are ignored."""
        for spec in self._specs:
            self._put_keys(spec, list(spec.keys))
        for action_id, keys in changed.items():
            if action_id in self._actions:
                self.bind(action_id, [key for key in keys if QKeySequence(key).toString()])

    def _put_keys(self, spec: ActionSpec, keys: list[str]) -> None:
        action = self._actions[spec.id]
        action.setShortcuts([QKeySequence(key) for key in keys])
        self._show_tip(spec)

    def refuse(self, action_id: str, reason: str) -> None:
        """Disable an action, and let its tooltip and the command palette say why; "" enables it."""
        if self._refusals.get(action_id) == reason:
            return
        self._refusals[action_id] = reason
        self._actions[action_id].setEnabled(not reason)
        self._show_tip(next(spec for spec in self._specs if spec.id == action_id))

    def _show_tip(self, spec: ActionSpec) -> None:
        action = self._actions[spec.id]
        name = plain(spec.title).rstrip("…")
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = f"{name}  ({shown})" if shown else name
        action.setToolTip("\n".join(filter(None, (tip, self._refusals.get(spec.id)))))

    def allow(self, action_id: str, is_possible: bool, reason: str) -> None:
        """Enable an action where it is possible; elsewhere :meth:`refuse` it."""
        self.refuse(action_id, "" if is_possible else reason)

    def refusal(self, action_id: str) -> str:
        """Why an action is disabled; "" where :meth:`refuse` was not told."""
        return self._refusals.get(action_id, "")

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
        action.setIconVisibleInMenu(False)
        if spec.icon:
            action.setIcon(icon(spec.icon))
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


def plain(title: str) -> str:
    """A title without the marks of its menu letter, of which some languages put it in brackets behind: "저장(&S)"."""
    return _BRACKETED.sub("", title).replace("&&", "\0").replace("&", "").replace("\0", "&")
