"""The one comment that a tool is asked about, from the command line or a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from monitor.cli.rules.books import Identifier
from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.errors import Misconfigured, Rejected
from monitor.domain.signals import Language, Scores, Signals
from monitor.engine.book import Book
from monitor.services.archive import read_verdict
from monitor.settings import Configuration
from monitor.sources.records import comment_event

_SOURCE = "command"
_MANY: Final = re.compile(rb"\s*(?:\{[^\n]*\}[ \r]*\n\s*\{|\[\s*\{)")
"""The beginning of a file of several objects: one a line, or a list of them."""


def event_of_text(text: str, author: str | None) -> CommentEvent:
    """Return the event of a comment that was typed."""
    now = datetime.now(UTC)
    comment = Comment(
        source=_SOURCE, native_id="1", text=text, author=Author(name=author), thread="1", created_at=now
    )
    return CommentEvent(kind=EventKind.CREATED, comment=comment, observed_at=now)


def event_of_file(path: Path) -> tuple[CommentEvent, Signals | None]:
    """Return the comment in this file, with its signals where it is a verdict.

    One JSON object: a comment as a source gives it, or a line of an archive of verdicts.

    Raises:
        Misconfigured: it is neither.
    """
    content = path.read_bytes()
    try:
        verdict = read_verdict(content)
    except Rejected:
        return _record(content, path), None
    return verdict.event, verdict.signals


def _record(content: bytes, path: Path) -> CommentEvent:
    try:
        record = msgspec.json.decode(content, type=dict[str, object])
        return comment_event(record, source=_SOURCE, observed_at=datetime.now(UTC))
    except (msgspec.MsgspecError, UnicodeDecodeError, Rejected) as error:
        why = error.detail if isinstance(error, Rejected) else "it is no JSON object"
        hint = 'such as {"id": "1", "author": "ann", "text": "…"}'
        if _MANY.match(content):
            why, hint = "it holds several", "put one of its lines into a file; `judge --input` reads all"
        raise Misconfigured.plain(f"{path} holds no comment: {why}", hint=hint) from None


def signals_of(
    text: str, identifier: Identifier, language: str | None, scores: Sequence[tuple[str, float]]
) -> Signals:
    """Return the signals of a comment: what was given, and the language that is identified if not."""
    told = Language(code=language, confidence=1.0) if language else identifier.identify([text])[0]
    return Signals(language=told, scores=Scores(scored_by=_SOURCE, labels=dict(scores)) if scores else None)


def measured(event: CommentEvent, configuration: Configuration, language: str | None, book: Book) -> Signals:
    """Return the signals of a comment as a worker with these settings measures them.

    Raises:
        Misconfigured: the model cannot be loaded, and the settings say to stop then.
    """
    from monitor.scorers.choose import choose_scorer
    from monitor.services.inspection import Inspector

    settings = configuration.load().settings
    choice = choose_scorer(settings.toxicity)
    if choice.missing:
        click.echo(str(choice.missing), err=True)
    identifier = Told(language) if language else Identifier(configuration)
    inspector = Inspector(
        book, identifier, choice.scorer, lambda: datetime.now(UTC), assume=settings.language.assume
    )
    return inspector.inspect([event])[0].signals


class Told:
    """Identifies every text as being in the language that was given."""

    def __init__(self, code: str) -> None:
        self._language = Language(code=code, confidence=1.0)

    def identify(self, texts: Sequence[str]) -> list[Language]:
        """Return the language, once a text."""
        return [self._language] * len(texts)


class Score(click.ParamType):
    """A score as it is typed: `threat=0.9`."""

    name = "LABEL=SCORE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Return the label and its score."""
        if isinstance(value, tuple):
            return value
        label, _, number = str(value).partition("=")
        try:
            score = float(number)
        except ValueError:
            self.fail(f"{value!r} is no score, such as threat=0.9", param, ctx)
        if not label or not 0 <= score <= 1:
            self.fail(f"{value!r} is no score from 0 to 1, such as threat=0.9", param, ctx)
        return label, score
