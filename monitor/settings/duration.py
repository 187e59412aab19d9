"""Lengths of time as people write them: `20ms`, `30s`, `10m`, `2h`, `7d`."""

from __future__ import annotations

import re
from typing import Final, Self

from monitor.settings.findings import Unfit

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
DURATION_PATTERN: Final = r"^([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d)$"
_HINT: Final = "write a number with its unit, such as 500ms, 30s, 10m, 2h or 7d"


class Duration(float):
    """Seconds, which print the way they were written in the settings."""

    __slots__ = ()

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the duration.

        Raises:
            Unfit: it is no number with a unit.
        """
        if isinstance(written, str) and (parts := re.fullmatch(DURATION_PATTERN, written.strip())):
            return cls(float(parts[1]) * _UNITS[parts[2]])
        if not isinstance(written, bool) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(written)):
            raise Unfit("a length of time needs a unit", hint=f'write "{written}s" if seconds are meant')
        raise Unfit("this is no length of time", hint=_HINT)

    def __str__(self) -> str:
        """Return it in the largest unit that divides it: `7d`, not `604800s`."""
        for unit, seconds in reversed(_UNITS.items()):
            count = round(self / seconds, 6)
            if count >= 1 and count == int(count):
                return f"{int(count)}{unit}"
        return f"{float(self):g}s"

    __repr__ = __str__
