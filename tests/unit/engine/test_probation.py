from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.engine.probation import Probation, ProbationPolicy, decide

POLICY = ProbationPolicy(share=0.1, matches=50, comments=10_000)


@pytest.mark.parametrize(
    ("comments", "matches", "outcome"),
    [
        (500, 100, "demoted"),  # twice the share
        (500, 50, "goes_on"),  # the share itself
        (499, 50, "demoted"),
        (40, 40, "goes_on"),  # all of few
        (10_000, 1_000, "passed"),
        (10_000, 1_001, "demoted"),
    ],
)
def test_an_outlier_share_of_enough_matches_demotes(comments: int, matches: int, outcome: str) -> None:
    assert outcome == decide(POLICY, Probation(), comments, matches)[1]


@given(st.lists(st.tuples(st.integers(1, 500), st.floats(0, 1)), min_size=1, max_size=30))
def test_batches_of_any_size_are_counted_together(batches: list[tuple[int, float]]) -> None:
    state = Probation()
    for comments, share in batches:
        state, _ = decide(POLICY, state, comments, int(comments * share))
    assert sum(comments for comments, _ in batches) == state.comments
    assert sum(int(comments * share) for comments, share in batches) == state.matches
