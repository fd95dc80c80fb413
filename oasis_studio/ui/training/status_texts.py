"""What a run's state is called."""

from __future__ import annotations

from oasis_studio.app.training.progress import RunStatus, TrainingProgress
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.durations import clock


def status_title(status: RunStatus) -> str:
    return {
        RunStatus.STARTING: _("Starting"),
        RunStatus.RUNNING: _("Training"),
        RunStatus.PAUSED: _("Paused"),
        RunStatus.STOPPING: _("Finishing"),
        RunStatus.FINISHED: _("Finished"),
        RunStatus.DISCARDED: _("Discarded"),
        RunStatus.FAILED: _("Stopped by a problem"),
        RunStatus.BROKEN: _("Cut off"),
    }[status]


def state_text(progress: TrainingProgress) -> str:
    """The status; while the model is made ready, how far that is."""
    if progress.publishing is None or progress.status is not RunStatus.STOPPING:
        return status_title(progress.status)
    part, parts = progress.publishing
    return _("Finishing: part {part} of {parts}").format(part=part, parts=parts)


def status_role(status: RunStatus) -> str:
    if status in (RunStatus.FAILED, RunStatus.BROKEN):
        return "danger"
    if status is RunStatus.PAUSED:
        return "warning"
    return "good" if status in (RunStatus.RUNNING, RunStatus.FINISHED) else "dim"


def time_left(progress: TrainingProgress) -> str:
    """ "3:20 left", or "" where nobody knows."""
    if progress.status is not RunStatus.RUNNING or progress.seconds_left is None:
        return ""
    return _("{time} left").format(time=clock(progress.seconds_left))


def loss_title(name: str) -> str:
    """The name of a loss for people; the trainer's own where there is none."""
    return {
        "generator": _("Generator"),
        "real": _("Photos judged"),
        "fake": _("Results judged"),
        "labelmix": "LabelMix",
        "diversity": _("Diversity"),
        "latent": _("Noise read back"),
        "perception": _("Distance to the photos"),
        "reader": _("Reading the photos"),
    }.get(name, name.replace("_", " ").capitalize())
