"""What a training step frees is there for the next one, and comes back to the system before a pause."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

MEGABYTES = 50
ROUNDS = 20
"""The library keeps a few small blocks back at first, and large ones between them."""
SHOW = f"""
import resource, sys
import torch
from oasis_training.run.freed_memory import keep_freed_memory, release_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() // 2**20

def use():
    before = faults()
    torch.ones({MEGABYTES} * 2**18)  # float32
    return faults() - before

if sys.argv[1] == "keeps":
    keep_freed_memory()
for _round in range({ROUNDS}):
    again = use()
held = resident()
release_freed_memory()
print(again, held, held - resident())
"""


def measured(which: str) -> tuple[int, int, int]:
    """Pages that the system had to fill the last time, megabytes held after it, and those handed back then."""
    done = subprocess.run([sys.executable, "-c", SHOW, which], capture_output=True, text=True, check=True)
    again, held, returned = map(int, done.stdout.split())
    return again, held, returned


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this system has another C library")
def test_freed_memory_is_used_again_until_it_is_released() -> None:
    usual, _held, _returned = measured("gives back")
    again, held, returned = measured("keeps")
    assert usual > 10 * max(again, 1)
    assert held > MEGABYTES and returned > MEGABYTES * 0.9
