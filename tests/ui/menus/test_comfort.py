"""Command palette, keys of one's own, preferences, looks, tour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QSlider, QSpinBox, QWidget

from oasis_studio.app.session.settings import read_settings
from oasis_studio.paths import home
from oasis_studio.ui.actions.command_search import FoundCommand, search
from oasis_studio.ui.dialogs.command_palette import CommandPalette
from oasis_studio.ui.dialogs.key_sheet import KeySheet
from oasis_studio.ui.dialogs.preferences import PreferencesDialog
from oasis_studio.ui.dialogs.tour import Tour
from oasis_studio.ui.widgets import theme
from tests.ui.desk import Desk

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def titles(commands: list[FoundCommand]) -> list[str]:
    return [command.title for command in commands]


def test_commands_are_found_by_words_and_by_letters() -> None:
    commands = [
        FoundCommand(t, g, "", print) for t, g in [("Export photo", "File"), ("Photo only", "View"), ("Hand", "")]
    ]
    assert titles(search(commands, "photo")) == ["Photo only", "Export photo"]
    assert titles(search(commands, "ph exp")) == ["Export photo"]
    assert titles(search(commands, "file")) == ["Export photo"]
    assert titles(search(commands, "hnd")) == ["Hand"]
    assert titles(search(commands, "")) == titles(commands)
    assert search(commands, "zzz") == []


def in_dialog(monkeypatch: pytest.MonkeyPatch, kind: type[QDialog], use: Callable[[QDialog], object]) -> None:
    def run(self: QDialog) -> int:
        self.show()
        use(self)
        return self.result()

    monkeypatch.setattr(kind, "exec", run)


def test_the_palette_runs_what_is_typed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def use(palette: QDialog) -> None:
        assert isinstance(palette, CommandPalette)
        QTest.keyClicks(palette.field, "ellip")
        QTest.keyClick(palette.field, Qt.Key.Key_Return)

    in_dialog(monkeypatch, CommandPalette, use)
    QTest.keyClick(desk.window, Qt.Key.Key_P, CONTROL | SHIFT)
    assert desk.session.tool.value == "ellipse"


def test_the_palette_knows_classes_and_says_why_something_cannot_be_done(desk: Desk) -> None:
    commands = desk.window.comfort.commands()
    refused = {command.title: command.refusal for command in commands if command.refusal}
    assert refused["Undo"] == "There is nothing to undo." and "Export photo…" not in refused
    assert "Not possible now" not in refused.values(), "every command that is disabled has a reason of its own"
    assert [search(commands, "undo")[-1].refusal] != [""] and not search(commands, "export photo")[0].refusal
    last = desk.session.document.palette.classes[-1]
    next(command for command in commands if command.title == last.name).run()
    assert desk.session.label == last.id


def test_a_refused_command_is_not_run_from_the_palette(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def use(palette: QDialog) -> None:
        assert isinstance(palette, CommandPalette)
        palette.field.setText("undo")
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        assert palette.chosen is None and palette.isVisible()
        palette.reject()

    in_dialog(monkeypatch, CommandPalette, use)
    desk.trigger("help.commands")


@pytest.mark.parametrize("word", ["panel", "dock", "layout"])
def test_panels_are_found_by_the_words_people_use(desk: Desk, word: str) -> None:
    found = titles(search(desk.window.comfort.commands(), word))
    assert "Reset layout" in found and (word == "layout" or {"Regions", "Layers", "Variations"} <= set(found))


def test_a_question_mark_shows_all_keys_as_they_are_now(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def look(sheet: QDialog) -> None:
        assert isinstance(sheet, KeySheet)
        shown.append(sheet.text.toPlainText())
        sheet.reject()

    in_dialog(monkeypatch, KeySheet, look)
    desk.window.actions_by_id.bind("tool.brush", ["Ctrl+B"])
    QTest.keyClick(desk.labels, Qt.Key.Key_Question, SHIFT)
    assert len(shown) == 1 and "Ctrl+B" in shown[0] and "Brush" in shown[0] and "Tools" in shown[0]


def test_default_keys_go_back_to_whom_they_came_from(desk: Desk) -> None:
    actions = desk.window.actions_by_id
    actions.bind("tool.brush", ["L"])  # the key of the line
    assert actions.keys("tool.line") == [] and actions.restore("tool.brush") == []
    assert actions.keys("tool.brush") == ["B"] and actions.keys("tool.line") == ["L"]
    actions.bind("tool.brush", [])
    actions.bind("tool.line", ["B"])
    assert [spec.id for spec in actions.restore("tool.brush")] == ["tool.line"]
    assert actions.keys("tool.brush") == ["B"]


def test_a_key_can_be_changed_and_is_taken_from_its_owner(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def use(dialog: QDialog) -> None:
        assert isinstance(dialog, PreferencesDialog)
        dialog.pages.setCurrentRow(2)
        editor = dialog.keys
        editor.choose("tool.ellipse")
        editor.key.setKeySequence(QKeySequence("B"))
        assert "Brush" in editor.conflict.text()
        editor.set_key()
        assert editor.conflict.text() == ""

    in_dialog(monkeypatch, PreferencesDialog, use)
    desk.trigger("edit.preferences")
    actions = desk.window.actions_by_id
    assert actions.keys("tool.ellipse") == ["B"] and actions.keys("tool.brush") == []
    assert actions["tool.ellipse"].toolTip() == "Ellipse  (B)" and actions["tool.brush"].toolTip() == "Brush"
    assert read_settings().shortcuts == {"tool.brush": [], "tool.ellipse": ["B"]}
    desk.session.choose_tool(type(desk.session.tool).HAND)
    desk.key(Qt.Key.Key_B)
    assert desk.session.tool.value == "ellipse"
    actions.bind_all({})
    assert actions.keys("tool.brush") == ["B"] and actions.changed_keys() == {}


def test_keys_in_the_settings_that_mean_nothing_are_ignored(desk: Desk) -> None:
    actions = desk.window.actions_by_id
    actions.bind_all({"no.such": ["B"], "tool.hand": ["", "Ctrl+Alt+H", "F9"]})
    assert actions.keys("tool.hand") == ["Ctrl+Alt+H", "F9"] and actions.keys("tool.brush") == ["B"]
    owner = actions.owner_of("F9")
    assert owner is not None and owner.id == "tool.hand"


def test_models_can_be_told_to_live_elsewhere(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "large disk"
    looked: list[bool] = []
    monkeypatch.setattr(desk.session, "look_for_model", lambda: looked.append(True))

    def use(dialog: QDialog) -> None:
        assert isinstance(dialog, PreferencesDialog)
        dialog.models.take(folder)

    in_dialog(monkeypatch, PreferencesDialog, use)
    desk.trigger("edit.preferences")
    assert home("models") == folder and looked == [True]


def test_preferences_work_at_once_and_are_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def use(dialog: QDialog) -> None:
        assert isinstance(dialog, PreferencesDialog)
        dialog.theme.setCurrentIndex(1)
        dialog.theme.activated.emit(1)
        dialog.safe.click()
        dialog.undo.setValue(64)

    in_dialog(monkeypatch, PreferencesDialog, use)
    label = int(desk.session.labels_HW[3, 3])
    own = desk.color(3, 3)
    desk.trigger("edit.preferences")
    assert theme.name() == "light" and desk.window.actions_by_id["view.light"].isChecked()
    assert desk.session.history.limit_bytes == 64 * 2**20
    assert desk.color(3, 3) == tuple(desk.session.look.colors(desk.session.document.palette)[label]) != own
    kept = read_settings()
    assert (kept.theme, kept.safe_colors, kept.undo_megabytes) == ("light", True, 64)


def test_patterns_mark_all_classes_but_the_first(desk: Desk) -> None:
    desk.session.choose_class(1)
    desk.session.resize_brush(30)
    desk.stroke((20, 20), (24, 20))
    plain = desk.labels.grab().toImage()
    desk.session.look.show_patterns(True)
    hatched = desk.labels.grab().toImage()
    spot = desk.at(20, 20).toPoint()
    around = [(spot.x() + dx, spot.y() + dy) for dx in range(-10, 10) for dy in range(-10, 10)]
    differing = [each for each in around if plain.pixel(*each) != hatched.pixel(*each)]
    assert 0 < len(differing) < len(around) / 2


def test_the_tour_goes_through_the_window_and_can_be_skipped(desk: Desk) -> None:
    desk.trigger("help.tour")
    tour = desk.window.findChild(Tour)
    assert tour is not None and tour.card.isVisible()
    for _stop in range(5):
        assert desk.window.rect().contains(tour.card.geometry())
        tour.card.next_button.click()
    assert not tour.card.isVisible() and read_settings().has_seen_tour
    desk.trigger("help.tour")
    again = next(each for each in desk.window.findChildren(Tour) if each.card.isVisible())
    QTest.keyClick(again.card, Qt.Key.Key_Escape)
    assert not again.card.isVisible()
    desk.window.comfort.show_first_tour()
    assert not any(each.card.isVisible() for each in desk.window.findChildren(Tour) if each is not again)


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(desk: Desk) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QSlider, QSpinBox)
    nameless = []
    for widget in desk.window.findChildren(QWidget):
        if not isinstance(widget, kinds) or widget.objectName().startswith("qt_"):
            continue
        named = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        is_inner = isinstance(widget.parent(), (QSpinBox, QComboBox, QLineEdit))
        if not is_inner and (not named or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
            nameless.append(f"{type(widget).__name__} {widget.objectName()} {widget.toolTip()} “{named}”")
    assert nameless == []


def typed(desk: Desk, key: Qt.Key, keys: Qt.KeyboardModifier, text: str) -> None:
    """What Qt sends for a key: first the question whose it is, then the key itself if somebody wants it."""
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, keys, text)
    asked.ignore()
    QApplication.sendEvent(desk.labels, asked)
    if asked.isAccepted():
        QApplication.sendEvent(desk.labels, QKeyEvent(QEvent.Type.KeyPress, key, keys, text))


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        (Qt.Key.Key_BracketRight, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_9, Qt.KeyboardModifier.GroupSwitchModifier),
        (Qt.Key.Key_BracketRight, CONTROL | Qt.KeyboardModifier.AltModifier),
    ],
)
def test_a_sign_is_a_key_however_it_is_typed(desk: Desk, key: Qt.Key, keys: Qt.KeyboardModifier) -> None:
    size = desk.session.brush_size
    typed(desk, key, keys, "]")
    assert desk.session.brush_size > size and desk.session.label == 1


def test_combinations_and_letters_are_left_to_qt(desk: Desk) -> None:
    size = desk.session.brush_size
    typed(desk, Qt.Key.Key_BracketRight, CONTROL, "]")
    typed(desk, Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier, "e")
    assert desk.session.brush_size == size and desk.session.tool.value == "brush"
