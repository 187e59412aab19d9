"""From comment events to verdicts: language, scores, rules; a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.domain.comments import CommentEvent, EventKind
from monitor.domain.errors import Misconfigured, Retryable
from monitor.domain.signals import UNDETERMINED, Language, Scores, Signals
from monitor.domain.soundness import sound
from monitor.domain.verdicts import Verdict
from monitor.engine.book import Book
from monitor.engine.borders import score_borders
from monitor.ports import AdaptiveScorer, Clock, LanguageIdentifier, Need, Scorer
from monitor.services.assuming import Assumption


class Inspector:
    """Judges batches of comment events by one rule book. CPU-bound; call it off the event loop.

    `missing` says why the scorer is not the one that was wanted; `assume` is the language in which
    texts are scored whose own cannot be told. The caller counts and logs: `trouble` says why the last
    batch was scored with less care than was needed, or not at all; `failed_batches` counts those whose
    scores are unknown, whatever the scorer failed with, and `last_failure` says why.
    """

    def __init__(
        self,
        book: Book,
        identifier: LanguageIdentifier,
        scorer: Scorer | None,
        clock: Clock,
        *,
        missing: Misconfigured | None = None,
        assume: str = "",
    ) -> None:
        self.book = book
        self.missing = missing
        self.failed_batches = 0
        self.last_failure = ""
        self.trouble = ""
        self._identifier = identifier
        self._scorer = scorer
        self._assumption = Assumption(assume)
        self._clock = clock

    @property
    def scored_by(self) -> str:
        """Return the scorer's name; `none` where there is no scorer."""
        return self._scorer.name if self._scorer else "none"

    def inspect(self, events: Sequence[CommentEvent], waited: float = 0.0) -> list[Verdict]:
        """Return one verdict an event, in order.

        A deleted comment has nothing left to judge: default signals, no matches. `waited` is how long
        they have waited to be judged, in seconds; a scorer may spend less on each where it is long.
        """
        present = [event for event in events if event.kind is not EventKind.DELETED]
        measured = iter(self._measure(present, waited))
        now = self._clock()
        return [
            unjudged(event, self.book, now)
            if event.kind is EventKind.DELETED
            else judge(event, next(measured), self.book, now)
            for event in events
        ]

    def _measure(self, events: Sequence[CommentEvent], waited: float) -> list[Signals]:
        longest = self.book.max_text
        texts = [event.comment.text[:longest] for event in events]
        languages = self._identifier.identify(texts)
        assumed = self._assumption(texts, languages)
        scores = self._score(texts, assumed, waited)
        return [
            Signals(
                language=language,
                scores=score,
                unsupported=self._unsupported(scored_as),
                truncated=len(event.comment.text) > longest,
            )
            for event, language, scored_as, score in zip(events, languages, assumed, scores, strict=True)
        ]

    def _unsupported(self, language: Language) -> bool | None:
        """Return whether no model knows this language, be the batch scored or failed."""
        if self._scorer is None:
            return None
        if self._scorer.covers(language.code):
            return False
        return None if language.code == UNDETERMINED else True

    def _score(
        self, texts: Sequence[str], languages: Sequence[Language], waited: float
    ) -> list[Scores | None]:
        scorer, self.trouble = self._scorer, ""
        if scorer is None or not texts:
            return [None] * len(texts)
        try:
            if not isinstance(scorer, AdaptiveScorer):
                return sound(scorer.score(texts, languages), scorer.name)
            need = Need(borders=score_borders(self.book), waited=waited)
            scores = sound(scorer.score_for(texts, languages, need), scorer.name)
        except Retryable as failure:
            self.trouble = str(failure)
        except Exception as failure:  # noqa: BLE001 - a model or a guest's scorer may fail with anything
            self.trouble = f"{scorer.name}: {type(failure).__name__}"  # what it says may quote the comment
        else:
            self.trouble = scorer.trouble
            return scores
        self.failed_batches += 1
        self.last_failure = self.trouble
        return [None] * len(texts)


def judge(event: CommentEvent, signals: Signals, book: Book, now: datetime) -> Verdict:
    """Return what the book says about a comment with these signals. Pure; rule tests call it too."""
    judgement = book.judge(event, signals)
    return Verdict(
        event=event,
        signals=signals,
        matches=judgement.matches,
        book=book.digest,
        judged_at=now,
        cut_off=judgement.cut_off,
    )


def unjudged(event: CommentEvent, book: Book, now: datetime) -> Verdict:
    """Return the verdict on an event that no rule looks at."""
    return Verdict(event=event, signals=Signals(), matches=(), book=book.digest, judged_at=now)
