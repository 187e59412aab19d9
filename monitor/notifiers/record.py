"""An alert as other programs read it: a line of the JSONL file, the data of a webhook.

An API. Fields may be added; none is renamed or taken away without a new major version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from monitor.domain.alerts import Alert, AlertKind
from monitor.domain.comments import Comment
from monitor.domain.severity import Severity
from monitor.domain.signals import Language


class AlertRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One alert after one event. `id` and `revision` together come once.

    `comments` are the keys (`source:native_id`) of the comments counted, `comment` is the one that
    caused this event, and `spans` are the (start, end) code point offsets into its text of what
    matched. `scores` is null where no model judged it. `within` is seconds.
    """

    id: str
    revision: int
    kind: AlertKind
    rule: str
    title: str
    severity: Severity
    key: str
    comments: tuple[str, ...]
    count: int
    within: float
    opened_at: datetime
    say: str
    comment: Comment
    language: Language
    scores: Mapping[str, float] | None
    scored_by: str | None
    view: str | None
    spans: tuple[tuple[int, int], ...]
    book: str


_ENCODER: Final = msgspec.json.Encoder()


def record(alert: Alert) -> AlertRecord:
    """Return the alert as other programs read it."""
    scores = alert.signals.scores
    return AlertRecord(
        id=alert.id,
        revision=alert.revision,
        kind=alert.kind,
        rule=alert.rule,
        title=alert.title,
        severity=alert.severity,
        key=alert.key,
        comments=alert.comments,
        count=alert.count,
        within=alert.within,
        opened_at=alert.opened_at,
        say=alert.say,
        comment=alert.comment,
        language=alert.signals.language,
        scores=scores.labels if scores else None,
        scored_by=scores.scored_by if scores else None,
        view=alert.match.view,
        spans=alert.match.spans,
        book=alert.book,
    )


def encode(value: AlertRecord | Mapping[str, object]) -> bytes:
    """Return it as JSON, UTF-8, on one line."""
    return _ENCODER.encode(value)
