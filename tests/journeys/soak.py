"""Half an hour of everything in random order, with kill −9 and restart in between, in the real window.

``python -m tests.journeys.soak FOLDER [MINUTES [SEED]]``. Three stretches are killed at random moments; the last one,
half of the time, ends by itself. Nothing that was saved or copied may be lost, nothing may fail, the memory at the end
has to be within its budget, and brush events in the last minute about as quick as in the first.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.journeys.soak_ledger import Ledger
from tests.journeys.tiny_model import write_tiny_model

ROOT = Path(__file__).parents[2]
KILLS = 3
BUDGET_MB = 1200
"""Resident, at the end of a stretch with the starter and a drawing of 768×512 pixels."""
SLOWER = 1.2
"""How much longer a brush event may take at the end."""


def soak(folder: Path, minutes: float, seed: int = 0) -> list[str]:
    """What was wrong, in sentences; numbers are printed as they come."""
    home = folder / "home"
    write_tiny_model(home / "models" / "seedling", reads=True)
    write_tiny_model(home / "models" / "sprout", side=64, reads=True)
    chance, wrong = random.Random(seed), list[str]()
    part = 60 * minutes / 2 / KILLS
    for kill in range(KILLS):
        wrong += _stretch(folder, 2 * part, seed + kill, kill_after=chance.uniform(0.6, 1.4) * part)
    wrong += _stretch(folder, 60 * minutes / 2, seed + KILLS)
    return wrong + _faults(home) + _verdict(Ledger(folder).entries())


def _stretch(folder: Path, seconds: float, seed: int, kill_after: float | None = None) -> list[str]:
    environment = os.environ | {"OASIS_STUDIO_HOME": str(folder / "home"), "PYTHONFAULTHANDLER": "1"}
    command = [sys.executable, "-m", "tests.journeys.soak_stretch", str(folder), str(seconds), str(seed)]
    began = time.monotonic()
    with (folder / "said.txt").open("ab+") as said:
        child = subprocess.Popen(
            [*command, *([] if kill_after else ["last"])], cwd=ROOT, env=environment, stdout=said, stderr=said
        )
        try:
            code = child.wait(kill_after or 3 * seconds + 600)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            code = 0 if kill_after else None
        said.seek(0)
        text = said.read().decode("utf-8", "replace")[-3000:]
    print(f"stretch {seed}: {time.monotonic() - began:.0f} s, exit code {code}", flush=True)
    return [] if code == 0 else [f"stretch {seed} ended with {code}:\n{text}"]


def _faults(home: Path) -> list[str]:
    """Faults in the logs."""
    found = []
    for path in sorted((home / "logs").glob("*.log*")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if " CRITICAL " in text or "Traceback" in text or (path.name == "crash.log" and text.strip()):
            found.append(f"{path.name}:\n{text[-3000:]}")
    return found


def _verdict(entries: list[dict[str, Any]]) -> list[str]:
    """What the ledger says of memory and of times."""
    wrong = []
    for entry in entries:
        if entry["what"] in ("found", "painted", "end", "told"):
            print(entry)
    last = [entry for entry in entries if entry["what"] == "painted"][-2:]
    ends = [entry for entry in entries if entry["what"] == "end"]
    if [entry["minute"] for entry in last] != ["first", "last"] or not ends:
        return ["the last stretch did not come to its end"]
    if last[1]["cpu_ms"] > SLOWER * last[0]["cpu_ms"]:
        wrong.append(f"a brush event takes {last[1]['cpu_ms']} ms instead of {last[0]['cpu_ms']} ms")
    if ends[-1]["mb"] > BUDGET_MB:
        wrong.append(f"{ends[-1]['mb']} MB are resident at the end")
    if sum(entry["what"] == "found" for entry in entries) < KILLS:
        wrong.append("a stretch found nothing of the one before")
    return wrong


if __name__ == "__main__":
    place, *numbers = sys.argv[1:]
    problems = soak(Path(place), float(numbers[0]) if numbers else 30, int(numbers[1]) if len(numbers) > 1 else 0)
    print("\n".join(problems) or "nothing was lost, and nothing was wrong")
    raise SystemExit(len(problems))
