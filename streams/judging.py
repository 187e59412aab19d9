"""What one judging process does with a batch: bytes in, bytes out.

Runs in a process of its own (`streams.pool`), so that CPU work never holds up the event loop and
the worker only moves bytes. No state but the inspector, built once from the settings. What goes back
is named tuples: a dataclass takes three times as long from process to process.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import structlog

from monitor.domain.comments import EventKind
from monitor.domain.errors import Rejected
from monitor.engine.observing import counted
from monitor.ports.wire import COUNTED, EVENTS, VERDICTS
from streams.clock import now
from streams.lifetime import give_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.comments import CommentEvent
    from monitor.domain.verdicts import Verdict
    from monitor.engine.book import Book
    from monitor.metrics import Unknown
    from monitor.services.following import Following
    from monitor.services.rulebook import Sources
    from monitor.settings import Settings

log = structlog.get_logger()


class Judged(NamedTuple):
    """One comment's verdict and observations, encoded, and what the metrics count of it.

    Among the observations stands where the comment counts, so that an edit or a deletion undoes it.
    """

    key: bytes
    verdict: bytes
    observations: tuple[tuple[bytes, bytes], ...]
    facts: Facts


class Refused(NamedTuple):
    """One message that is no comment event, and why."""

    reason: str
    detail: str


class Loaded(NamedTuple):
    """What a judging process works with: the book's digest, its rules by status, the scorer.

    `missing` says why the scorer is not the one that the settings name. `refused` tells that the
    rule files hold a change that is not in force, `demoted` names the live rules that the fuse of
    fresh rules has put into shadow. `sources` are the texts of the book, where they are news.
    """

    digest: str
    rules: Mapping[str, int]
    scorer: str
    missing: str = ""
    refused: bool = False
    demoted: tuple[str, ...] = ()
    sources: Sources | None = None


class Facts(NamedTuple):
    """What is counted: closed sets and numbers only, never a person's words.

    `age` is the seconds from the comment's creation (or observation) to its judgement. `scored_by`
    names what gave the scores; `unknown` says why there are none.
    """

    source: str
    language: str
    matches: tuple[tuple[str, str, str], ...]
    scores: tuple[tuple[str, float], ...] | None
    cut_off: tuple[str, ...]
    age: float
    scored_by: str | None = None
    unknown: Unknown | None = None


def judge(
    settings: Settings, payloads: Sequence[bytes | None], waited: float = 0.0
) -> list[Judged | Refused]:
    """Return for each message, in order, what came of it. `waited`: seconds, the longest of them.

    Raises:
        Misconfigured: the rules or the model cannot be loaded.
    """
    decoded = [_decoded(payload) for payload in payloads]
    following = _following(settings)
    _look(following)
    inspector = following.inspector
    failures = inspector.failed_batches
    events = [event for event in decoded if not isinstance(event, Refused)]
    verdicts = iter(_inspect(following, events, waited))
    unknown: Unknown = "no_model" if inspector.scored_by == "none" else "language"
    if inspector.failed_batches > failures:
        unknown = "failed"
    if inspector.trouble:
        log.warning("scorer.failed", comments=len(events), reason=inspector.trouble)
    return [
        event if isinstance(event, Refused) else _judged(next(verdicts), inspector.book, unknown)
        for event in decoded
    ]


def warm_up(settings: Settings, known: str = "") -> Loaded:
    """Load rules and models, and take rules that have changed since.

    `known` is the digest of a book whose texts need not be told again.

    Raises:
        Misconfigured: one of them cannot be loaded.
    """
    following = _following(settings)
    _look(following)
    inspector = following.inspector
    return Loaded(
        digest=inspector.book.digest,
        rules=following.rules(),
        scorer=inspector.scored_by,
        missing=str(inspector.missing or ""),
        refused=following.refused is not None,
        demoted=following.demoted,
        sources=following.sources if inspector.book.digest != known else None,
    )


def begin(last_good: Sources | None) -> None:
    """Remember the rules that were in force when this process was started, for when the files are unsound."""
    _last_good().extend([last_good] if last_good else [])


@lru_cache(maxsize=1)
def _last_good() -> list[Sources]:
    return []


@lru_cache(maxsize=1)
def _following(settings: Settings) -> Following:
    from monitor.api import build_following

    following = build_following(settings, now, next(iter(_last_good()), None))
    give_back()
    return following


def _look(following: Following) -> None:
    """Take changed rules, and say what came of it."""
    refused = following.refused
    changed = following.look()
    digest = following.inspector.book.digest
    if changed:
        log.info("rules.reloaded", digest=digest, **following.rules())
    if following.refused is not None and following.refused is not refused:
        problems = following.refused.problems
        first = str(problems[0]).partition("\n")[0]
        log.error("rules.refused", in_force=digest, problems=len(problems), first=first)


def _inspect(following: Following, events: Sequence[CommentEvent], waited: float) -> list[Verdict]:
    """Judge, and say which fresh rule was demoted."""
    before = set(following.demoted)
    verdicts = following.inspect(events, waited)
    for rule in following.demoted:
        if rule not in before:
            log.error(
                "rule.demoted", rule=rule, reason="freshly edited, it fired on an outlier share of comments"
            )
    return verdicts


def _decoded(payload: bytes | None) -> CommentEvent | Refused:
    try:
        return EVENTS.decode(payload)
    except Rejected as error:
        return Refused(error.reason, error.detail)


def _judged(verdict: Verdict, book: Book, unknown: Unknown) -> Judged:
    return Judged(
        key=verdict.event.comment.key.encode(),
        verdict=VERDICTS.encode(verdict),
        observations=tuple((each.key.encode(), COUNTED.encode(each)) for each in counted(verdict, book)),
        facts=_facts(verdict, unknown),
    )


def _facts(verdict: Verdict, unknown: Unknown) -> Facts:
    scores = verdict.signals.scores
    reason: Unknown = "unsupported" if verdict.signals.unsupported else unknown
    judged = verdict.event.kind is not EventKind.DELETED
    return Facts(
        source=verdict.event.comment.source,
        language=verdict.signals.language.code,
        matches=tuple((match.rule, match.status, match.severity) for match in verdict.matches),
        scores=tuple(scores.labels.items()) if scores else None,
        cut_off=verdict.cut_off,
        age=(verdict.judged_at - verdict.event.time).total_seconds(),
        scored_by=scores.scored_by if scores else None,
        unknown=reason if judged and scores is None else None,
    )
