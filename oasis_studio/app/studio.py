"""Everything behind one window, put together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from oasis_studio.app.files.autosaver import Autosaver
from oasis_studio.app.files.drawings import Drawings, first_document
from oasis_studio.app.files.jobs import FileJobs
from oasis_studio.app.files.photo_export import PhotoExport
from oasis_studio.app.photo.aside import AsideRenders
from oasis_studio.app.photo.comparison import Comparison
from oasis_studio.app.photo.critic import CriticView
from oasis_studio.app.photo.engine_choice import EngineChoice
from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.model_comparison import ModelComparison
from oasis_studio.app.photo.synthesis_thread import SynthesisThread
from oasis_studio.app.regions.animation import Animation
from oasis_studio.app.regions.lock_edits import LockEdits
from oasis_studio.app.regions.style_edits import StyleEdits
from oasis_studio.app.regions.swatch_shelf import SwatchShelf
from oasis_studio.app.regions.variations import Variations
from oasis_studio.app.results.edits import ResultEdits
from oasis_studio.app.results.keeping import ResultKeeper
from oasis_studio.app.results.pictures import ResultPictures
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.settings import Settings
from oasis_studio.app.tools.gestures import Gestures
from oasis_studio.app.tools.painting import Painter
from oasis_studio.app.training.dataset_doctor import DatasetDoctor
from oasis_studio.app.training.labelling import Labelling
from oasis_studio.app.training.training import Training
from oasis_studio.app.work.background import have_all_ended
from oasis_studio.app.work.workbench import Workbench
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.jobs import Workshop, no_workshop
from oasis_studio.core.work.request import Renderer


class Studio(QObject):
    """``open_renderer`` is called in its thread, after :meth:`start`; ``open_workshop`` with the first job."""

    def __init__(
        self,
        library: ModelLibrary,
        open_renderer: Callable[[], Renderer],
        settings: Settings,
        open_workshop: Callable[[], Workshop] = no_workshop,
    ) -> None:
        super().__init__()
        self.settings = settings
        self.session = Session(library, first_document(library.cards()), self)
        self.session.resize_brush(settings.brush_size)
        self.engine = EngineChoice(open_renderer, open_workshop, settings.python, parent=self)
        open_renderer = self.engine.open_renderer
        self.synthesis = SynthesisThread(open_renderer, self)
        self.feed = PhotoFeed(self.session, self.synthesis, self)
        self.painter = Painter(self.session, self)
        self.comparison = Comparison(self.session, self.feed, self)
        self.styles = StyleEdits(self.session, self)
        self.swatches = SwatchShelf(self.session, self.styles, self)
        self.locks = LockEdits(self.session, self.feed, self)
        self.aside = AsideRenders(self.session, self.feed, self.synthesis, self)
        self.variations = Variations(self.session, self.styles, self.aside, self)
        self.animation = Animation(self.session, self.styles, self.aside, self)
        self.workbench = Workbench(self.engine.open_workshop, self)
        self.critic = CriticView(self.session, self.feed, self.workbench, self)
        self.variations.judge = self.critic.judge
        self.gestures = Gestures(self.session, self.painter, self.styles, self)
        self.gestures.allows = self.locks.allow
        self.autosave = Autosaver(self.session, lambda: self.feed.image_HW3, self)
        self.jobs = FileJobs(self.session, self)
        self.photo_export = PhotoExport(self.session, self.feed, self.aside, self.jobs, self)
        self.keeper = ResultKeeper(self.session, self.feed, self.jobs, settings, self)
        self.photo_export.exported.connect(self.keeper.note_decision)
        self.results = ResultEdits(self.session, self.comparison, self.jobs, self)
        self.result_pictures = ResultPictures(self)
        self.drawings = Drawings(self.session, self.feed, self.autosave, self.jobs)
        self.model_comparison = ModelComparison(self.session, self.feed, open_renderer, self)
        self.training = Training(self.session, open_renderer, self, lambda: self.engine.python)
        self.labelling = Labelling(self.session, self.drawings, settings, self)
        self.autosave.labelled = self.labelling.labelled
        self.doctor = DatasetDoctor(self.session, self.labelling, self)
        self.engine.changed.connect(self.feed.request)

    def start(self) -> None:
        """Start the engine; requests made before now are waiting for it."""
        self.synthesis.start()
        self.autosave.start()

    def close(self) -> bool:
        """End all threads and keep the preferences; False if one of them did not end in time."""
        self.settings.brush_size = self.session.brush_size
        self.photo_export.cancel()
        self.keeper.close()
        self.jobs.close()
        self.result_pictures.close()
        self.training.close()
        self.labelling.close()
        self.doctor.close()
        self.model_comparison.close()
        self.autosave.close()
        self.animation.close()
        self.aside.cancel()
        self.workbench.close()
        self.synthesis.close()
        self.engine.close()
        return have_all_ended()
