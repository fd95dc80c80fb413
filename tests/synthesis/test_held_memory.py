"""What convolutions of ever new sizes leave in memory, and what is handed back."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from oasis_studio.core.work.child import CACHE_SIZES, child_environment

SIZES = 900
SHOW = f"""
import sys
import torch
from oasis_studio.synthesis.rendering.memory import limit_caches, release_freed_memory, resident_bytes
if sys.argv[1] == "limited":
    limit_caches()
torch.set_num_threads(1)
weight = torch.ones(128, 128, 3, 3)

def use(size):
    torch.nn.functional.conv2d(torch.ones(1, 128, 6, size).contiguous(memory_format=torch.channels_last), weight)

with torch.inference_mode():
    for size in range(8, 16):
        use(size)
    before = resident_bytes()
    for size in range(16, 16 + {SIZES}):
        use(size)
release_freed_memory()
print((resident_bytes() - before) // 2**20)
"""


def held_mb(which: str) -> int:
    environment = {name: value for name, value in os.environ.items() if name not in CACHE_SIZES}
    command = [sys.executable, "-c", SHOW, which]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="measures as Linux tells it")
def test_few_prepared_convolutions_are_kept() -> None:
    limited, usual = held_mb("limited"), held_mb("usual")
    assert limited < 0.6 * usual, (limited, usual)


def test_a_trainer_keeps_as_many_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_SIZES[0], "128")
    assert not set(CACHE_SIZES) & child_environment().keys()
