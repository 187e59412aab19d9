"""How often each rule matched in an archive, and when it last did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Hits:
    """Matches of one rule, whatever version of it, and the event time of the latest."""

    count: int = 0
    last: datetime | None = None


def count_hits(verdicts: Iterable[Verdict]) -> dict[str, Hits]:
    """Return the hits of every rule that matched, by its id."""
    hits: dict[str, Hits] = {}
    for verdict in verdicts:
        time = verdict.event.time
        for match in verdict.matches:
            before = hits.get(match.rule, Hits())
            hits[match.rule] = Hits(before.count + 1, max(time, before.last or time))
    return hits
