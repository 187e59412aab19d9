"""Spans and moments, as people say them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))


def span(seconds: float) -> str:
    """Return a span of time: `12 s`, `3 min`, `2 h`."""
    for size, unit in _UNITS:
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def moment(seconds: float, now: float) -> str:
    """Return a moment and how far it is from now; `never` for 0."""
    if not seconds:
        return "never"
    written = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    far = seconds - now
    return f"{written}, in {span(far)}" if far > 0 else f"{written}, {span(-far)} ago"
