"""Preferences: what a person sets once. Every change works at once and is kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.photo.engine_choice import EngineChoice
from oasis_studio.app.session.settings import RANGES, Settings
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.i18n import LANGUAGES, _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.dialogs.device_page import DevicePage
from oasis_studio.ui.dialogs.key_editor import KeyEditor
from oasis_studio.ui.dialogs.models_place import ModelsPlace
from oasis_studio.ui.widgets.number_field import NumberField
from oasis_studio.ui.widgets.text import label

_PAGES = 132
_ROW = 34


class PreferencesDialog(QDialog):
    """Changes ``settings`` and calls ``use`` after each change; keys are changed in ``actions``."""

    def __init__(
        self,
        settings: Settings,
        actions: ActionTable,
        use: Callable[[], object],
        engine: EngineChoice,
        library: ModelLibrary,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Preferences"))
        self._settings, self._use = settings, use
        self.pages = QListWidget()
        self.pages.setFixedWidth(_PAGES)
        self.pages.setAccessibleName(_("Pages"))
        self.stack = QStackedWidget()
        self.keys = KeyEditor(actions)
        self.keys.changed.connect(self._take_keys)
        self.device = DevicePage(engine, settings, use)
        self.models = ModelsPlace(library)
        self._actions = actions
        pages = (
            (_("Look"), self._look()),
            (_("Files"), self._files()),
            (_("Device"), self.device),
            (_("Keys"), self.keys),
        )
        for title, page in pages:
            item = QListWidgetItem(title)
            item.setSizeHint(QSize(0, _ROW))
            self.pages.addItem(item)
            self.stack.addWidget(page)
        self.pages.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.pages.setCurrentRow(0)
        self._lay_out()
        self.resize(760, 520)

    def show_device(self) -> None:
        """Turn to the page that says who renders."""
        self.pages.setCurrentRow(self.stack.indexOf(self.device))

    def _lay_out(self) -> None:
        close = QPushButton(_("Close"))
        close.setObjectName("primary")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.pages)
        middle.addWidget(self.stack, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(middle, 1)
        column.addLayout(buttons)

    # -- the pages ----------------------------------------------------------------------------------------------

    def _look(self) -> QWidget:
        self.theme = QComboBox()
        for name, text in (
            ("dark", _("Dark")),
            ("light", _("Light")),
            ("contrast", _("High contrast")),
            ("contrast-light", _("High contrast, light")),
            ("system", _("Like the system")),
        ):
            self.theme.addItem(text, name)
        self.theme.setCurrentIndex(self.theme.findData(self._settings.theme))
        self.theme.activated.connect(lambda row: self._put("theme", self.theme.itemData(row)))
        self.language = QComboBox()
        self.language.addItem(_("Like the system"), "")
        for code, text in LANGUAGES.items():
            self.language.addItem(text, code)
        self.language.setCurrentIndex(self.language.findData(self._settings.language))
        self.language.activated.connect(lambda row: self._put("language", self.language.itemData(row)))
        later = _("Another language is spoken from the next start on.")
        self.motion = self._check("reduce_motion", _("Reduce motion: nothing fades or marches"))
        self.grid = self._check("has_pixel_grid", _("Show pixel borders from 800 %"))
        self.safe = self._check("safe_colors", _("Colours that colour-blind people tell apart"))
        self.patterns = self._check("patterns", _("Hatch patterns on the classes"))
        note = _("Colours and patterns are for the eye: files keep the colours of the model's classes.")
        return _page(
            [
                (_("Theme"), self.theme),
                ("", self.motion),
                ("", self.grid),
                (_("Language"), self.language),
                ("", label(later, "dim", wraps=True)),
                (_("Classes"), self.safe),
                ("", self.patterns),
                ("", label(note, "dim", wraps=True)),
            ]
        )

    def _files(self) -> QWidget:
        self.autosave = self._number("autosave_seconds", _("Seconds between copies of unsaved work"))
        self.autosave.setSuffix(_(" s"))
        self.undo = self._number("undo_megabytes", _("Memory for undo in megabytes"))
        self.undo.setSuffix(_(" MB"))
        self.keeps = self._check("keeps_results", _("Keep photos of new seeds, styles and models by themselves"))
        self.lossless = self._check("lossless_results", _("Keep photos exactly (PNG, several times as large)"))
        note = _("Copies of unsaved work never touch your files. They are offered after a crash.")
        place = _("New and copied models go into this folder. Models in another one stay there.")
        steps = _("When the steps hold more than this, the oldest are forgotten.")
        return _page(
            [
                (_("Copy unsaved work every"), self.autosave),
                ("", label(note, "dim", wraps=True)),
                (_("Memory for undo"), self.undo),
                ("", label(steps, "dim", wraps=True)),
                (_("Results"), self.keeps),
                ("", self.lossless),
                (_("Models"), self.models),
                ("", label(place, "dim", wraps=True)),
            ]
        )

    def _check(self, key: str, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setChecked(getattr(self._settings, key))
        box.toggled.connect(lambda is_on: self._put(key, is_on))
        return box

    def _number(self, key: str, name: str) -> NumberField:
        field = NumberField(*RANGES[key])
        field.setFixedWidth(112)
        field.setValue(getattr(self._settings, key))
        field.setAccessibleName(name)
        field.valueChanged.connect(lambda value: self._put(key, value))
        return field

    def _put(self, key: str, value: object) -> None:
        setattr(self._settings, key, value)
        self._use()

    def _take_keys(self) -> None:
        self._put("shortcuts", self._actions.changed_keys())


def _page(rows: list[tuple[str, QWidget]]) -> QWidget:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(12)
    for name, widget in rows:
        form.addRow(name, widget)
    return page
