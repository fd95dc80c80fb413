"""The session: the open document, what is chosen, and everything that changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.session.class_look import ClassLook
from oasis_studio.app.session.class_map import class_map, to_model
from oasis_studio.app.session.open_stroke import OpenStroke
from oasis_studio.app.session.regions import Regions
from oasis_studio.app.session.selection_state import SelectionState
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.session.tool_settings import ToolSettings
from oasis_studio.core.classes.palette import UNPAINTED, SemanticClass
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.result import Result, kept
from oasis_studio.core.document.style import IMAGE_SEED, NO_TRAIL, RegionStyle
from oasis_studio.core.history.commands import SetSeed, Together
from oasis_studio.core.history.history import UNDO_BYTES, Change, Command, History
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.models.style_noise import Styling, model_identity
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

LARGEST_BRUSH = 512
USUAL_BRUSH = 40


class Session(QObject):
    """What the person works on. Widgets read its properties, call its methods and listen to its signals.

    ``labels_HW`` is the flattened label map of the document, always up to date.
    """

    document_opened = Signal()
    labels_changed = Signal(object)
    """Box of document pixels."""
    layers_changed = Signal()
    layer_chosen = Signal()
    class_chosen = Signal()
    tool_chosen = Signal()
    brush_resized = Signal()
    seed_changed = Signal()
    model_changed = Signal()
    history_changed = Signal()
    document_resized = Signal()
    reference_changed = Signal()
    """The photo under the labels, or how it is shown."""
    guides_changed = Signal()
    notes_changed = Signal()
    """Notes or snapshots."""
    results_changed = Signal()
    """Photos that were kept."""
    decided = Signal(object)
    """Command: a step, none that was undone or redone, gave the drawing another seed, model or style."""
    styles_changed = Signal()
    """Styles of regions or of the whole image."""
    locks_changed = Signal()
    stroke_ended = Signal()
    """Nothing is under the pen any more. Told by the event loop, when the stroke's step has been recorded."""
    stroke_began = Signal()
    settling = Signal()
    """Every gesture that is under way is to end now, as it is: the document is about to change, or to be written."""
    render_wanted = Signal(bool)
    """The photo is out of date; True: the change is complete, render at once."""
    classes_dropped = Signal(object)
    """Names of painted classes that the new model does not know."""

    def __init__(self, library: ModelLibrary, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.tool = ToolKind.BRUSH
        self.tools = ToolSettings(document.palette, self)
        self.selection = SelectionState(self)
        self.look = ClassLook(self)
        self.undo_bytes = UNDO_BYTES
        self.regions = Regions(self)
        self._tried_styles: Mapping[RegionKey, RegionStyle] = {}
        self.brush_size = USUAL_BRUSH
        self.marked_layers: frozenset[int] = frozenset()
        """Ids of the layers that a command for several works on."""
        self._label = 0
        self._stroke = OpenStroke(self)
        self._stroke.began.connect(self.stroke_began)
        self._stroke.ended.connect(self.stroke_ended)
        self._set_document(document, None, "")

    def _set_document(self, document: Document, path: Path | None, title: str) -> None:
        self.document = document
        self.history = History(self.undo_bytes)
        self.path = path
        self._title = title
        self.labels_HW = document.flatten()
        self.regions.open(document)
        self._tried_styles = {}
        self.selection.clear()
        self.tools.fit(document.palette)
        self._layer_id = document.layers[-1].id if document.layers else 0
        self._label = min(self._label, len(document.palette) - 1)
        self.read_card()

    # -- the document -------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name of the drawing for people, "" for a new one."""
        return self.path.name if self.path else self._title

    @property
    def is_modified(self) -> bool:
        """Would something be lost? What an open stroke painted counts, though it is no step yet."""
        return self.has_open_stroke or not self.history.is_clean

    def open(self, document: Document, path: Path | None = None, title: str = "", is_saved: bool = True) -> None:
        """Work on another document; the old one is forgotten. ``is_saved``: nothing of it would be lost."""
        self.settle()
        self._stroke.forget()
        self._set_document(document, path, title)
        if not is_saved:
            self.history.mark_unsaved()
        self.document_opened.emit()
        self.model_changed.emit()
        self.history_changed.emit()
        self.render_wanted.emit(True)

    def mark_saved(self, path: Path) -> None:
        self.path = path
        self.history.mark_saved()
        self.history_changed.emit()

    @property
    def has_open_stroke(self) -> bool:
        """Does a gesture paint in the document that is no step yet?"""
        return self._stroke.is_open

    @has_open_stroke.setter
    def has_open_stroke(self, is_open: bool) -> None:
        self._stroke.is_open = is_open

    def when_settled(self, work: Callable[[], object]) -> None:
        """Call ``work`` at once, or if a stroke is open, when its step has been recorded; in no other document."""
        self._stroke.when_over(work)

    def limit_undo(self, limit_bytes: int) -> None:
        """How much memory the steps of this drawing and of later ones may hold."""
        self.undo_bytes = self.history.limit_bytes = limit_bytes

    def end_saving(self, path: Path, is_saved: bool) -> None:
        """What ``history.begin_saving`` began is in the file ``path``, or is not."""
        if is_saved:
            self.path = path
        self.history.end_saving(is_saved)
        self.history_changed.emit()

    def settle(self) -> bool:
        """End every gesture that is under way, as it is now; True if nothing is open any more.

        Whoever makes a command from the labels, the regions or the layers calls this first.
        """
        self.settling.emit()
        return not self.has_open_stroke

    def do(self, command: Command) -> bool:
        """End what is under way, then apply a command and remember it. StudioError if it cannot be applied.

        False if a stroke did not end: then nothing happened, and the caller does not go on either.
        """
        if not self.settle():
            return False
        change = self.history.do(command, self.document)
        self._spread(change)
        if change.restyles:
            self.decided.emit(command)
        return True

    def keep(self, result: Result) -> None:
        """One more result, or in its old place one that is there; it is no step. Of a wanted one, all is unsaved."""
        self.document.results = kept(self.document.results, result)
        self.results_changed.emit()
        if not result.is_automatic:
            self.history.mark_unsaved()
            self.history_changed.emit()

    def record(self, command: Command) -> None:
        """Remember a finished stroke, whose effect is in the document already."""
        self.history.record(command)
        self.history_changed.emit()

    def undo(self) -> None:
        """Take the last step back; a gesture that is under way ends and is that step."""
        if self.settle() and self.history.can_undo:
            self._spread(self.history.undo(self.document))

    def redo(self) -> None:
        if self.settle() and self.history.can_redo:
            self._spread(self.history.redo(self.document))

    def go_to(self, count: int) -> None:
        """Undo or redo until ``count`` steps are done."""
        if self.settle():
            for change in self.history.go_to(count, self.document):
                self._spread(change)

    def update_labels(self, box: Box) -> None:
        """Flatten ``box`` again after painting there, and tell it."""
        area = box.clipped(self.document.width, self.document.height)
        if area.is_empty:
            return
        self.document.flatten(area, self.labels_HW[area.slices])
        self.regions.mark_painted(area)
        self.labels_changed.emit(area)

    def _spread(self, change: Change) -> None:
        if change.size:
            self.selection.clear()
            self.labels_HW = self.document.flatten()
            self.regions.open(self.document)
            self.document_resized.emit()
        if change.layers:
            self._keep_layer_chosen()
            self.layers_changed.emit()
        if change.seed:
            self.seed_changed.emit()
        if change.model:
            self.read_card()
            self._label = min(self._label, len(self.document.palette) - 1)
            self.tools.fit(self.document.palette)
            self.model_changed.emit()
        if change.reference:
            self.reference_changed.emit()
        if change.guides:
            self.guides_changed.emit()
        if change.notes:
            self.notes_changed.emit()
        if change.results:
            self.results_changed.emit()
        for area in change.areas or (change.labels,):
            self.update_labels(area)
        if change.styles:
            self.styles_changed.emit()
        if change.locks:
            self.locks_changed.emit()
        self.history_changed.emit()
        if change.restyles or not change.labels.is_empty:
            self.render_wanted.emit(True)

    # -- what is chosen -----------------------------------------------------------------------------------------

    @property
    def layer(self) -> LabelLayer | None:
        """The layer that is painted on."""
        return next((layer for layer in self.document.layers if layer.id == self._layer_id), None)

    def choose_layer(self, layer_id: int) -> None:
        if layer_id != self._layer_id:
            self.settle()
            self._layer_id = layer_id
            self.layer_chosen.emit()

    def _keep_layer_chosen(self) -> None:
        """After the list changed, some layer is chosen as long as there is one."""
        if self.layer is None and self.document.layers:
            self._layer_id = self.document.layers[-1].id
            self.layer_chosen.emit()

    @property
    def label(self) -> int:
        """Id of the class that is painted with."""
        return self._label

    @property
    def semantic_class(self) -> SemanticClass:
        return self.document.palette.classes[self._label]

    def choose_class(self, label: int) -> None:
        """Paint with that class; ids the palette does not have are ignored."""
        if label != self._label and 0 <= label < len(self.document.palette):
            self._label = label
            self.class_chosen.emit()

    def choose_tool(self, tool: ToolKind) -> None:
        if tool is not self.tool:
            self.settle()
            self.tool = tool
            self.tool_chosen.emit()

    def resize_brush(self, size: int) -> None:
        """Diameter of the tip in document pixels, kept within 1..LARGEST_BRUSH."""
        size = max(1, min(size, LARGEST_BRUSH))
        if size != self.brush_size:
            self.brush_size = size
            self.brush_resized.emit()

    def step_brush(self, steps: int) -> None:
        """Larger (positive) or smaller by about an eighth a step."""
        size = self.brush_size
        for _step in range(abs(steps)):
            size = size + max(1, size // 8) if steps > 0 else size - max(1, size // 9)
        self.resize_brush(size)

    # -- seed and model -----------------------------------------------------------------------------------------

    def change_seed(self, seed: int) -> None:
        """Another seed for the whole image; a style that it has instead gives way."""
        self.settle()
        seed = max(0, min(seed, MAX_SEED))
        whole = self.document.styles.get(WHOLE_IMAGE, NO_TRAIL).style
        if whole.source != IMAGE_SEED:
            plain = SetStyles({WHOLE_IMAGE: whole.sourced(IMAGE_SEED)})
            self.do(Together(_("Change seed"), (SetSeed(seed), plain)))
        elif seed != self.document.seed:
            self.do(SetSeed(seed))

    def roll_seed(self) -> None:
        """Another seed by chance."""
        self.change_seed(int(np.random.default_rng().integers(0, 100_000)))

    def read_card(self) -> None:
        """Look the document's model up again; ``card`` is None and ``card_problem`` says why if it is missing."""
        self.card: ModelCard | None = None
        self.card_problem: StudioError | None = None
        try:
            self.card = self.library.find(self.document.model)[1]
        except StudioError as error:
            self.card_problem = error

    @property
    def styling(self) -> Styling:
        """The styles as they are now, with those that are being tried out, for the model that renders."""
        model = model_identity(self.card) if self.card else ""
        return Styling.of(self.document, model).replaced(self._tried_styles)

    def try_styles(self, styles: Mapping[RegionKey, RegionStyle], is_over: bool = False) -> None:
        """Show styles that are not in the document (yet); none when it is over, and then nothing is rendered."""
        self._tried_styles = styles
        if not is_over:
            self.render_wanted.emit(False)

    def look_for_model(self) -> None:
        """Look again for a model that was missing: it may have been installed meanwhile."""
        had_card = self.card is not None
        self.read_card()
        if had_card != (self.card is not None):
            self.model_changed.emit()

    def switch_model(self, card: ModelCard) -> None:
        """Render with another model; the painted classes go to its classes of the same name."""
        self.settle()
        classes, table = self.document.palette.classes, class_map(self.document.palette, card.palette)
        painted = np.unique(self.labels_HW)
        dropped = [classes[label].title for label in painted[table[painted] == UNPAINTED]]
        step = to_model(self.document, card.id, card.palette)
        chosen = card.palette.by_name(self.semantic_class.name)
        if self.do(step):
            self.choose_class(chosen.id if chosen else step.background)
            if dropped:
                self.classes_dropped.emit(dropped)
