from __future__ import annotations

from typing import Any

from oasis_studio.app.training.progress import RunStatus, TrainingProgress


def told(*events: dict[str, Any]) -> TrainingProgress:
    progress = TrainingProgress()
    for event in events:
        progress.take(event)
    return progress


START = {"event": "started", "title": "Meadow", "images": 0, "total_images": 100, "photos": 9, "held_out": 3}


def step(images: int, **losses: float) -> dict[str, Any]:
    return {"event": "step", "images": images, "images_per_second": 2.0, "seconds_left": 30, "losses": losses}


def test_curves_grow_with_the_steps() -> None:
    progress = told(START, step(10, generator=2.0), step(20, generator=1.5, real=0.5))
    assert progress.losses == {"generator": [(10, 2.0), (20, 1.5)], "real": [(20, 0.5)]}
    assert progress.share == 0.2 and progress.status is RunStatus.RUNNING


def test_going_on_after_a_crash_cuts_off_what_was_not_saved() -> None:
    progress = told(
        START,
        step(10, generator=2.0),
        {"event": "preview", "images": 10, "file": "previews/10.png", "model": "model"},
        step(50, generator=1.0),
        {"event": "preview", "images": 50, "file": "previews/50.png", "model": "model"},
        START | {"images": 10, "resumed": True},
        step(20, generator=1.8),
    )
    assert progress.losses["generator"] == [(10, 2.0), (20, 1.8)]
    assert [preview.images for preview in progress.previews] == [10] and progress.images == 20


def test_what_the_trainer_did_on_its_own_is_noted() -> None:
    progress = told(
        START,
        {"event": "memory", "message": "The batch was halved."},
        {"event": "left_out", "count": 2, "pairs": []},
        {"event": "stopped_early", "images": 60},
        {"event": "something new", "images": 61},
    )
    assert len(progress.notes) == 3 and progress.notes[0] == "The batch was halved."


def test_what_the_trainer_got_over_is_said_in_words() -> None:
    progress = told(
        START,
        step(40, generator=1.0) | {"augment": 0.5},
        {"event": "adapted", "images": 40, "augment": 0.45},
        {"event": "adapted", "images": 44, "augment": 0.5},
        {"event": "batch_halved", "images": 44, "batch": 2},
        {"event": "not_saved", "images": 44, "message": "No space.", "hint": "Free some."},
        step(50, generator=9.0),
        {"event": "rolled_back", "images": 52, "to_images": 40, "rates": 0.5, "reason": "no numbers"},
    )
    assert len(progress.notes) == 4  # less augmentation is nothing to tell
    assert "altered more" in progress.notes[0] and "2 photos at a time" in progress.notes[1]
    assert progress.notes[2] == "No space. Free some." and "photo 40" in progress.notes[3]
    assert progress.images == 40 and progress.losses["generator"] == [(40, 1.0)]


def test_the_end_of_a_run_has_parts() -> None:
    progress = told(START, {"event": "publishing", "images": 60, "part": 2, "parts": 3})
    assert progress.status is RunStatus.STOPPING and progress.publishing == (2, 3)
    progress.take({"event": "published", "images": 60, "model": "meadow"})
    assert progress.status is RunStatus.FINISHED and progress.model_id == "meadow"
    progress.take(START | {"images": 60, "resumed": True})
    assert progress.publishing is None


def test_long_curves_are_thinned_and_keep_their_ends() -> None:
    progress = told(START, *(step(number, generator=1.0 / (number + 1)) for number in range(9000)))
    points = progress.losses["generator"]
    assert len(points) < 4500 and points[-1][0] == 8999
    assert [point[0] for point in points] == sorted(point[0] for point in points)


def test_measurements_tell_the_best() -> None:
    metric = {"event": "metric", "images": 10, "best": True, "kernel_distance": 0.5}
    progress = told(START, metric, metric | {"images": 20, "best": False, "kernel_distance": 0.7})
    assert progress.metrics["kernel_distance"] == [(10, 0.5), (20, 0.7)] and progress.best_images == 10
