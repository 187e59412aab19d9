"""The twin's output, one JSON object a line: what people and scripts read of verdicts and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from monitor.domain.alerts import Alert
from monitor.domain.comments import EventKind
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Language
from monitor.domain.verdicts import Match, Verdict


class MatchRow(msgspec.Struct, frozen=True):
    """A rule that fired. `spans` are [start, end] in code points of the text."""

    rule: str
    severity: Severity
    status: Status
    view: str | None
    spans: tuple[tuple[int, int], ...]


class VerdictRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A judged comment by its source's own id; `scores` is null where no model judged it.

    `cut_off` names the rules that could not be decided in time.

    What stands behind the matches is what a backtest needs beside them; `at` is the event time, and
    the other times are given where they differ from it. What has nothing to say is left out.
    """

    id: str
    author: str | None
    text: str
    language: Language
    scores: Mapping[str, float] | None
    matches: tuple[MatchRow, ...]
    at: datetime
    source: str
    kind: EventKind = EventKind.CREATED
    author_id: str | None = None
    thread: str | None = None
    parent: str | None = None
    url: str | None = None
    created_at: datetime | None = None
    observed_at: datetime | None = None
    extra: Mapping[str, object] = {}
    scored_by: str | None = None
    unsupported: bool | None = None
    truncated: bool = False
    cut_off: tuple[str, ...] = ()
    book: str = ""


class AlertRow(msgspec.Struct, frozen=True):
    """An alert in its final state. `comments` are the sources' own ids, `key` what was counted by."""

    id: str
    rule: str
    severity: Severity
    key: str
    comments: tuple[str, ...]
    opened_at: datetime


def verdict_line(verdict: Verdict) -> bytes:
    """Return the verdict as a line of JSON."""
    comment, signals, time = verdict.event.comment, verdict.signals, verdict.event.time
    row = VerdictRow(
        id=comment.native_id,
        author=comment.author.name,
        text=comment.text,
        language=signals.language,
        scores=signals.scores.labels if signals.scores else None,
        matches=tuple(_match(match) for match in verdict.matches),
        at=time,
        source=comment.source,
        kind=verdict.event.kind,
        author_id=comment.author.id,
        thread=comment.thread,
        parent=comment.parent,
        url=comment.url,
        created_at=None if comment.created_at == time else comment.created_at,
        observed_at=None if verdict.event.observed_at == time else verdict.event.observed_at,
        extra=comment.extra,
        scored_by=signals.scores.scored_by if signals.scores else None,
        unsupported=signals.unsupported,
        truncated=signals.truncated,
        cut_off=verdict.cut_off,
        book=verdict.book,
    )
    return msgspec.json.encode(row) + b"\n"


def alert_line(alert: Alert) -> bytes:
    """Return the alert as a line of JSON."""
    row = AlertRow(
        id=alert.id,
        rule=alert.rule,
        severity=alert.severity,
        key=alert.key,
        comments=tuple(key.partition(":")[2] for key in alert.comments),
        opened_at=alert.opened_at,
    )
    return msgspec.json.encode(row) + b"\n"


def _match(match: Match) -> MatchRow:
    return MatchRow(
        rule=match.rule, severity=match.severity, status=match.status, view=match.view, spans=match.spans
    )
