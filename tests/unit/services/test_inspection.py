from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from monitor.domain.comments import Comment, CommentEvent, EventKind
from monitor.domain.errors import Retryable
from monitor.domain.signals import Language, Scores, Signals
from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from monitor.ports import Need
from monitor.services.inspection import Inspector, judge

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

RULES = """
id: insults.turnip
title: Somebody is called a turnip
why: For this test.
owner: tests
status: shadow
severity: low
when: {text: {words: [turnip]}}
---
id: scores.threat
title: The model sees a threat
why: For this test.
owner: tests
status: shadow
severity: high
when: {toxicity: {threat: ">= 0.5"}}
"""


class Lengths:
    """Says `x` and the text's length for a language."""

    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language(code="x", confidence=len(text) / 100) for text in texts]


class Threat:
    """Scores every text as a threat."""

    name = "threat"

    def covers(self, language: str) -> bool:
        return language in {"x", "en"}

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        assert len(texts) == len(languages)
        return [Scores(scored_by=self.name, labels={"threat": 0.9}) for _ in texts]


class Broken(Threat):
    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        del texts, languages
        raise Retryable("out of memory")


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book([RuleFile("rules.yaml", RULES)], max_text=20)


def inspector(book: Book, scorer: Threat | None = None) -> Inspector:
    return Inspector(book, Lengths(), scorer, lambda: NOW)


def event(text: str, kind: EventKind = EventKind.CREATED) -> CommentEvent:
    return CommentEvent(
        kind=kind, comment=Comment(source="gazette", native_id=text[:5], text=text), observed_at=NOW
    )


def test_each_event_gets_its_verdict_in_order(book: Book) -> None:
    events = [event("you turnip"), event("", EventKind.DELETED), event("hello there")]
    verdicts = inspector(book, Threat()).inspect(events)
    assert events == [verdict.event for verdict in verdicts]
    assert [["insults.turnip", "scores.threat"], [], ["scores.threat"]] == [
        [match.rule for match in verdict.matches] for verdict in verdicts
    ]
    assert [0.1, 0.0, 0.11] == [verdict.signals.language.confidence for verdict in verdicts]
    assert {(book.digest, NOW)} == {(verdict.book, verdict.judged_at) for verdict in verdicts}


def test_a_deleted_comment_is_not_judged(book: Book) -> None:
    (verdict,) = inspector(book, Threat()).inspect([event("you turnip", EventKind.DELETED)])
    assert (Signals(), ()) == (verdict.signals, verdict.matches)


def test_without_a_scorer_the_scores_are_unknown(book: Book) -> None:
    (verdict,) = inspector(book).inspect([event("you turnip")])
    assert verdict.signals.scores is None
    assert ["insults.turnip"] == [match.rule for match in verdict.matches]
    assert "none" == inspector(book).scored_by


def test_a_scorer_that_fails_leaves_the_scores_unknown_and_is_counted(book: Book) -> None:
    inspecting = inspector(book, Broken())
    (verdict,) = inspecting.inspect([event("you turnip")])
    assert verdict.signals.scores is None
    assert ["insults.turnip"] == [match.rule for match in verdict.matches]
    assert (1, "out of memory") == (inspecting.failed_batches, inspecting.last_failure)


class Buggy(Threat):
    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        raise KeyError(texts[0], languages)


def test_a_scorer_may_fail_with_anything_and_what_it_says_is_not_repeated(book: Book) -> None:
    inspecting = inspector(book, Buggy())
    (verdict,) = inspecting.inspect([event("you turnip")])
    assert verdict.signals.scores is None
    assert (1, "threat: KeyError") == (inspecting.failed_batches, inspecting.last_failure)


class Absurd(Threat):
    """Overflows, as half precision can."""

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        del languages
        return [Scores(scored_by=self.name, labels={"threat": float("nan")})] * len(texts)


def test_scores_that_are_no_probabilities_are_unknown_and_counted(book: Book) -> None:
    inspecting = inspector(book, Absurd())
    (verdict,) = inspecting.inspect([event("you turnip")])
    assert verdict.signals.scores is None
    said = "threat gave a score for threat that is no number from 0 to 1"
    assert (1, said) == (inspecting.failed_batches, inspecting.last_failure)


class Adaptive(Threat):
    """Remembers what scores were wanted for; is in trouble where comments waited."""

    need: Need | None = None

    @property
    def trouble(self) -> str:
        return "second model: out of memory" if self.need and self.need.waited else ""

    def score_for(
        self, texts: Sequence[str], languages: Sequence[Language], need: Need
    ) -> list[Scores | None]:
        self.need = need
        return self.score(texts, languages)


def test_a_scorer_that_can_do_less_hears_what_rules_ask_and_how_long_comments_waited(book: Book) -> None:
    scorer = Adaptive()
    inspector(book, scorer).inspect([event("you turnip")], waited=12.5)
    assert Need(borders={"threat": 0.5}, waited=12.5) == scorer.need


def test_trouble_that_left_no_comment_without_scores_is_told_until_the_next_batch(book: Book) -> None:
    inspecting = inspector(book, Adaptive())
    inspecting.inspect([event("you turnip")], waited=12.5)
    assert ("second model: out of memory", 0) == (inspecting.trouble, inspecting.failed_batches)
    inspecting.inspect([event("you turnip")])
    assert "" == inspecting.trouble


class Speaks(Lengths):
    """Takes a text for the language that it names."""

    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language(code=text, confidence=0.9) for text in texts]


@pytest.mark.parametrize("scorer", [Threat(), Broken()], ids=["scored", "failed"])
def test_a_language_that_no_model_knows_is_told_from_one_that_cannot_be_told(
    book: Book, scorer: Threat
) -> None:
    verdicts = Inspector(book, Speaks(), scorer, lambda: NOW).inspect(
        [event("en"), event("fi"), event("und")]
    )
    assert [False, True, None] == [verdict.signals.unsupported for verdict in verdicts]


def test_without_a_scorer_no_language_is_unsupported(book: Book) -> None:
    (verdict,) = Inspector(book, Speaks(), None, lambda: NOW).inspect([event("fi")])
    assert verdict.signals.unsupported is None


def test_an_oversized_text_is_measured_and_matched_at_its_beginning(book: Book) -> None:
    verdicts = inspector(book, Threat()).inspect([event("x" * 20), event("x" * 21 + " turnip")])
    assert [False, True] == [verdict.signals.truncated for verdict in verdicts]
    assert [0.2, 0.2] == [verdict.signals.language.confidence for verdict in verdicts]
    assert ["scores.threat"] == [match.rule for match in verdicts[1].matches]


def test_an_empty_batch_is_no_verdicts(book: Book) -> None:
    assert [] == inspector(book, Broken()).inspect([])


def test_judging_with_given_signals(book: Book) -> None:
    signals = Signals(scores=Scores(scored_by="test", labels={"threat": 0.5}))
    verdict = judge(event("hello"), signals, book, NOW)
    assert (signals, ["scores.threat"]) == (verdict.signals, [match.rule for match in verdict.matches])


class Undetermined(Lengths):
    def identify(self, texts: Sequence[str]) -> list[Language]:
        return [Language() for _ in texts]


class Languages(Threat):
    """Names its scores by the language that it was told."""

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        del texts
        return [Scores(scored_by=language.code, labels={}) for language in languages]


def test_a_text_too_short_to_tell_is_scored_in_the_language_that_is_assumed(book: Book) -> None:
    assuming = Inspector(book, Undetermined(), Languages(), lambda: NOW, assume="en")
    (verdict,) = assuming.inspect([event("turnip")])
    assert verdict.signals.scores is not None
    assert ("en", "und") == (verdict.signals.scores.scored_by, verdict.signals.language.code)
    assert verdict.signals.unsupported is False
