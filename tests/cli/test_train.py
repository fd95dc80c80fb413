"""``oasis-studio train`` starts the trainer, hands its lines on, and stops it in a way that saves."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from oasis_studio.cli import main, train
from oasis_studio.cli.train import trainer_command
from oasis_studio.cli.training_display import TrainingDisplay
from tests.cli.test_model import Capture

TRAINER = """
import json, sys
print(json.dumps({"event": "started", "argv": sys.argv[1:]}), flush=True)
print("just some text", flush=True)
if "--resume" in sys.argv:
    while sys.stdin.readline():
        pass
    print(json.dumps({"event": "published", "folder": "run/model"}), flush=True)
    sys.exit(0)
sys.exit(3)
"""


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recipe, and a trainer that only talks: the real one is tested with the training package."""
    script = tmp_path / "trainer.py"
    script.write_text(TRAINER)

    def command(given: list[str]) -> list[str]:
        return [sys.executable, str(script), *trainer_command(given)[3:]]

    monkeypatch.setattr(train, "trainer_command", command)
    path = tmp_path / "recipe.json"
    path.write_text("{}")
    return path


def test_the_command_line_of_the_trainer() -> None:
    command = trainer_command(["--resume", "--", "-r.json"])
    assert command == [sys.executable, "-m", "oasis_training", "--watch-stdin", "--resume", "--", "-r.json"]


def test_lines_pass_through_and_the_exit_code_too(recipe: Path, capsys: Capture) -> None:
    assert main(["train", str(recipe), "--budget", "5s"]) == 3
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first)["argv"] == ["--watch-stdin", str(recipe), "--budget", "5s"]
    assert second == "just some text"


def test_closing_our_input_lets_the_trainer_save_and_publish(recipe: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from oasis_studio.cli import main, train; real = train.trainer_command;"
        f"train.trainer_command = lambda *a: [sys.executable, {str(tmp_path / 'trainer.py')!r}, *real(*a)[3:]];"
        f"sys.exit(main(['train', {str(recipe)!r}, '--resume']))"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    assert "started" in child.stdout.readline()
    child.stdout.readline()
    child.stdin.close()
    assert json.loads(child.stdout.readline())["event"] == "published"
    assert child.wait(timeout=60) == 0
    child.stdout.close()


@pytest.mark.skipif(os.name == "nt", reason="a test cannot press Ctrl+C on Windows")
def test_ctrl_c_lets_the_trainer_save_and_publish(recipe: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from oasis_studio.cli import main, train; real = train.trainer_command;"
        f"train.trainer_command = lambda *a: [sys.executable, {str(tmp_path / 'trainer.py')!r}, *real(*a)[3:]];"
        f"sys.exit(main(['train', {str(recipe)!r}, '--resume']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert "started" in child.stdout.readline()
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        assert json.loads(child.stdout.readline())["event"] == "published"
        assert child.wait(timeout=60) == 0


def test_a_missing_recipe_is_told(tmp_path: Path, capfd: Capture) -> None:
    assert main(["train", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capfd.readouterr().err


def displayed(*lines: str) -> str:
    stream = io.StringIO()
    with TrainingDisplay(Console(file=stream, width=160, force_terminal=True, color_system=None)) as display:
        for line in lines:
            display.show(line)
    return stream.getvalue()


def test_steps_become_progress() -> None:
    step = {"event": "step", "images": 250, "images_per_second": 10, "seconds_left": 75, "losses": {"real": 0.5}}
    shown = displayed(json.dumps(step))
    assert "25%" in shown
    assert "10.0 images/s" in shown
    assert "1:15" in shown
    assert "real 0.5" in shown


def test_events_become_sentences_and_text_stays_text() -> None:
    shown = displayed(
        '{"event": "published", "folder": "runs/a/model"}',
        '{"event": "failed", "message": "The disk is full."}',
        '{"event": "left_out", "count": 1, "pairs": [{"name": "a", "reason": "a is damaged."}]}',
        '{"event": "left_out", "count": 0, "unknown_pixels": {"17": 40}}',
        '{"event": "started"}',
        '{"event": "surprise", "value": "{images}"}',
        "[bold]a warning[/bold]",
        "[1, 2]",
        '{"event": "step", "images": "many", "losses": 7}',
    )
    for words in ("Published: runs/a/model", "error: The disk is full.", "? photos", "value {images}"):
        assert words in shown
    assert "1 pair was left out:" in shown and "\na is damaged." in shown
    assert "ids beyond the classes were not used: 17." in shown and "0 pairs" not in shown
    assert "[bold]a warning[/bold]" in shown
    assert "[1, 2]" in shown
