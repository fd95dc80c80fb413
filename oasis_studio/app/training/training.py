"""The training of this window: at most one, started here or found at the start; and the open scene as it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.photo.second_photo import SecondPhoto
from oasis_studio.app.session.session import Session
from oasis_studio.app.training.process import TrainingProcess
from oasis_studio.app.training.progress import Preview, RunStatus, TrainingProgress
from oasis_studio.app.training.runs import leave_as_it_is, offer_again, sweep_prepared, unfinished_run
from oasis_studio.core.work.request import Renderer

_MOST_SCENES = 40


@dataclass(frozen=True, eq=False)
class ScenePhoto:
    """The open scene, (H, W, 3) uint8, rendered by the model that had seen ``images`` photos."""

    images: int
    image_HW3: np.ndarray


class Training(QObject):
    """``process`` is None while there is nothing to watch."""

    changed = Signal()
    scene_shown = Signal()
    """``scenes`` has a new last one."""
    ended = Signal()

    def __init__(
        self,
        session: Session,
        open_renderer: Callable[[], Renderer],
        parent: QObject | None = None,
        python: Callable[[], str] = str,
    ) -> None:
        """``python``: which interpreter trains, "" for the program itself."""
        super().__init__(parent)
        self.python = python
        self.process: TrainingProcess | None = None
        self.scenes: list[ScenePhoto] = []
        self._session = session
        self._asked: Preview | None = None
        self._second = SecondPhoto(session, open_renderer, self)
        self._second.shown.connect(self._keep_scene)
        session.document_opened.connect(self._show_other_scene)

    @property
    def progress(self) -> TrainingProgress | None:
        return self.process.progress if self.process else None

    @property
    def is_alive(self) -> bool:
        """Is a trainer at work?"""
        return self.process is not None and not self.process.progress.status.is_end

    def look_for_run(self) -> None:
        """Attach to a run that goes on, or show one that was cut off."""
        sweep_prepared()
        found = unfinished_run()
        if found is not None:
            self._watch(TrainingProcess(found.folder, self, self.python))
            assert self.process is not None
            self.process.attach()

    def begin(self, folder: Path) -> None:
        """Start training in a prepared folder; StudioError if that cannot be."""
        self._watch(TrainingProcess(folder, self, self.python))
        assert self.process is not None
        self.process.start()

    def go_on(self) -> None:
        """Start the trainer again where it stopped."""
        if self.process is not None:
            offer_again(self.process.folder)
            self.process.start()

    def forget(self) -> None:
        """Watch this run no more, and do not offer it again by itself; its folder stays."""
        if self.process is not None:
            if self.process.progress.status is RunStatus.BROKEN:
                leave_as_it_is(self.process.folder)
            self.process.detach()
            self.process.deleteLater()
        self.process = None
        self.scenes.clear()
        self._second.close()
        self.changed.emit()

    def close(self) -> None:
        """The window closes: whatever runs goes on."""
        if self.process is not None:
            self.process.detach()
        self._second.close()

    def _watch(self, process: TrainingProcess) -> None:
        if self.process is not None:
            self.forget()
        self.process = process
        process.changed.connect(self.changed)
        process.previewed.connect(self._render)
        process.ended.connect(self._end)
        self.changed.emit()

    # -- the open scene -----------------------------------------------------------------------------------------

    @Slot(object)
    def _render(self, preview: Preview) -> None:
        if self.process is not None and preview.model:
            self._asked = preview
            self._second.render(str(self.process.folder / preview.model))

    @Slot(object)
    def _keep_scene(self, image_HW3: np.ndarray) -> None:
        if self._asked is not None:
            self.scenes.append(ScenePhoto(self._asked.images, image_HW3))
            if len(self.scenes) > _MOST_SCENES:
                del self.scenes[1]  # the first shows where it began
            self.scene_shown.emit()

    @Slot()
    def _show_other_scene(self) -> None:
        """Another drawing was opened: photos of the old one are no comparison."""
        self.scenes.clear()
        self.scene_shown.emit()
        if self.is_alive and self.progress is not None and self.progress.previews:
            self._render(self.progress.previews[-1])

    @Slot()
    def _end(self) -> None:
        if self.progress is not None and self.progress.status is RunStatus.DISCARDED:
            self.forget()
        self.ended.emit()
