"""What the backbone costs: ``python -m tests.benchmarks.backbone``.

Printed are the resident memory before and after its first look and once pictures were looked at, and the time of one
look at a picture of 256×256 pixels on one thread.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import torch


def resident_megabytes() -> float:
    """What of this process lies in memory now, on Linux."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def main() -> None:
    torch.set_num_threads(1)
    torch.randn(1, 3, 64, 64).mean()  # torch itself is there
    from oasis_studio.synthesis.backbone.shared import shared_backbone

    before = resident_megabytes()
    started = time.monotonic()
    backbone = shared_backbone(torch.device("cpu"))
    opened = time.monotonic() - started
    image = torch.rand(1, 3, 256, 256) * 2 - 1
    times = []
    with torch.inference_mode():
        for _look in range(9):
            started = time.process_time()
            backbone.pyramid(image)
            times.append(time.process_time() - started)
    print(f"opened in {1000 * opened:.0f} ms; {resident_megabytes() - before:.0f} MB more after {len(times)} looks")
    print(f"a look at 256×256: {1000 * sorted(times)[len(times) // 2]:.0f} ms of one processor")


if __name__ == "__main__":
    main()
