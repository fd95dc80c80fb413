"""Times and sizes as people say them."""

from __future__ import annotations

from oasis_studio.i18n import _, decimal, ngettext


def duration(seconds: float) -> str:
    """ "40 seconds", "5 minutes", "2½ hours": as exact as it is known."""
    if seconds < 90:
        count = max(1, round(seconds / 10) * 10)
        return ngettext("{count} second", "{count} seconds", count).format(count=count)
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    hours = round(seconds / 1800) / 2
    text = f"{int(hours)}½" if hours % 1 else str(int(hours))
    return _("{count} hours").format(count=text)


def clock(seconds: float) -> str:
    """1:02:03 or 2:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def memory(megabytes: float) -> str:
    if megabytes < 1000:
        return _("{count} MB").format(count=round(megabytes / 10) * 10)
    return _("{count} GB").format(count=decimal(megabytes / 1024, 1))
