"""What every scorer must do, whatever model stands behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from monitor.domain.signals import LABELS, Language
from monitor.scorers.choose import choose_scorer
from monitor.settings import ToxicitySettings
from tests.checkpoints import make_tiny

if TYPE_CHECKING:
    from monitor.ports import Scorer

EN = Language(code="en", confidence=1.0)
NOBODY_SPEAKS = Language(code="tlh", confidence=1.0)
TEXTS = [
    "you are a potato",
    "",
    "🥔" * 300,
    "half a character: \ud83e",
    "potato " * 1000,
    "\x00 nul",
    "thanks",
]


def embedded(_: pytest.TempPathFactory) -> Scorer:
    return chosen(ToxicitySettings(scorer="embedded", fallback="stop"))


def detoxify(factory: pytest.TempPathFactory) -> Scorer:
    return chosen(make_tiny(factory.mktemp("tiny")).settings)


def cascade(factory: pytest.TempPathFactory) -> Scorer:
    return chosen(replace(make_tiny(factory.mktemp("tiny")).settings, scorer="cascade"))


def chosen(settings: ToxicitySettings) -> Scorer:
    scorer = choose_scorer(settings).scorer
    assert scorer is not None
    return scorer


SLOW = pytest.mark.slow


@pytest.fixture(
    scope="module", params=[embedded, pytest.param(detoxify, marks=SLOW), pytest.param(cascade, marks=SLOW)]
)
def scorer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    built: Scorer = request.param(tmp_path_factory)
    return built


def test_each_text_gets_probabilities_by_known_labels(scorer: Scorer) -> None:
    scores = scorer.score(TEXTS, [EN] * len(TEXTS))
    assert len(TEXTS) == len(scores)
    for each in scores:
        assert each is not None
        assert set(LABELS) >= set(each.labels)
        assert all(0 <= score <= 1 for score in each.labels.values())
        assert each.scored_by.partition(":")[0] == scorer.name


def test_the_order_of_the_texts_is_kept(scorer: Scorer) -> None:
    there = scorer.score(TEXTS, [EN] * len(TEXTS))
    back = scorer.score(TEXTS[::-1], [EN] * len(TEXTS))
    for one, other in zip(there, reversed(back), strict=True):
        assert one is not None
        assert other is not None
        assert pytest.approx(one.labels, abs=1e-4) == other.labels


def test_a_language_that_it_does_not_know_is_unknown_not_zero(scorer: Scorer) -> None:
    scores = scorer.score(["potato", "potato"], [NOBODY_SPEAKS, EN])
    assert [True, False] == [each is None for each in scores]


def test_it_says_which_languages_it_can_judge(scorer: Scorer) -> None:
    assert [False, True] == [scorer.covers(language.code) for language in (NOBODY_SPEAKS, EN)]


def test_no_texts_are_no_scores(scorer: Scorer) -> None:
    assert [] == scorer.score([], [])


def test_it_has_a_name_for_metrics(scorer: Scorer) -> None:
    assert scorer.name
    assert scorer.name.isprintable()
