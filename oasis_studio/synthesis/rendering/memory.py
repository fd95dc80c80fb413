"""How much memory a render needs, and how much there is.

Linux grants memory that it does not have and kills the program that uses it; so a render that cannot fit must be
refused before it starts.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from oasis_studio.core.work.child import CACHE_SIZES
from oasis_studio.errors import MemoryShortage
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.network import NetworkConfig

_FEATURE_MAPS = 6
"""Maps of a block's own width alive at once: input, normalised, γ and β (twice as wide), result, shortcut."""
_HIDDEN_MAPS = 2
_CACHED_PRIMITIVES = 128
"""Of oneDNN's convolutions: enough for one model's own sizes, which come again. Those of brush strokes never do."""
MUCH_FREE = 48 << 20
"""Bytes of freed memory that are worth handing back once no brush is waited for."""
_MEMORY_WORDS = ("out of memory", "not enough memory", "allocate memory", "bad allocation", "bad_alloc")


def render_bytes(config: NetworkConfig, width: int, height: int, dtype: torch.dtype) -> int:
    """Rough peak of what rendering one (height, width) image takes beyond the weights."""
    pixels = width * height
    condition = 2 * pixels * config.inputs  # full size, plus the resized ones
    peak = 0
    for block in config.blocks:
        channels = _FEATURE_MAPS * max(block.fan_in, block.fan_out) + _HIDDEN_MAPS * config.hidden
        peak = max(peak, int(pixels / block.stride**2 * channels))
    return (condition + peak) * dtype.itemsize


def available_bytes(device: torch.device) -> int | None:
    """Free memory of the device, or None where nobody can say."""
    if device.type == "cuda":
        cached = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return torch.cuda.mem_get_info(device)[0] + cached
    if sys.platform == "linux":
        return _linux_bytes()
    if sys.platform == "win32":
        return _windows_bytes()
    return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 0.8)


def room_bytes(device: torch.device, held: int, most: int | None = None) -> int | None:
    """What a render may take where ``held`` bytes are its own already; None where nobody can say.

    ``most`` limits the memory of the whole program, or of the device.
    """
    free = available_bytes(device)
    if most is not None:
        used = torch.cuda.memory_allocated(device) if device.type == "cuda" else resident_bytes()
        free = most - used if free is None else min(free, most - used)
    return None if free is None else max(0, free) + held


def limit_caches() -> None:
    """Keep fewer prepared convolutions, before the first one of this process.

    One is prepared for every size of map, and following the brush makes ever new sizes: 1024 of them hold half a
    gigabyte.
    """
    for name in CACHE_SIZES:
        os.environ.setdefault(name, str(_CACHED_PRIMITIVES))


def release_freed_memory(much: int = 0) -> None:
    """Hand memory back that was freed, as before a long pause, if there is ``much`` of it in bytes.

    GNU's C library keeps what lies between blocks in use. The libraries of other systems are left as they are.
    """
    library = gnu_library()
    if library is None:
        return
    if hasattr(library, "mallinfo2"):
        library.mallinfo2.restype = HeapStatus
        if much and library.mallinfo2().free < much:
            return
    library.malloc_trim(0)


def gnu_library() -> ctypes.CDLL | None:
    """The C library of this process where it is GNU's."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None


class HeapStatus(ctypes.Structure):
    """mallinfo2 of GNU's C library."""

    _fields_ = (
        *((name, ctypes.c_size_t) for name in ("arena", "pieces", "fast", "maps", "mapped", "peak", "fast_free")),
        *((name, ctypes.c_size_t) for name in ("used", "free", "top")),
    )


def resident_bytes() -> int:
    """Memory that this process has now; on macOS and where nothing better is known, the most it ever had."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "win32":
        return _windows_resident_bytes()
    import resource  # there is none on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@contextmanager
def memory_guard(work: str) -> Iterator[None]:
    """Turns every way in which memory runs out into MemoryShortage."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        text = str(error)
        if not isinstance(error, MemoryError) and not any(word in text.lower() for word in _MEMORY_WORDS):
            raise
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise shortage(work, text) from error


def shortage(work: str, detail: str) -> MemoryShortage:
    """The failure to raise when there is not enough memory for ``work`` (a noun); ``detail`` goes to the log."""
    return MemoryShortage(
        _("There is not enough memory for {work}.").format(work=work),
        _("Try a smaller size, or close other programs."),
        detail,
    )


def _linux_bytes() -> int | None:
    free = None
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                free = int(line.split()[1]) * 1024
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
    except (OSError, ValueError):
        return free
    if free is None or limit == "max":
        return free
    return min(free, max(int(limit) - used, 0))


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total_physical", ctypes.c_ulonglong),
        ("free_physical", ctypes.c_ulonglong),
        ("total_page_file", ctypes.c_ulonglong),
        ("free_page_file", ctypes.c_ulonglong),
        ("total_virtual", ctypes.c_ulonglong),
        ("free_virtual", ctypes.c_ulonglong),
        ("free_extended", ctypes.c_ulonglong),
    )


def _windows_bytes() -> int | None:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = getattr(ctypes, "windll", None)
    if kernel is None or not kernel.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return status.free_page_file


class _ProcessMemory(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("page_faults", ctypes.c_ulong),
        ("peak_working_set", ctypes.c_size_t),
        ("working_set", ctypes.c_size_t),
        ("peak_paged_pool", ctypes.c_size_t),
        ("paged_pool", ctypes.c_size_t),
        ("peak_nonpaged_pool", ctypes.c_size_t),
        ("nonpaged_pool", ctypes.c_size_t),
        ("pagefile", ctypes.c_size_t),
        ("peak_pagefile", ctypes.c_size_t),
    )


def _windows_resident_bytes() -> int:
    counters = _ProcessMemory(length=ctypes.sizeof(_ProcessMemory))
    libraries = getattr(ctypes, "windll", None)
    if libraries is None:
        return 0
    libraries.kernel32.GetCurrentProcess.restype = ctypes.c_void_p
    process = ctypes.c_void_p(libraries.kernel32.GetCurrentProcess())
    libraries.psapi.GetProcessMemoryInfo(process, ctypes.byref(counters), counters.length)
    return counters.working_set
