from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Retryable
from monitor.domain.signals import Language, Scores
from monitor.ports import AdaptiveScorer, Need
from monitor.scorers.cascade import Cascade, share_kept

EN, DE, XX = (Language(code=code, confidence=1.0) for code in ("en", "de", "xx"))
BORDERS = {"threat": 0.8}


class Given:
    """Scores a text that is a number as that number; knows no other language than these."""

    def __init__(self, name: str, *languages: str, plus: float = 0.0) -> None:
        self.name = name
        self.asked: list[str] = []
        self._languages = languages
        self._plus = plus

    def covers(self, language: str) -> bool:
        return language in self._languages

    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        self.asked += texts
        return [
            Scores(scored_by=self.name, labels=self.labels(float(text)))
            if language.code in self._languages
            else None
            for text, language in zip(texts, languages, strict=True)
        ]

    def labels(self, number: float) -> Mapping[str, float]:
        return {"threat": number + self._plus}


class Broken(Given):
    def score(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Scores | None]:
        del texts, languages
        raise Retryable("out of memory")


class Insults(Given):
    def labels(self, number: float) -> Mapping[str, float]:
        return {"insult": number}


def cascade(first: Given | None = None, second: Given | None = None) -> Cascade:
    return Cascade(
        first or Given("quick", "en", "de"),
        second or Given("good", "en", "xx", plus=0.001),
        share=0.1,
        shed_after=10,
    )


def scored_by(
    scoring: Cascade,
    *texts: str,
    language: Language = EN,
    waited: float = 0.0,
    borders: Mapping[str, float] = BORDERS,
) -> list[str | None]:
    need = Need(borders=borders, waited=waited)
    scores = scoring.score_for(texts, [language] * len(texts), need)
    return [each.scored_by if each else None for each in scores]


def test_only_what_a_rule_could_fire_on_gets_a_second_opinion() -> None:
    second = Given("good", "en", plus=0.001)
    assert ["cascade:quick", "cascade:good", "cascade:good", "cascade:quick"] == scored_by(
        cascade(second=second), "0.01", "0.081", "0.99", "0.079"
    )
    assert ["0.081", "0.99"] == second.asked


def test_the_second_opinion_counts() -> None:
    (scores,) = cascade().score(["0.5"], [EN])
    assert scores is not None
    assert {"threat": 0.501} == scores.labels


def test_what_the_second_model_says_nothing_about_is_kept_from_the_first() -> None:
    (scores,) = cascade(second=Insults("good", "en")).score(["0.5"], [EN])
    assert scores is not None
    assert {"threat": 0.5, "insult": 0.5} == scores.labels


def test_where_no_rule_compares_scores_the_second_model_is_never_asked() -> None:
    second = Given("good", "en")
    assert ["cascade:quick"] == scored_by(cascade(second=second), "0.99", borders={})
    assert [] == second.asked


def test_a_label_that_the_first_model_does_not_know_is_asked_for() -> None:
    assert ["cascade:good"] == scored_by(cascade(), "0.01", borders={"insult": 0.9})


class Toxic(Given):
    def labels(self, number: float) -> Mapping[str, float]:
        return {"toxicity": number, "threat": 0.0}


def test_what_is_toxic_is_suspected_of_every_label_a_little() -> None:
    scoring = cascade(first=Toxic("quick", "en"))
    assert ["cascade:quick", "cascade:good"] == scored_by(scoring, "0.31", "0.33")


def test_where_nobody_says_what_rules_ask_any_label_may_count() -> None:
    scores = cascade().score(["0.04"], [EN])
    assert ["cascade:good"] == [each.scored_by for each in scores if each]


def test_a_language_that_only_the_second_model_knows_is_scored_by_it() -> None:
    assert ["cascade:good"] == scored_by(cascade(), "0.01", language=XX)


def test_a_language_that_only_the_first_model_knows_keeps_its_scores() -> None:
    assert ["cascade:quick"] == scored_by(cascade(), "0.9", language=DE)


def test_a_language_that_neither_knows_is_unknown() -> None:
    assert [None] == scored_by(cascade(), "0.9", language=Language())


def test_a_worker_that_is_behind_asks_less_and_says_so() -> None:
    texts = ("0.01", "0.1", "0.3", "0.7", "0.9")
    assert 4 == scored_by(cascade(), *texts, waited=10).count("cascade:good")
    assert [
        "cascade:quick",
        "cascade:quick(shed)",
        "cascade:quick(shed)",
        "cascade:good",
        "cascade:good",
    ] == scored_by(cascade(), *texts, waited=20)
    assert ["cascade:quick", *["cascade:quick(shed)"] * 4] == scored_by(cascade(), *texts, waited=30)


def test_a_second_model_that_fails_leaves_the_first_ones_word() -> None:
    need = Need(borders=BORDERS)
    scores = cascade(second=Broken("good")).score_for(["0.01", "0.9"], [EN, EN], need)
    assert [("cascade:quick", 0.01), ("cascade:quick(failed)", 0.9)] == [
        (each.scored_by, each.labels["threat"]) for each in scores if each
    ]


def test_a_second_model_whose_scores_are_no_probabilities_has_failed() -> None:
    scoring = cascade(second=Given("good", "en", plus=float("nan")))
    (scores,) = scoring.score(["0.9"], [EN])
    assert scores is not None
    assert ("cascade:quick(failed)", {"threat": 0.9}) == (scores.scored_by, scores.labels)
    assert "good gave a score for threat that is no number from 0 to 1" == scoring.trouble


def test_it_tells_what_the_second_model_failed_with_until_the_next_texts() -> None:
    scoring = cascade(second=Broken("good"))
    scoring.score(["0.9"], [EN])
    assert "out of memory" == scoring.trouble
    with pytest.raises(ValueError, match="could not convert"):
        scoring.score(["not a number"], [EN])
    assert "" == scoring.trouble


def test_a_first_model_that_fails_can_be_tried_again() -> None:
    with pytest.raises(Retryable):
        cascade(first=Broken("quick")).score(["0.9"], [EN])


def test_it_can_be_told_that_comments_wait() -> None:
    assert isinstance(cascade(), AdaptiveScorer)
    assert not isinstance(Given("quick"), AdaptiveScorer)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.001, 1e4))
def test_the_longer_comments_wait_the_less_is_asked(one: float, other: float, shed_after: float) -> None:
    less, more = sorted((share_kept(one, shed_after), share_kept(other, shed_after)))
    assert 0 <= less <= more <= 1
    assert (share_kept(min(one, other), shed_after) == more) or less == more


def test_all_second_opinions_are_asked_for_while_comments_wait_as_long_as_they_may() -> None:
    assert [1.0, 1.0, 0.5, 0.0, 0.0] == [share_kept(waited, 10) for waited in (0, 10, 20, 30, 1e9)]


def test_it_covers_what_one_of_its_models_covers() -> None:
    assert [True, True, True, False] == [cascade().covers(code) for code in ("en", "de", "xx", "yy")]
