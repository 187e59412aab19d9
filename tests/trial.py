"""Comments and one-rule books, for every test that judges."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.signals import Language, Scores, Signals
from monitor.engine.reading import RuleFile, read_book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.engine.book import Book, Judgement

DAY = datetime(2026, 11, 28, 12, tzinfo=UTC)
ENGLISH = Signals(language=Language(code="en", confidence=0.9))


def an_event(
    text: str,
    *,
    author: str | None = "ann",
    url: str | None = None,
    thread: str | None = None,
    at: datetime = DAY,
) -> CommentEvent:
    comment = Comment(
        source="gazette", native_id="1", text=text, author=Author(name=author), url=url, thread=thread
    )
    return CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=at)


def scored(**labels: float) -> Signals:
    return Signals(language=ENGLISH.language, scores=Scores(scored_by="test", labels=labels))


def a_rule(when: str, name: str = "one.rule") -> str:
    return f"id: {name}\ntitle: A rule\nseverity: low\nstatus: shadow\nwhen:\n  {when}\n"


def a_book(*whens: str, lists: Mapping[str, str] | None = None) -> Book:
    """Return the book of one rule a `when`, each written as YAML on one line."""
    rules = "---\n".join(a_rule(when, f"rule.{number}") for number, when in enumerate(whens))
    files = [RuleFile(f"rules/lists/{name}.txt", text) for name, text in (lists or {}).items()]
    return read_book([RuleFile("rules/one.yaml", rules)], files)


def judge(when: str, event: CommentEvent | str, signals: Signals = ENGLISH) -> Judgement:
    return a_book(when).judge(an_event(event) if isinstance(event, str) else event, signals)


def fires(when: str, event: CommentEvent | str, signals: Signals = ENGLISH) -> bool:
    return bool(judge(when, event, signals).matches)


def found(when: str, text: str, lists: Mapping[str, str] | None = None) -> list[str]:
    """Return the parts of the text that the rule shows as its reason."""
    matches = a_book(when, lists=lists).judge(an_event(text), ENGLISH).matches
    return [text[start:end] for match in matches for start, end in match.spans]
