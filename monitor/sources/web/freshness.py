"""For how long a server says that its answer need not be asked for again (RFC 9111, section 4.2)."""

from __future__ import annotations

import re
from typing import Final

from monitor.ports.http import http_date
from monitor.sources.web.message import Answer

_DIRECTIVE: Final = re.compile(r"([a-z-]+)(?:=\"?(\d{1,10})\"?)?", re.ASCII)


def fresh_for(answer: Answer) -> float:
    """Return the seconds from `received_at`; 0 where the server says nothing, or that it may change at once.

    `max-age` goes before `Expires`, and the time that the answer lay in a cache on the way counts.
    """
    directives = dict(_DIRECTIVE.findall(answer.headers.get("cache-control", "").lower()))
    if directives.keys() & {"no-store", "no-cache"}:
        return 0.0
    if directives.get("max-age"):
        return max(float(directives["max-age"]) - _age(answer), 0.0)
    return _until_expiry(answer)


def _until_expiry(answer: Answer) -> float:
    expires = http_date(answer.headers.get("expires", ""))
    if expires is None:
        return 0.0
    sent = http_date(answer.headers.get("date", "")) or answer.received_at
    return max((expires - sent).total_seconds() - _age(answer), 0.0)


def _age(answer: Answer) -> float:
    age = answer.headers.get("age", "").strip()
    return float(age) if age.isascii() and age.isdigit() else 0.0
