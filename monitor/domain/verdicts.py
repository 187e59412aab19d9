"""What the rules found in one comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.comments import CommentEvent
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One rule fired. `spans` are (start, end) code point offsets into the ORIGINAL text.

    `view` names the reading of the text that was matched; it is None for a rule that looks at
    no text.
    """

    rule: str
    severity: Severity
    status: Status
    view: str | None = None
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The archive's record: the event, its signals, every match (shadow ones too).

    `book` is the digest of the rule book that judged; `judged_at` is the worker's clock.
    `cut_off` names the rules that could not be decided within their time budget.
    """

    event: CommentEvent
    signals: Signals
    matches: tuple[Match, ...]
    book: str
    judged_at: datetime
    cut_off: tuple[str, ...] = ()
