"""A trainer without networks: writes the events of a run and obeys commands. ``python fake_trainer.py FOLDER``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from oasis_studio.core.work.run_folder import COMMANDS_FILE, EVENTS_FILE, STATE_FILE, LineReader, RunLock

_TOTAL = 1_000_000


def main(folder: Path) -> int:
    lines = LineReader(folder / COMMANDS_FILE, from_end=True)
    images, is_paused = 0, False

    def tell(kind: str, **values: object) -> None:
        with (folder / EVENTS_FILE).open("a") as file:
            file.write(json.dumps({"event": kind, "time": 0, **values}) + "\n")

    with RunLock(folder):
        tell("started", title="Fake", device="cpu", photos=8, held_out=2, images=0, total_images=_TOTAL)
        while True:
            for command in lines.read():
                if command == "stop":
                    tell("saved", images=images)
                    tell("published", folder=str(folder / "model"), model="fake", images=images)
                    return 0
                if command == "discard":
                    tell("discarded", images=images)
                    return 0
                if command in ("pause", "resume"):
                    is_paused = command == "pause"
                    tell("paused" if is_paused else "resumed", images=images)
                if command == "preview":
                    tell("preview", images=images, file="previews/1.png", model="model")
            if not is_paused:
                images += 4
                losses = {"generator": 1.0 / images}
                tell("step", images=images, images_per_second=100.0, seconds_left=9.0, losses=losses)
            (folder / STATE_FILE).write_text("{}")
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
