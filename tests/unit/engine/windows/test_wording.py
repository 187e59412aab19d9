from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from monitor.domain.comments import Author
from monitor.domain.observations import Observation
from monitor.domain.severity import Severity
from monitor.domain.signals import Scores, Signals
from monitor.engine.wording import duration, sentence

if TYPE_CHECKING:
    from tests.unit.conftest import Ladder, Observed


def saying(observation: Observation, say: str) -> Observation:
    return dataclasses.replace(observation, escalation=dataclasses.replace(observation.escalation, say=say))


def test_a_template_is_filled(observed: Observed) -> None:
    told = saying(observed(0), "{author} was rude {count} times in {within}: {matched} ({rule})")
    assert "ann was rude 3 times in 10m: absolute (Repeated insults)" == sentence(told, 3)


def test_scores_are_shown_with_two_digits(observed: Observed) -> None:
    scored = Signals(scores=Scores(scored_by="test", labels={"threat": 0.875}))
    told = dataclasses.replace(saying(observed(0), "threat {score.threat}"), signals=scored)
    assert "threat 0.88" == sentence(told, 1)


def test_a_score_that_no_model_gave_is_unknown(observed: Observed) -> None:
    assert "threat unknown" == sentence(saying(observed(0), "threat {score.threat}"), 1)


def test_what_is_no_placeholder_stays_as_it_is_written(observed: Observed) -> None:
    assert "{author.__class__} {0} {nobody}" == sentence(
        saying(observed(0), "{author.__class__} {0} {nobody}"), 1
    )


def test_a_comment_that_looks_like_a_template_is_not_filled(observed: Observed) -> None:
    observation = saying(observed(0), "{author} said so")
    comment = dataclasses.replace(observation.event.comment, author=Author(name="{link}"))
    event = dataclasses.replace(observation.event, comment=comment)
    assert "{link} said so" == sentence(dataclasses.replace(observation, event=event), 1)


def test_the_default_sentence_of_a_count(observed: Observed) -> None:
    assert "Repeated insults: 3 within 10m, last by ann" == sentence(observed(0), 3)


def test_the_default_sentence_of_one_comment(observed: Observed, ladder: Ladder) -> None:
    rule = ladder((1, Severity.HIGH), within=0)
    assert "Repeated insults, by ann" == sentence(observed(0, rule=rule), 1)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.5, "0.5s"), (0, "0s"), (90, "90s"), (600, "10m"), (5400, "90m"), (7200, "2h"), (172800, "2d")],
)
def test_lengths_of_time_are_written_as_in_rules(seconds: float, written: str) -> None:
    assert written == duration(seconds)
