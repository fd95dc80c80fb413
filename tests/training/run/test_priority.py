"""A training gives way to a person who paints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SHOW = """
from pathlib import Path
import os
from oasis_training.run.priority import lower_priority
lower_priority()
print(os.nice(0), Path("/proc/self/autogroup").read_text())
"""


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this system has no groups of sessions")
def test_both_the_process_and_its_session_step_back() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, start_new_session=True)
    nice, _name, word, group = done.stdout.split()
    assert int(nice) >= 10 and (word, group) == ("nice", "10"), done.stdout + done.stderr
