from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.signals import Scores
from monitor.scorers.cascade import asked_up_to, distance
from monitor.scorers.doubt import propose

SHARES = st.floats(0.001, 1)
BORDERS = {"toxicity": 0.8, "threat": 0.5}


def columns(**values: list[float]) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    return {name: np.asarray(each, dtype=np.float64) for name, each in values.items()}


@given(SHARES, SHARES, SHARES)
def test_a_second_opinion_is_asked_for_up_to_that_share(toxicity: float, threat: float, share: float) -> None:
    scores = Scores(scored_by="quick", labels={"toxicity": toxicity, "threat": threat})
    asked = distance(scores, BORDERS, share) is not None
    assert asked == (asked_up_to(scores, BORDERS) >= share)


def test_without_a_score_that_a_rule_asks_for_it_is_always_asked_for() -> None:
    assert asked_up_to(None, BORDERS) == float("inf")
    assert asked_up_to(Scores(scored_by="quick", labels={"threat": 0.1}), BORDERS) == float("inf")


def test_the_largest_share_is_proposed_that_finds_enough_of_every_label() -> None:
    scores = columns(insult=[0.8, 0.4, 0.2, 0.1, 0.04, 0.0, 0.3], threat=[0.0, 0.0, 0.0, 0.08, 0.4, 0.0, 0.0])
    truths = columns(insult=[1, 1, 1, 1, 0, 0, 0], threat=[0, 0, 0, 0, 1, 0, 0])
    found = propose(scores, truths, recall=0.75, border=0.8)
    assert (0.25, {"insult": 0.75, "threat": 1.0}, 0.5) == (found.share, found.found, found.harmless)


def test_all_of_them_can_be_wanted() -> None:
    scores, truths = columns(insult=[0.8, 0.016, 0.5]), columns(insult=[1, 1, 0])
    assert propose(scores, truths, recall=1.0, border=0.8).share == pytest.approx(0.02, abs=0.001)


def test_where_no_comment_has_a_label_nothing_is_asked() -> None:
    found = propose(columns(insult=[0.1]), columns(insult=[0]), recall=0.9, border=0.8)
    assert (1.0, {}, 0.0) == (found.share, found.found, found.harmless)


def test_what_was_not_scored_is_always_asked_about() -> None:
    nan = float("nan")
    found = propose(columns(insult=[nan, 0.4]), columns(insult=[1, 0]), recall=0.9, border=0.8)
    assert (1.0, {"insult": 1.0}) == (found.share, found.found)
