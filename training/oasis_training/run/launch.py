"""Several processes on this machine that train one model, started by torch's own engine."""

from __future__ import annotations

import os
import signal
import sys
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
from torch.distributed.launcher.api import LaunchConfig, elastic_launch

from oasis_studio.core.work.run_folder import send_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def launch(workers: int, work: Callable[[list[str]], int], argv: list[str], folder: Path, watches_stdin: bool) -> int:
    """Run ``work(argv)`` in ``workers`` processes to its end; returns the exit code of the first of them.

    Whoever starts us talks to us: what comes through stdin, and signals, go on to the processes through ``folder``.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: send_command(folder, "stop"))
    if watches_stdin:
        threading.Thread(target=_forward, args=(folder,), name="stdin", daemon=True).start()
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=workers,
        run_id=uuid.uuid4().hex,
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        max_restarts=0,
        monitor_interval=0.1,
    )
    try:
        codes = elastic_launch(config, work)(argv)
    except ChildFailedError as error:
        raise StudioError(
            _("A training process ended before its time; what was saved before is whole."),
            _("Continue with --resume, or with fewer workers."),
            str(error),
        ) from error
    return int(codes[0])


def _forward(folder: Path) -> None:
    with suppress(StudioError):
        while line := sys.stdin.readline():
            with suppress(ValueError):
                send_command(folder, line.strip())
        send_command(folder, "stop")
