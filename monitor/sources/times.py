"""The times that comment exports carry, read as moments in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from monitor.domain.errors import Rejected

EARLIEST: Final = 1e8
"""The smallest number read as a time, in seconds: March 1973. Smaller ones are years or days."""

MILLISECONDS: Final = 1e11
"""Numbers from here on are milliseconds: as seconds they would lie beyond the year 5000."""

_NUMBER: Final = re.compile(r"\d+(\.\d+)?")
_NAMED_UTC: Final = re.compile(r"\s*(UTC|GMT)$")


def moment(value: object, field: str) -> datetime:
    """Return the moment that a record gives for `field`, in UTC.

    Read are ISO 8601 (with a zone, with `Z`, or without one, which means UTC) and seconds or
    milliseconds since 1970, as a number or as text. A time without a zone is never taken as this
    machine's: the same file must give the same times everywhere.

    Raises:
        Rejected: with reason `schema`; the detail names the field, not the value.
    """
    try:
        if isinstance(value, str):
            return _from_text(value.strip())
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _from_number(float(value))
    except (ValueError, OverflowError, OSError):
        pass
    raise Rejected("schema", f"`{field}` is no ISO 8601 time and no number of seconds since 1970")


def _from_text(text: str) -> datetime:
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    time = datetime.fromisoformat(_NAMED_UTC.sub("+00:00", text))
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _from_number(number: float) -> datetime:
    if number < EARLIEST:
        raise ValueError
    return datetime.fromtimestamp(number if number < MILLISECONDS else number / 1000, UTC)
