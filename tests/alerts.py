"""Alerts of our own wording, for every test that needs one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from monitor.domain.alerts import Alert, AlertKind
from monitor.domain.comments import Author, Comment
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Language, Scores, Signals
from monitor.domain.verdicts import Match

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
TEXT = "You write that every week. Post it once more and we know where you live, all three of you."
WORDS = "we know where you live"
SIGNALS = Signals(
    language=Language(code="en", confidence=0.99),
    scores=Scores(scored_by="detoxify", labels={"threat": 0.93, "toxicity": 0.88, "insult": 0.12}),
)


def a_comment(number: int, text: str) -> Comment:
    """Return the comment with this number, of which the source gives all there is."""
    return Comment(
        source="gazette",
        native_id=f"c{number}",
        text=text,
        author=Author(id="4711", name="Ann Onym"),
        thread="harbour-bridge",
        url=f"https://gazette.example/harbour-bridge#c{number}",
        created_at=NOON,
    )


def a_match(rule: str, severity: Severity, text: str, words: str | None) -> Match:
    """Return the match of `words`, or of no words at all."""
    start = text.index(words) if words else 0
    spans = ((start, start + len(words)),) if words else ()
    view = "folded" if words else None
    return Match(rule=rule, severity=severity, status=Status.LIVE, view=view, spans=spans)


def an_alert(  # noqa: PLR0913 - a factory of a wide value; every argument has its default
    number: int = 1,
    *,
    revision: int = 1,
    rule: str = "threats.direct",
    severity: Severity = Severity.HIGH,
    text: str = TEXT,
    words: str | None = WORDS,
    count: int = 1,
) -> Alert:
    """Return the alert with this number; `words` of the text are the matched ones."""
    comment = a_comment(number, text)
    return Alert(
        id=f"al_{number:024x}",
        revision=revision,
        kind=AlertKind.OPENED if revision == 1 else AlertKind.UPDATED,
        rule=rule,
        title="Direct threat of violence",
        severity=severity,
        group=(("author", "4711"),),
        comments=(comment.key,),
        count=count,
        within=600.0,
        opened_at=NOON,
        comment=comment,
        signals=SIGNALS,
        match=a_match(rule, severity, text, words),
        book="b1",
    )


def from_nobody(alert: Alert) -> Alert:
    """Return the alert of a comment of which the source gives no more than its text."""
    comment = Comment(source="letters", native_id="1", text=alert.comment.text)
    return replace(alert, comment=comment, signals=Signals())
